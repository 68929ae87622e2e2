// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <functional>

#include "core/base/result.h"
#include "ui/bridge/text.h"

namespace sluice::engine {
class Engine;
}

namespace sluice::ui {

/// Renders every screen of the console into `directory` as PNG: dark and light, 1440×900 and 1024×700, and at
/// 1024×700 also in the long-text and the right-to-left language. Ages and times come from the engine's picture, so
/// the same picture gives the same bytes. Works without a display. Answers the files written. `only` names variants
/// ("dark", "light-small", …); empty = all.
Result<QStringList> renderScreens(engine::Engine& engine, const Formats& formats, const QString& directory,
                                  const QStringList& only = {});

/// Whether there are such variants; the error names those that there are.
Result<Done> checkVariants(const QStringList& only);

} // namespace sluice::ui
