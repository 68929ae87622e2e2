// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions/commit_guard.h"

namespace sluice::ui {

CommitGuard::CommitGuard(QObject* parent)
    : QObject(parent)
{
    m_calm.setSingleShot(true);
    m_calm.setInterval(kCalmMs);
    connect(&m_calm, &QTimer::timeout, this, &CommitGuard::calmPassed);
}

void CommitGuard::arm()
{
    const bool before = locked();
    m_calm.stop();
    m_armed = true;
    if (!before) emit lockedChanged(true);
}

void CommitGuard::disarm()
{
    if (!m_armed) return;
    m_armed = false;
    m_calm.start();
}

void CommitGuard::calmPassed()
{
    m_calm.stop();
    if (!m_armed) emit lockedChanged(false);
}

} // namespace sluice::ui
