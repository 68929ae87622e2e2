// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QFile>
#include <QLabel>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <algorithm>

#include "core/model/playbook_reader.h"
#include "tests/ui/console_stand.h"
#include "tests/ui/walk.h"
#include "ui/first_run/first_run_window.h"
#include "ui/screens/pseudo_language.h"
#include "ui/widgets/action_button.h"

using namespace sluice;
using ui::FirstRunWindow;

namespace {

constexpr int kLongest = 10'000; ///< ms

/// The window over an engine that opens, or does not.
struct Stand {
    explicit Stand(Result<Done> answer = Done{})
        : window(formats,
                 [this, answer](const QString& connections, const FirstRunWindow::Played& played) -> Result<Done> {
                     played(std::chrono::minutes(12), std::chrono::minutes(62));
                     if (holds && !let.tryAcquire(1, kLongest)) return Error{Fault::Internal, "nobody let it go on"};
                     asked << (connections.isEmpty() ? QStringLiteral("demo") : connections);
                     return answer;
                 })
        , opened(&window, &FirstRunWindow::opened)
    {
        window.setTheme(ui::ThemeKind::Light);
        window.resize(1024, 700);
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window)) qFatal("the window does not become active");
        window.firstFocus()->setFocus();
        test::settle();
    }
    QString file(const QString& name, const QByteArray& bytes) const
    {
        QFile out(folder.filePath(name));
        return out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size() ? out.fileName() : QString();
    }
    QString title() const { return window.findChild<QLabel*>(QStringLiteral("first.answer.title"))->text(); }
    QString words() const
    {
        QStringList all;
        for (const QLabel* label : window.findChild<QWidget*>(QStringLiteral("first.answer"))->findChildren<QLabel*>())
            if (label->isVisible()) all << label->text();
        return all.join(QLatin1Char('|'));
    }

    bool holds{false}; ///< the opener goes on when `let` does
    QSemaphore let{0};
    QTemporaryDir folder{};
    ui::Formats formats{test::formats()};
    QStringList asked{};
    FirstRunWindow window;
    QSignalSpy opened;
};

QByteArray sample()
{
    return ui::sampleConnections().toUtf8();
}

} // namespace

class FirstRunTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void theSampleIsAConnectionsFileWithoutMistakes()
    {
        const auto answer =
            ui::checkConnections(sample().toStdString(), QStringLiteral("/etc/sluice/connections.yaml"));
        QVERIFY2(answer.good,
                 qPrintable(answer.shown.problems.rows.isEmpty() ? answer.shown.title
                                                                 : answer.shown.problems.rows.first().last().text));
    }

    void theDemoIsOneKeyAway()
    {
        Stand stand;
        QTest::keyClick(&stand.window, Qt::Key_D);
        QTRY_COMPARE(stand.opened.size(), 1);
        QCOMPARE(stand.asked, QStringList{QStringLiteral("demo")});
    }

    void whileTheDemoIsOpenedTheWindowLivesAndSaysSo()
    {
        Stand stand;
        stand.holds = true;
        QTest::keyClick(&stand.window, Qt::Key_D);
        QTRY_VERIFY2(stand.words().contains(QLatin1String("minute 12 of 62")), qPrintable(stand.words()));
        QCOMPARE(stand.title(), QStringLiteral("Opening the demo…"));
        for (const auto* button : stand.window.findChildren<ui::ActionButton*>())
            QVERIFY2(!button->isEnabled(), qPrintable(button->objectName()));
        QTest::keyClick(&stand.window, Qt::Key_D);
        QVERIFY(stand.opened.isEmpty());
        stand.let.release();
        QTRY_COMPARE(stand.opened.size(), 1);
        QCOMPARE(stand.asked, QStringList{QStringLiteral("demo")});
        for (const auto* button : stand.window.findChildren<ui::ActionButton*>())
            QVERIFY2(button->isEnabled(), qPrintable(button->objectName()));
    }

    void aGoodConnectionsFileIsOpened()
    {
        Stand stand;
        const QString path = stand.file(QStringLiteral("connections.yaml"), sample());
        stand.window.openConnections(path);
        QTRY_COMPARE(stand.opened.size(), 1);
        QCOMPARE(stand.asked, QStringList{path});
    }

    void mistakesAreShownWithLineAndColumnAndNothingIsOpened()
    {
        Stand stand;
        const QString path =
            stand.file(QStringLiteral("connections.yaml"), sample().replace("[edge-1, edge-2]", "[edge-1, edge-3]"));
        stand.window.openConnections(path);
        QTRY_VERIFY(stand.title().contains(QStringLiteral("has mistakes")));
        const qsizetype line = sample().left(sample().indexOf("edge-1, edge-2")).count('\n') + 1;
        QVERIFY2(stand.words().contains(QStringLiteral("|%1|").arg(line)), qPrintable(stand.words()));
        QVERIFY2(stand.words().contains(QStringLiteral("edge-3")), qPrintable(stand.words()));
        QVERIFY(stand.asked.isEmpty());
        QVERIFY(stand.window.findChild<ui::ActionButton*>(QStringLiteral("first.demo"))->isEnabled());
    }

    void whatTheEngineSaysAgainstAFileIsShown()
    {
        Stand stand(Error{Fault::Unreachable, "journal.db is locked by a process on another machine."});
        stand.window.openConnections(stand.file(QStringLiteral("connections.yaml"), sample()));
        QTRY_VERIFY(stand.words().contains(QStringLiteral("journal.db is locked")));
        QCOMPARE(stand.opened.size(), 0);
    }

    void aFileThatIsNotThereIsAnAnswer()
    {
        Stand stand;
        stand.window.openPlaybook(stand.folder.filePath(QStringLiteral("nothing.yaml")));
        QTRY_VERIFY(stand.title().contains(QStringLiteral("nothing.yaml could not be opened")));
    }

    void aPlaybookShowsItsStages()
    {
        const auto& plan = builtInPlaybooks().front();
        const auto answer = ui::checkPlaybook(std::string(plan.text), QStringLiteral("plan.yaml"), test::formats());
        QVERIFY(answer.title.startsWith(QStringLiteral("✓")));
        QVERIFY(answer.rail.stages.size() > 1);
        QCOMPARE(answer.rail.stages.last().title, QStringLiteral("100\u00A0%"));
    }

    void aPlaybookWithAMistakeSaysWhere()
    {
        const auto answer =
            ui::checkPlaybook("playbook: x\nstrategy: canry\n", QStringLiteral("x.yaml"), test::formats());
        QVERIFY(answer.rail.stages.isEmpty());
        const bool named = std::ranges::any_of(answer.problems.rows, [](const auto& row) {
            return row.first().text == QStringLiteral("2") && row.last().text.contains(QStringLiteral("canry"));
        });
        QVERIFY(named);
    }

    void theSampleIsCopiedByKey()
    {
        Stand stand;
        QTest::keyClick(&stand.window, Qt::Key_C);
        QCOMPARE(QApplication::clipboard()->text(), ui::sampleConnections());
        QVERIFY(stand.title().startsWith(QStringLiteral("✓")));
    }

    void tabReachesEverything()
    {
        Stand stand;
        QSet<QWidget*> seen;
        for (int step = 0; step < 20; ++step) {
            seen.insert(QApplication::focusWidget());
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        for (const char* name : {"first.demo", "first.connections", "first.playbook", "first.copy", "first.sample"})
            QVERIFY2(seen.contains(stand.window.findChild<QWidget*>(QLatin1String(name))), name);
    }

    void everythingHasANameAndNothingIsCut_data()
    {
        QTest::addColumn<bool>("longText");
        QTest::addColumn<bool>("mirrored");
        QTest::newRow("English") << false << false;
        QTest::newRow("long text") << true << false;
        QTest::newRow("right to left") << true << true;
    }
    void everythingHasANameAndNothingIsCut()
    {
        QFETCH(bool, longText);
        QFETCH(bool, mirrored);
        ui::PseudoLanguage language;
        if (longText) QApplication::installTranslator(&language);
        Stand stand;
        stand.window.setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
        stand.window.present(ui::checkConnections("targets: 5\n", QStringLiteral("broken.yaml")).shown);
        test::settle();
        const QStringList found = test::unnamed(&stand.window) + test::clipped(&stand.window) +
                                  test::tooSmall(&stand.window) + test::silentlyDisabled(&stand.window);
        QApplication::removeTranslator(&language);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
    }
};

SLUICE_UI_TEST_MAIN(FirstRunTest)
#include "first_run_test.moc"
