// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QPointer>
#include <QString>
#include <QStringList>
#include <QTimer>

#include "ui/emergency/emergency_presenter.h"

class QLabel;
class QLineEdit;

namespace sluice::ui {

class ActionButton;
class CommitGuard;

/// Arm, then fire: over any screen, in two keystrokes, without a dialog, an approval or a metric. Armed for fifteen
/// seconds; the reason is asked afterwards. While it is armed, and for two seconds after, nothing else can be
/// committed (CommitGuard).
class EmergencyStrip : public QFrame {
    Q_OBJECT

public:
    static constexpr int kArmedSeconds = 15;

    EmergencyStrip(CommitGuard& guard, QWidget* over);

    /// The live rollouts, most urgent first, and what stops hold. What is selected stays selected.
    void present(const QList<EmergencyTarget>& targets, const QList<HeldService>& held);
    /// Which one to offer first, e.g. the one on the screen; empty = the most urgent.
    void prefer(const QString& rollout);

    bool armed() const { return m_state == State::Armed; }
    /// Lies over the top of `area`.
    void placeOver(const QRect& area);

public slots:
    /// Everything live at once instead of one rollout.
    void armAll();
    void arm();
    void fire();
    void disarm();
    /// What came of firing beside an engine that does not drive: `words` say for each target how many proxies were read
    /// back at zero, and of each that was not why and what a person does by hand. Comes back for what is left to do
    /// when it was closed. False: not shown, because it is armed again or was closed and all is done.
    bool showAnswer(bool complete, const QString& words);
    /// One second of the countdown is over (the timer calls this; tests may too).
    void secondPassed();

signals:
    void armedChanged(bool armed);
    void fireAsked(const QString& rollout);
    void stopAllAsked();
    void reasonGiven(const QString& rollout, const QString& reason);
    /// The stop that was left is to be cleared; empty = all of them. The strip has closed.
    void clearStopAsked(const QString& rollout);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    enum class State { Hidden, Armed, Fired };
    void build();
    void begin(bool all);
    void showState();
    void showArmed();
    void showFired();
    void select(qsizetype target);
    void giveReason();
    void askClear();
    QList<EmergencyTarget> concerned() const;
    QStringList toldWhy() const;
    QString outcomeOfAll() const;
    QString outcome() const;
    QString stopWords() const;
    void hideStrip();
    const EmergencyTarget* selected() const;

    CommitGuard& m_guard;
    State m_state{State::Hidden};
    bool m_all{false};
    int m_left{0};
    QList<EmergencyTarget> m_targets{};
    QList<HeldService> m_held{};
    QStringList m_safeBefore{}; ///< rollouts whose traffic was at zero already when everything was stopped
    QStringList m_heldBefore{}; ///< targets that a stop held already then
    QString m_selected{};
    QString m_preferred{};
    QString m_answer{}; ///< with its mark; empty until it came
    QRect m_area{};
    QPointer<QWidget> m_focusBefore{};
    QTimer m_second{};
    QLabel* m_pill;
    QLabel* m_title;
    QLabel* m_service;
    QLabel* m_environment;
    QLabel* m_versions;
    QLabel* m_steps;
    QLabel* m_skips;
    QLabel* m_others;
    QLineEdit* m_reason;
    ActionButton* m_clear;
    ActionButton* m_keep;
    ActionButton* m_disarm;
    ActionButton* m_fire;
};

} // namespace sluice::ui
