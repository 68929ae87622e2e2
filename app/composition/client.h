// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/engine/snapshot.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"
#include "core/rollout/command.h"

namespace sluice::app {

/// A program that does not drive: it reads the driver's live picture and asks through the inbox. One thread; blocks.
class Client {
public:
    Client(ports::Journal& journal, ports::SampleStore& samples, const ports::Clock& clock)
        : m_journal(&journal)
        , m_samples(&samples)
        , m_clock(&clock)
    {
    }

    /// The driver's newest picture with its age; Unreachable when there is none.
    struct Picture {
        engine::Snapshot snapshot{};
        Duration age{0};
    };
    Result<Picture> picture();

    /// An engine that has just started needs a moment to read the world and to take the lease.
    static constexpr Duration kAnswerLimit = ports::kRequestLife;

    /// Puts the request into the inbox and waits up to `limit` for the answer, then for a picture that shows what was
    /// done. The text of an acceptance, Refused with the driver's reason, or Unreachable when nobody who drives answers
    /// (then the request is withdrawn).
    Result<std::string> ask(const rollout::Command& command, const rollout::Actor& actor,
                            Duration limit = kAnswerLimit);

    ports::Journal& journal() { return *m_journal; }
    ports::SampleStore& samples() { return *m_samples; }

private:
    Result<std::string> waitForAnswer(const std::string& id, Duration limit);
    Result<std::string> withdraw(const std::string& id);
    void waitForPicture();
    bool pictureIsCurrent();

    ports::Journal* m_journal;
    ports::SampleStore* m_samples;
    const ports::Clock* m_clock;
    std::map<std::string, std::shared_ptr<const Playbook>> m_playbooks{};
    int m_asked{0};
};

} // namespace sluice::app
