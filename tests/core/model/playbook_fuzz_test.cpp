// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <functional>

#include <rapidcheck.h>

#include "core/model/connections.h"
#include "core/model/yaml_tree.h"
#include "tests/core/model/read_playbook.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// Pieces that mean something to YAML or to the reader; random bytes alone are refused too early.
const std::vector<std::string> kPieces{"\n",
                                       "  ",
                                       "- ",
                                       "{",
                                       "}",
                                       "[",
                                       "]",
                                       ": ",
                                       ", ",
                                       "'",
                                       "\"",
                                       "|\n",
                                       "#",
                                       "&a ",
                                       "*a",
                                       "!t ",
                                       "<<: ",
                                       "---\n",
                                       "...\n",
                                       "? ",
                                       "%TAG ",
                                       "${",
                                       "}",
                                       "$track",
                                       "100%",
                                       "0%",
                                       "-1",
                                       "99999999999999999999",
                                       "15m",
                                       "1e9",
                                       "~",
                                       "null",
                                       "true",
                                       "weight: ",
                                       "metric: ",
                                       "stages:\n",
                                       "score:\n",
                                       "parts:\n",
                                       "\xC3",
                                       "\xE2\x80\xAE",
                                       "\t",
                                       "\r",
                                       std::string(1, '\0')};

/// One edit at a random place: insert a piece, remove some bytes, copy a stretch, change one byte.
void mutate(std::string& text)
{
    const auto at = *rc::gen::inRange<size_t>(0, text.size() + 1);
    const auto length = std::min(*rc::gen::inRange<size_t>(0, 40), text.size() - at);
    switch (*rc::gen::inRange(0, 4)) {
    case 0: text.insert(at, *rc::gen::elementOf(kPieces)); break;
    case 1: text.erase(at, length); break;
    case 2: text.insert(*rc::gen::inRange<size_t>(0, text.size() + 1), text.substr(at, length)); break;
    default:
        if (at < text.size()) text[at] = *rc::gen::arbitrary<char>();
    }
}

/// A value that keeps its promises, or problems that say something and lie inside the text.
void checkAnswer(const std::string& text)
{
    const auto read = readPlaybook(text, "p.yaml");
    if (read.index() == 0) {
        const Playbook& playbook = std::get<0>(read);
        RC_ASSERT(!playbook.stages.empty());
        RC_ASSERT(playbook.stages.back().weight == Weight::full());
        for (const Trigger& trigger : playbook.triggers)
            RC_ASSERT(playbook.metric(trigger.when.metric) != nullptr);
        lintPlaybook(playbook, "p.yaml");
        return;
    }
    const auto& problems = std::get<1>(read);
    const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
    RC_ASSERT(!problems.empty() && problems.size() <= size_t{50});
    for (const Problem& problem : problems) {
        RC_ASSERT(!problem.message.empty());
        RC_ASSERT(problem.line >= 0 && problem.line <= lines);
    }
}

} // namespace

class PlaybookFuzzTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { qputenv("RC_PARAMS", "max_success=300"); }

    void randomBytesAreAnswered()
    {
        QVERIFY(rc::check("random bytes", [] {
            const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
            checkAnswer(text);
            RC_ASSERT(readConnections(text, "c.yaml", "/").index() == 1);
        }));
    }

    void randomPiecesOfYamlAreAnswered()
    {
        QVERIFY(rc::check("random pieces", [] {
            const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces));
            std::string text;
            for (const std::string& piece : pieces)
                text += piece;
            checkAnswer(text);
            RC_ASSERT(readConnections(text, "c.yaml", "/").index() == 1);
        }));
    }

    void aDamagedBuiltInIsAnswered_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const BuiltInPlaybook& playbook : builtInPlaybooks()) {
            const QByteArray name(playbook.name.data(), static_cast<qsizetype>(playbook.name.size()));
            QTest::newRow(name.constData()) << name;
        }
    }
    void aDamagedBuiltInIsAnswered()
    {
        QFETCH(QByteArray, name);
        const std::string whole = builtIn(name.toStdString());
        QVERIFY(rc::check("damaged", [&] {
            std::string text = whole;
            const auto edits = *rc::gen::inRange(1, 6);
            for (int i = 0; i < edits; ++i)
                mutate(text);
            checkAnswer(text);
        }));
    }

    void aBuiltInCutAnywhereIsAnswered()
    {
        const std::string whole = builtIn("avalo-staging");
        for (size_t length = 0; length < whole.size(); length += 13) {
            const auto read = readPlaybook(whole.substr(0, length), "p.yaml");
            QVERIFY(read.index() == 0 || !std::get<1>(read).empty());
        }
    }
};

QTEST_APPLESS_MAIN(PlaybookFuzzTest)
#include "playbook_fuzz_test.moc"
