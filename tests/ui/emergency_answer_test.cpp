// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QLineEdit>

#include "tests/ui/console_stand.h"
#include "ui/shell/notice.h"
#include "ui/shell/status_presenter.h"

using namespace sluice;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::ConsoleStand;

namespace {

constexpr auto kArm = Qt::ControlModifier | Qt::ShiftModifier;
const char* const kProof = "checkout/production: 2 of 2 proxies verified at zero in 38 ms.";
const char* const kLeft = "checkout/production: 1 of 2 proxies verified at zero in 2001 ms.\n"
                          "edge-2 is not verified: no answer in time (/run/edge-2.sock). By hand:\n"
                          "  echo 'set maxconn' | socat stdio /run/edge-2.sock";

QString wordsOf(const QWidget& widget)
{
    QStringList words;
    for (const QLabel* label : widget.findChildren<QLabel*>())
        if (label->isVisible()) words << label->text();
    return words.join(QLatin1Char('|')).replace(QChar(0x00A0), QLatin1Char(' '));
}

/// An emergency fired in a console; `answer` is what the engine behind it says.
struct FiredConsole : ConsoleStand {
    FiredConsole(support::Scene scene, Result<std::string> answer, Qt::Key armedBy = Qt::Key_R)
        : ConsoleStand(scene)
    {
        engine.answer = std::move(answer);
        key(armedBy, kArm);
        key(Qt::Key_Return, Qt::ControlModifier);
    }
    QString strip() const { return wordsOf(window.emergency()); }
    QString notice() const
    {
        const auto* shown = find<ui::Notice>("notice");
        return shown->isVisible() ? shown->text() : QString();
    }
};

Error unreachable(const char* words)
{
    return {Fault::Unreachable, words};
}

/// A fleet whose driver said this long ago what it knows.
engine::Snapshot observed(Duration ago)
{
    engine::Snapshot snapshot = *support::sampleSnapshot(support::Scene::Observing);
    snapshot.engine.renewedAgo = ago;
    return snapshot;
}

} // namespace

class EmergencyAnswerTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void anObserverSeesWhatWasReadBackAndThatNobodyAcceptedIt()
    {
        const FiredConsole console(support::Scene::Observing, std::string(kProof));
        const QString words = console.strip();
        QVERIFY2(words.contains(QStringLiteral("✓ ") + QLatin1String(kProof)), qPrintable(words));
        QVERIFY2(!words.contains(QStringLiteral("Asked:")), qPrintable(words));
        QCOMPARE(console.notice(), QString());
    }

    void aProxyThatIsNotVerifiedIsNamedWithWhatAPersonDoes()
    {
        const FiredConsole console(support::Scene::Observing, unreachable(kLeft));
        const QString words = console.strip();
        QVERIFY2(words.contains(QStringLiteral("◆ ") + QLatin1String(kLeft)), qPrintable(words));
        QVERIFY2(!words.contains(QStringLiteral("✓")), qPrintable(words));
    }

    void aStopOfEverythingShowsItsProofToo()
    {
        const FiredConsole console(support::Scene::Observing, std::string(kProof), Qt::Key_E);
        QVERIFY2(console.strip().contains(QLatin1String(kProof)), qPrintable(console.strip()));
    }

    void whatTheDriverSeesLaterStandsUnderTheProof()
    {
        FiredConsole console(support::Scene::Observing, std::string(kProof));
        auto later = std::make_shared<engine::Snapshot>(*support::sampleSnapshot(support::Scene::Observing));
        auto view = std::make_shared<engine::RolloutView>(*later->rollouts.front());
        view->state.phase = rollout::Phase::RollingBack;
        view->state.rollback = rollout::RollbackProgress{.cause = rollout::RollbackCause::Emergency,
                                                         .by = PersonId("lead"),
                                                         .decidedAt = later->now.wall - milliseconds(900),
                                                         .verifiedAfter = milliseconds(38)};
        later->rollouts.front() = view;
        console.engine.publish(later);
        test::settle();
        const QString words = console.strip();
        QVERIFY2(words.contains(QLatin1String(kProof)), qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("✓ Users are safe: verified at zero after 0.04 s")), qPrintable(words));
    }

    void theNextEmergencyStartsWithoutTheProofOfTheLast()
    {
        FiredConsole console(support::Scene::Observing, std::string(kProof));
        console.key(Qt::Key_Escape);
        console.key(Qt::Key_R, kArm);
        QVERIFY2(!console.strip().contains(QLatin1String(kProof)), qPrintable(console.strip()));
    }

    void theStripComesBackForWhatIsLeftToDoByHand()
    {
        FiredConsole console(support::Scene::Observing, std::string(kProof));
        console.key(Qt::Key_Escape);
        QVERIFY(!console.window.emergency().isVisible());
        emit console.bridge.emergencyAnswered(QStringLiteral("emergency rollback"), true, QLatin1String(kProof));
        QVERIFY(!console.window.emergency().isVisible());
        QCOMPARE(console.notice(), QStringLiteral("✓ ") + QLatin1String(kProof));
        emit console.bridge.emergencyAnswered(QStringLiteral("emergency rollback"), false, QLatin1String(kLeft));
        QVERIFY(console.window.emergency().isVisible());
        QVERIFY2(console.strip().contains(QStringLiteral("edge-2 is not verified")), qPrintable(console.strip()));
    }

    void aDriverThatRefusesSaysSoInTheStrip()
    {
        const FiredConsole console(support::Scene::Live, unreachable("The lease could not be renewed; holding."));
        QVERIFY2(console.strip().contains(QStringLiteral("◆ The lease could not be renewed")),
                 qPrintable(console.strip()));
        QVERIFY2(console.notice().contains(QStringLiteral("Refused")), qPrintable(console.notice()));
    }

    void theWarningThatTheDriverHangsStandsOverTheStrip()
    {
        FiredConsole console(support::Scene::Observing, std::string(kProof));
        console.engine.publish(std::make_shared<engine::Snapshot>(observed(seconds(12))));
        test::settle();
        const auto* banner = console.find<QLabel>("banner");
        QVERIFY(banner->isVisible());
        const int foot = banner->mapTo(&console.window, banner->rect().bottomLeft()).y();
        QVERIFY(console.window.emergency().y() > foot);
    }

    void sourcesThatNobodyLooksAtAreNotAccused()
    {
        const auto parts = [](Duration ago) {
            QStringList words;
            for (const auto& part : ui::statusStrip(observed(ago), test::formats()).sources)
                words << part.text;
            return words.join(QLatin1Char('|')).replace(QChar(0x00A0), QLatin1Char(' '));
        };
        QVERIFY2(parts(seconds(2)).contains(QStringLiteral("Proxies")), qPrintable(parts(seconds(2))));
        QCOMPARE(parts(seconds(12)), QStringLiteral("◌ Metrics and proxies were last looked at 12 s ago"));
    }
};

SLUICE_UI_TEST_MAIN(EmergencyAnswerTest)
#include "emergency_answer_test.moc"
