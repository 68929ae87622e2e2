// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include <QtTest>

#include <nlohmann/json.hpp>

#include "core/journal/command_codec.h"
#include "core/journal/command_fields.h"
#include "core/rollout/ask_target.h"
#include "tests/core/journal/random_fields.h"

using namespace sluice;
using namespace sluice::journal;
using nlohmann::json;
using rollout::Command;

namespace {

constexpr uint32_t kSeeds = 50;

std::vector<Command> commandsOf(uint32_t seed)
{
    return oneOfEach(static_cast<const Command*>(nullptr), seed);
}

std::string errorOf(const std::string& text)
{
    const auto read = decodeCommand(text);
    if (read) return {};
    return read.error().fault == Fault::BadInput ? read.error().detail : "another fault";
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class CodecCommandTest : public QObject {
    Q_OBJECT

private slots:
    void everyCommandComesBackAsItWas()
    {
        for (uint32_t seed = 0; seed < kSeeds; ++seed) {
            for (const Command& command : commandsOf(seed)) {
                const std::string text = encodeCommand(command);
                const auto read = decodeCommand(text);
                QVERIFY2(read.ok(), text.c_str());
                QVERIFY2(read.value() == command, text.c_str());
                QCOMPARE(encodeCommand(read.value()), text);
            }
        }
    }

    void everyCommandHasANameOfItsOwn()
    {
        std::set<std::string_view> names;
        const auto commands = commandsOf(1);
        for (const Command& command : commands)
            names.insert(rollout::commandName(command));
        QCOMPARE(names.size(), commands.size());
    }

    void theBytesAreCanonical()
    {
        const Command command = rollout::Pause{.rollout = RolloutId("r-1"), .reason = "lunch"};
        QCOMPARE(QByteArray::fromStdString(encodeCommand(command)),
                 QByteArray(R"({"command":"pause","fields":{"reason":"lunch","rollout":"r-1"},"schema":1})"));
    }

    void aMissingFieldIsNamed()
    {
        for (const Command& command : commandsOf(3)) {
            const json whole = json::parse(encodeCommand(command));
            for (const auto& [key, value] : whole["fields"].items()) {
                json less = whole;
                less["fields"].erase(key);
                const std::string error = errorOf(less.dump());
                QVERIFY2(contains(error, "\"fields." + key + "\" is missing"), error.c_str());
            }
        }
    }

    void aTextThatIsNoRequestIsBadInput_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("not JSON") << QByteArray("hello") << QByteArray("no JSON object");
        QTest::newRow("a list") << QByteArray("[]") << QByteArray("no JSON object");
        QTest::newRow("no name") << QByteArray(R"({"fields":{},"schema":1})") << QByteArray("\"command\" is missing");
        QTest::newRow("unknown") << QByteArray(R"({"command":"fly","fields":{},"schema":1})") << QByteArray("\"fly\"");
        QTest::newRow("no fields") << QByteArray(R"({"command":"pause","schema":1})") << QByteArray("\"fields\"");
        QTest::newRow("fields no object")
            << QByteArray(R"({"command":"pause","fields":3,"schema":1})") << QByteArray("\"fields\" is no object");
        QTest::newRow("newer") << QByteArray(R"({"command":"pause","fields":{},"schema":2})") << QByteArray("schema 2");
        QTest::newRow("more") << QByteArray(R"({"command":"pause","extra":1,"fields":{},"schema":1})")
                              << QByteArray("\"extra\" is not known");
    }

    void aTextThatIsNoRequestIsBadInput()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const std::string error = errorOf(text.toStdString());
        QVERIFY2(contains(error, says.toStdString()), error.c_str());
    }
};

QTEST_APPLESS_MAIN(CodecCommandTest)
#include "codec_command_test.moc"
