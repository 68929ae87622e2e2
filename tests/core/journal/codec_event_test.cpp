// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include <QtTest>

#include <nlohmann/json.hpp>

#include "core/journal/event_codec.h"
#include "core/journal/event_fields.h"
#include "core/journal/rollout_codec.h"
#include "tests/core/journal/random_fields.h"

using namespace sluice;
using namespace sluice::journal;
using nlohmann::json;
using rollout::Event;

namespace {

constexpr uint32_t kSeeds = 50;

std::vector<Event> eventsOf(uint32_t seed)
{
    return oneOfEach(static_cast<const Event*>(nullptr), seed);
}

std::string errorOf(const EncodedEvent& stored)
{
    const auto read = decodeEvent(stored.type, stored.schema, stored.body);
    return read ? std::string() : read.error().detail;
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class CodecEventTest : public QObject {
    Q_OBJECT

private slots:
    void everyEventComesBackAsItWas()
    {
        for (uint32_t seed = 0; seed < kSeeds; ++seed) {
            for (const Event& event : eventsOf(seed)) {
                const EncodedEvent stored = encodeEvent(event);
                const auto read = decodeEvent(stored.type, stored.schema, stored.body);
                QVERIFY2(read.ok(), errorOf(stored).c_str());
                QVERIFY2(read.value() == event, stored.body.c_str());
                QCOMPARE(QByteArray::fromStdString(encodeEvent(read.value()).body),
                         QByteArray::fromStdString(stored.body));
            }
        }
    }

    void everyEventHasANameOfItsOwn()
    {
        std::set<std::string_view> names;
        const auto events = eventsOf(1);
        for (const Event& event : events)
            names.insert(rollout::eventName(event));
        QCOMPARE(names.size(), events.size());
    }

    void theBytesAreCanonical()
    {
        const Event event = rollout::StageEntered{.stage = 1, .weight = *Weight::parse(1000), .because = "ready"};
        QCOMPARE(QByteArray::fromStdString(encodeEvent(event).body),
                 QByteArray(R"({"because":"ready","stage":1,"weight":1000})"));
    }

    void aMissingFieldIsNamed()
    {
        for (const Event& event : eventsOf(7)) {
            const EncodedEvent stored = encodeEvent(event);
            const json whole = json::parse(stored.body);
            for (const auto& [key, value] : whole.items()) {
                json less = whole;
                less.erase(key);
                const std::string error = errorOf({stored.type, stored.schema, less.dump()});
                QVERIFY2(contains(error, stored.type) && contains(error, "\"" + key + "\" is missing"), error.c_str());
            }
        }
    }

    void anUnknownFieldIsNamed()
    {
        for (const Event& event : eventsOf(8)) {
            const EncodedEvent stored = encodeEvent(event);
            json more = json::parse(stored.body);
            more["zebra"] = 1;
            const std::string error = errorOf({stored.type, stored.schema, more.dump()});
            QVERIFY2(contains(error, "\"zebra\" is not known"), error.c_str());
        }
    }

    void aBodyOfAnotherKindIsRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("a float") << QByteArray(R"({"credit_us":1.5,"stage":0})") << QByteArray("whole number");
        QTest::newRow("a text") << QByteArray(R"({"credit_us":"1","stage":0})") << QByteArray("whole number");
        QTest::newRow("beyond int") << QByteArray(R"({"credit_us":1,"stage":4294967296})")
                                    << QByteArray("out of range");
        QTest::newRow("beyond int64") << QByteArray(R"({"credit_us":18446744073709551615,"stage":0})")
                                      << QByteArray("whole number");
        QTest::newRow("a list") << QByteArray("[]") << QByteArray("no object");
        QTest::newRow("not JSON") << QByteArray("{") << QByteArray("not JSON");
        QTest::newRow("nothing") << QByteArray("") << QByteArray("not JSON");
    }

    void aBodyOfAnotherKindIsRefused()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, says);
        const std::string error = errorOf({"bake_credited", 1, body.toStdString()});
        QVERIFY2(contains(error, says.toStdString()), error.c_str());
    }

    void anUnknownTypeOrSchemaIsAnError()
    {
        QVERIFY(contains(errorOf({"weight_guessed", 1, "{}"}), "weight_guessed"));
        QVERIFY(contains(errorOf({"bake_done", 2, R"({"stage":0})"}), "schema 2"));
    }

    void aWeightAboveFullAndAnUnknownNameAreRefused()
    {
        QVERIFY(contains(errorOf({"stage_entered", 1, R"({"because":"","stage":0,"weight":10001})"}), "\"weight\""));
        QVERIFY(contains(errorOf({"step_changed", 1, R"({"note":"","state":"gone","step":0,"took_us":0})"}),
                         "unknown value \"gone\""));
    }

    void anActorComesBackAsItWas()
    {
        const rollout::Actor actor{.person = PersonId("ana"), .roles = {"release-manager", "qa"}, .proof = "asserted"};
        const auto read = decodeActor(encodeActor(actor));
        QVERIFY(read.ok());
        QVERIFY(read.value() == actor);
        QVERIFY(!decodeActor(R"({"person":"ana"})").ok());
    }

    void theWholeStateComesBackAsItWas()
    {
        const rollout::Rollout empty{};
        const auto first = decodeRollout(encodeRollout(empty));
        QVERIFY(first.ok());
        QVERIFY(first.value() == empty);

        rollout::Rollout state{.id = RolloutId("r-1"), .version = 9, .phase = rollout::Phase::RollingBack};
        state.stages.resize(3);
        state.stages[1].appliedAt = wallTime(5);
        state.approval = rollout::ApprovalRound{.digest = "abc", .evidence = "{}"};
        state.ticked["logs"] = {.by = PersonId("ana"), .at = wallTime(3), .note = "seen"};
        state.cooldownUntil["error_rate-1"] = wallTime(77);
        state.rollback = rollout::RollbackProgress{.cause = rollout::RollbackCause::Score, .steps = {{}, {}}};
        const auto read = decodeRollout(encodeRollout(state));
        QVERIFY2(read.ok(), read ? "" : read.error().detail.c_str());
        QVERIFY(read.value() == state);
    }
};

QTEST_APPLESS_MAIN(CodecEventTest)
#include "codec_event_test.moc"
