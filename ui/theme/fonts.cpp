// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/fonts.h"

#include <QFontDatabase>
#include <QResource>

namespace sluice::ui {

namespace {

QFont face(const QString& family, int px, QFont::Weight weight)
{
    QFont font;
    // State shapes (▲ ◆ ✓ ▶) live in the mono face; naming it keeps the fallback the same on every machine.
    font.setFamilies({family, QStringLiteral("JetBrains Mono")});
    font.setPixelSize(px);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace

QStringList loadFonts()
{
    QStringList missing;
    for (const auto* name :
         {"Roboto-Regular.ttf", "Roboto-Medium.ttf", "Roboto-Bold.ttf", "JetBrainsMono-Regular.ttf"}) {
        const QString path = QStringLiteral(":/fonts/") + QLatin1String(name);
        const QResource resource(path);
        // Raw data: the bytes stay in the program's read-only pages instead of on the heap.
        const auto bytes = QByteArray::fromRawData(reinterpret_cast<const char*>(resource.data()),
                                                   static_cast<qsizetype>(resource.size()));
        if (bytes.isEmpty() || QFontDatabase::addApplicationFontFromData(bytes) < 0) missing << path;
    }
    return missing;
}

QFont textFont(int px, QFont::Weight weight)
{
    return face(QStringLiteral("Roboto"), px, weight);
}

QFont monoFont(int px, QFont::Weight weight)
{
    return face(QStringLiteral("JetBrains Mono"), px, weight);
}

} // namespace sluice::ui
