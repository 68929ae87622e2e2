// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include "core/base/result.h"
#include "core/engine/engine.h"

namespace sluice::ui {

/// Everything that the journal holds of one rollout, with the hashes of its chain, as JSON. Times are UTC and say so.
QByteArray evidenceJson(const engine::RolloutHistory& history);
/// "checkout-production-r-20261121-140000-1f3a.json": a name that every file system takes.
QString evidenceFileName(const QString& service, const QString& environment, const QString& id);
/// Blocks. The file appears whole or not at all; what was there before stays until then.
Result<Done> writeWhole(const QString& path, const QByteArray& bytes);

} // namespace sluice::ui
