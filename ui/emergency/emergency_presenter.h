// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QList>
#include <QString>

#include "core/engine/snapshot.h"
#include "ui/bridge/text.h"

namespace sluice::ui {

/// One rollout that the strip can send back, and what firing does.
struct EmergencyTarget {
    QString rollout{};
    QString service{};
    QString environment{};
    QString versions{};    ///< "2.4.0 → 2.3.0"
    QString steps{};       ///< "Canary 10 % → 0 % on 2 proxies ≈ 0.05 s · then: redeploy 2.3.0 ≈ 60 s"
    QString skips{};       ///< what the emergency path leaves out
    bool returning{false}; ///< its rollback has begun
    QString outcome{};     ///< once it has: "Users are safe: verified at zero after 0.04 s"
    bool safe{false};
    QString stop{}; ///< the stop that is in force there, as a sentence; empty = none
};

/// A service that an emergency stop holds, live or not.
struct HeldService {
    QString target{};
    QString service{};
    QString environment{};
    QString rollout{}; ///< its newest one that the picture of the engine still has; may be empty
};

struct EmergencyPresenter {
    Q_DECLARE_TR_FUNCTIONS(EmergencyPresenter)

public:
    /// Everything live with exposure, most urgent first; what already goes back stays in the list to show how it went.
    static QList<EmergencyTarget> targets(const engine::Snapshot& snapshot, const Formats& formats);
    /// Every service with a stop in force, in the order of the fleet.
    static QList<HeldService> held(const engine::Snapshot& snapshot);
};

} // namespace sluice::ui
