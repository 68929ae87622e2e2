// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/engine_bridge.h"

#include <QCoreApplication>
#include <mutex>

#include "core/engine/engine.h"
#include "ui/bridge/text.h"
#include "ui/bridge/wish.h"

namespace sluice::ui {

namespace {

/// Reads for History and for the chain; more at once would only fight over one file.
constexpr int kReaders = 2;

} // namespace

/// Shared with the engine's callbacks, which may still run while the bridge goes away.
struct EngineBridge::Mailbox {
    std::mutex mutex{};
    EngineBridge* bridge{nullptr};                    // guarded by mutex; null once the bridge is gone
    std::shared_ptr<const engine::Snapshot> newest{}; // guarded by mutex
    bool wakeUpPending{false};                        // guarded by mutex
};

EngineBridge::EngineBridge(engine::Engine& engine, rollout::Actor me, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
    , m_me(std::move(me))
    , m_mailbox(std::make_shared<Mailbox>())
{
    m_pool.setMaxThreadCount(kReaders);
    m_mailbox->bridge = this;
    m_latest = m_engine.latest();
    m_subscription = m_engine.subscribe([mailbox = m_mailbox](std::shared_ptr<const engine::Snapshot> snapshot) {
        const std::scoped_lock lock(mailbox->mutex);
        mailbox->newest = std::move(snapshot);
        if (mailbox->bridge == nullptr || mailbox->wakeUpPending) return;
        mailbox->wakeUpPending = true;
        QMetaObject::invokeMethod(mailbox->bridge, &EngineBridge::deliver, Qt::QueuedConnection);
    });
}

EngineBridge::~EngineBridge()
{
    m_subscription.reset();
    {
        const std::scoped_lock lock(m_mailbox->mutex);
        m_mailbox->bridge = nullptr;
    }
    m_pool.waitForDone();
}

std::shared_ptr<const engine::Snapshot> EngineBridge::latest() const
{
    return m_latest;
}

void EngineBridge::finishReads()
{
    constexpr int kFollowUps = 8;
    for (int round = 0; round < kFollowUps; ++round) {
        m_pool.waitForDone();
        QCoreApplication::sendPostedEvents(this);
    }
}

void EngineBridge::submit(const Wish& wish)
{
    const QString what = wish.what;
    const auto answer = wish.emergency ? &EngineBridge::emergencyAnswered : &EngineBridge::answered;
    m_engine.submit(wish.command, m_me, [mailbox = m_mailbox, what, answer](const Result<std::string>& reply) {
        const bool accepted = reply.ok();
        const QString detail = text(accepted ? reply.value() : reply.error().detail);
        const std::scoped_lock lock(mailbox->mutex);
        EngineBridge* bridge = mailbox->bridge;
        if (bridge == nullptr) return;
        QMetaObject::invokeMethod(
            bridge, [bridge, what, accepted, detail, answer] { emit(bridge->*answer)(what, accepted, detail); },
            Qt::QueuedConnection);
    });
}

void EngineBridge::postTo(const std::shared_ptr<Mailbox>& mailbox, std::function<void()> act)
{
    const std::scoped_lock lock(mailbox->mutex);
    if (mailbox->bridge != nullptr) QMetaObject::invokeMethod(mailbox->bridge, std::move(act), Qt::QueuedConnection);
}

void EngineBridge::deliver()
{
    {
        const std::scoped_lock lock(m_mailbox->mutex);
        m_mailbox->wakeUpPending = false;
        m_latest = m_mailbox->newest;
    }
    ++m_wakeUps;
    emit snapshotChanged();
}

} // namespace sluice::ui
