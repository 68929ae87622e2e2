// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTranslator>

namespace sluice::ui {

/// A language that nobody speaks: every translated text gets accents, 40 % more length and brackets, so that text
/// that was forgotten stands out and text that is cut shows. Places for values (%1, %n) and keys (&) stay.
class PseudoLanguage : public QTranslator {
    Q_OBJECT

public:
    using QTranslator::QTranslator;
    bool isEmpty() const override { return false; }
    QString translate(const char* context, const char* source, const char* disambiguation, int n) const override;
};

/// "Pause" becomes "[Ṗàùşé ~~]".
QString pseudoText(const QString& source);

} // namespace sluice::ui
