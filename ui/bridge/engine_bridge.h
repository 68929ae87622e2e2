// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <functional>
#include <memory>

#include "core/rollout/command.h"

namespace sluice::engine {
class Engine;
class Subscription;
struct Snapshot;
} // namespace sluice::engine

namespace sluice::ui {

struct Wish;

/// The only class that crosses threads. Lives on the GUI thread and never waits there: of the engine's pictures the
/// newest wins and at most one wake-up is pending; questions that read the disk run on a pool of its own.
class EngineBridge : public QObject {
    Q_OBJECT

public:
    /// `engine` outlives the bridge. Wishes are asked in the name of `me`.
    EngineBridge(engine::Engine& engine, rollout::Actor me, QObject* parent = nullptr);
    /// Waits for a history read that is under way (they are short and bounded by the journal's page size).
    ~EngineBridge() override;

    const rollout::Actor& me() const { return m_me; }
    std::shared_ptr<const engine::Snapshot> latest() const;
    /// Wake-ups so far (tests count them).
    int wakeUps() const { return m_wakeUps; }

    /// Runs `read(const engine::Engine&)` (history, verification: they block) on the pool and then `show(answer)` on
    /// the GUI thread, unless `context` is gone by then.
    template <class Read, class Show>
    void ask(QObject* context, Read read, Show show)
    {
        const QPointer<QObject> alive(context);
        m_pool.start([&engine = std::as_const(m_engine), mailbox = m_mailbox, alive, read, show] {
            auto answer = std::make_shared<decltype(read(engine))>(read(engine));
            postTo(mailbox, [alive, show, answer] {
                if (alive) show(*answer);
            });
        });
    }

    /// Waits until every read that was asked for has answered, and the questions that follow from the answers.
    /// For pictures of screens; a window never waits.
    void finishReads();

public slots:
    /// Asks the engine; the answer comes as `answered`, that of an emergency as `emergencyAnswered`.
    void submit(const sluice::ui::Wish& wish);

signals:
    void snapshotChanged();
    /// `accepted` false: `detail` is one sentence that names what is legal.
    void answered(const QString& what, bool accepted, const QString& detail);
    /// As answered. Where this engine does not drive `accepted` means that every proxy was read back at zero and a stop
    /// is in force, and `detail` says so; otherwise it tells what is left.
    void emergencyAnswered(const QString& what, bool accepted, const QString& detail);

private:
    struct Mailbox;
    static void postTo(const std::shared_ptr<Mailbox>& mailbox, std::function<void()> act);
    void deliver();

    engine::Engine& m_engine;
    rollout::Actor m_me;
    QThreadPool m_pool{};
    std::shared_ptr<Mailbox> m_mailbox;
    std::unique_ptr<engine::Subscription> m_subscription;
    std::shared_ptr<const engine::Snapshot> m_latest{};
    int m_wakeUps{0};
};

} // namespace sluice::ui
