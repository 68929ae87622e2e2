// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

namespace sluice::ui {

/// While the emergency strip is armed, and two seconds after it was disarmed, no other control may commit anything:
/// the key that was meant to fire must not approve (details of the keys: ui/README.md).
class CommitGuard : public QObject {
    Q_OBJECT

public:
    static constexpr int kCalmMs = 2000;

    explicit CommitGuard(QObject* parent = nullptr);
    bool locked() const { return m_armed || m_calm.isActive(); }

    void arm();
    void disarm();

public slots:
    /// The calm time is over (the timer calls this; tests may too).
    void calmPassed();

signals:
    void lockedChanged(bool locked);

private:
    bool m_armed{false};
    QTimer m_calm{};
};

} // namespace sluice::ui
