// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sluice::test {

/// With plain spaces where the console's words must not be broken.
inline QString plain(QString text)
{
    return text.replace(QChar::Nbsp, QLatin1Char(' '));
}

} // namespace sluice::test
