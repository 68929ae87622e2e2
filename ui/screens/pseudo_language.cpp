// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/pseudo_language.h"

namespace sluice::ui {

namespace {

/// Latin letters that Roboto has.
QChar accented(QChar letter)
{
    static const QString kPlain = QStringLiteral("aceinosuyzACEINOSUYZ");
    static const QString kAccented = QStringLiteral("àçéîñôšúýžÀÇÉÎÑÔŠÚÝŽ");
    const qsizetype at = kPlain.indexOf(letter);
    return at < 0 ? letter : kAccented.at(at);
}

} // namespace

QString pseudoText(const QString& source)
{
    QString out;
    bool place = false; // inside %1 or %n
    for (const QChar letter : source) {
        out += place ? letter : accented(letter);
        place = letter == QLatin1Char('%');
    }
    // Words, not one long word: languages that are long also break lines.
    const qsizetype more = source.size() * 4 / 10;
    for (qsizetype added = 0; added < more; added += 5)
        out += QStringLiteral(" lôñg");
    return QLatin1Char('[') + out + QLatin1Char(']');
}

QString PseudoLanguage::translate(const char* context, const char* source, const char* /*disambiguation*/,
                                  int /*n*/) const
{
    // Qt's own words (names of keys) have their own translations.
    if (context != nullptr && context[0] == 'Q') return {};
    return pseudoText(QString::fromUtf8(source));
}

} // namespace sluice::ui
