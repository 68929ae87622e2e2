// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>

namespace sluice::tidy {

/// A string literal: where its opening quote stands and what is between the quotes, escapes as written.
struct Literal {
    qsizetype offset{0};
    QString text{};
};

/// A file as the checks see it. All texts have one character a byte (Latin-1), so offsets fit all of them.
struct SourceFile {
    QString path{}; ///< from the project root, with forward slashes
    QString text{};
    QString code{};     ///< as long as `text`: comments and the insides of literals are blanks
    QString comments{}; ///< as long as `text`: only what stands in comments
    std::vector<Literal> literals{};

    int lineAt(qsizetype offset) const; ///< from 1
    bool isCpp() const;
    bool under(const char* folder) const { return path.startsWith(QLatin1String(folder)); }
};

/// Something that is not as the house wants it, and what would be right.
struct Finding {
    QString path{};
    int line{0};
    QString message{};
    QString toString() const; ///< "ui/theme/style.cpp:12: …"
};

/// Splits C++ into code, comments and literals (raw strings, digit separators and continued lines included).
/// Files that are not C++ keep their whole text as code.
SourceFile readSource(const QString& path, const QByteArray& bytes);

/// The code with preprocessor lines blanked.
QString withoutDirectives(const QString& code);

/// Offset of the bracket that closes the one at `open`, or -1.
qsizetype closing(const QString& code, qsizetype open);

} // namespace sluice::tidy
