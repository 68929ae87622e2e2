// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QRegularExpression>
#include <QStringList>

#include "tests/tidy/checks.h"

namespace sluice::tidy {

namespace {

bool isForPeople(const SourceFile& file)
{
    return file.isCpp() && (file.under("ui/") || file.under("app/sluice/"));
}

bool isWord(QChar c)
{
    return c.isLetterOrNumber() || c == u'_';
}

/// The name in front of a bracket; "[]" for the brackets of a lambda, empty where nothing is called.
QString callBefore(const QString& code, qsizetype end)
{
    while (end > 0 && code[end - 1].isSpace())
        --end;
    if (end > 0 && (code[end - 1] == u']' || code[end - 1] == u')')) return QStringLiteral("[]");
    qsizetype begin = end;
    while (begin > 0 && isWord(code[begin - 1]))
        --begin;
    return code.mid(begin, end - begin);
}

/// Names of the calls that surround `offset`, outermost first, counted from the bracket at `open`.
QStringList callsAround(const QString& code, qsizetype open, qsizetype offset)
{
    QStringList calls;
    for (qsizetype i = open; i < offset; ++i) {
        if (code[i] == u'(' || code[i] == u'{') calls << callBefore(code, i);
        if ((code[i] == u')' || code[i] == u'}') && !calls.isEmpty()) calls.removeLast();
    }
    return calls;
}

/// Whether only string wrappers stand between the call for people and the literal: then the literal is shown as is.
bool isShownAsIs(const QStringList& calls)
{
    static const QStringList wrappers = {QStringLiteral("QStringLiteral"), QStringLiteral("QString"),
                                         QStringLiteral("QLatin1String"),  QStringLiteral("fromUtf8"),
                                         QStringLiteral("fromLatin1"),     QString()};
    return std::ranges::all_of(calls.mid(1), [&](const QString& call) { return wrappers.contains(call); });
}

/// Sentences and capitalised words; not names of icons, keys, units or formats, nor the program's own name.
bool isProse(const QString& text)
{
    if (text == u"Sluice") return false;
    static const QRegularExpression prose(QStringLiteral(R"([A-Za-z]{2,}.*\s|\s.*[A-Za-z]{2,}|^[A-Z][a-z]+)"));
    return prose.match(text).hasMatch();
}

struct Creation {
    QString type{};
    QString variable{}; ///< empty: created without a name
    QString arguments{};
    qsizetype offset{0};
};

std::vector<Creation> creationsOf(const QString& code)
{
    static const QRegularExpression made(QStringLiteral(
        R"(\bnew\s+(Q(?:PushButton|ToolButton|CheckBox|RadioButton|CommandLinkButton|LineEdit|ComboBox|SpinBox|DoubleSpinBox|DateEdit|TimeEdit|DateTimeEdit|PlainTextEdit|TextEdit|TextBrowser|Slider|Dial|ListView|TableView|TreeView|ListWidget|TableWidget|TreeWidget|TabBar))\b\s*([({]?))"));
    static const QRegularExpression named(QStringLiteral(R"((\w+)\s*(?:=|\(|\{)\s*$)"));
    std::vector<Creation> out;
    for (auto it = made.globalMatch(code); it.hasNext();) {
        const auto match = it.next();
        Creation creation{.type = match.captured(1), .offset = match.capturedStart()};
        const qsizetype open = match.capturedStart(2);
        const qsizetype end = match.capturedLength(2) > 0 ? closing(code, open) : -1;
        if (end > open) creation.arguments = code.mid(open + 1, end - open - 1).trimmed();
        const auto name = named.match(code.left(match.capturedStart()).right(120));
        if (name.hasMatch()) creation.variable = name.captured(1);
        out.push_back(creation);
    }
    return out;
}

/// A button's text is its name for assistive technology.
bool isNamedByText(const Creation& creation)
{
    static const QRegularExpression nothing(QStringLiteral(R"(^(?:this|parent|nullptr|\w*[pP]arent)?$)"));
    const bool button = creation.type.contains(QLatin1String("Button")) || creation.type == u"QCheckBox";
    return button && creation.type != u"QToolButton" && !nothing.match(creation.arguments).hasMatch();
}

bool isNamedLater(const QString& code, const QString& variable)
{
    if (variable.isEmpty()) return false;
    const QRegularExpression later(
        QStringLiteral(R"(\b%1\s*(?:->|\.)\s*(?:setAccessibleName|setDefaultAction)\s*\(|\bsetBuddy\s*\(\s*%1\b)")
            .arg(QRegularExpression::escape(variable)));
    return later.match(code).hasMatch();
}

} // namespace

Findings checkUntranslatedText(const SourceFile& file)
{
    static const QRegularExpression shows(QStringLiteral(
        R"(\b(?:setText|setTitle|setWindowTitle|setToolTip|setStatusTip|setWhatsThis|setPlaceholderText|setAccessibleName|setAccessibleDescription|setInformativeText|setLabelText|setTabText|setTabToolTip|setPrefix|setSuffix|setHtml|setPlainText|setSpecialValueText|setHorizontalHeaderLabels|addAction|addItem|addTab|addMenu|addRow|showMessage|drawText|drawStaticText|QLabel|QPushButton|QToolButton|QCheckBox|QRadioButton|QGroupBox|QAction|QDockWidget)\s*(\w+\s*)?([({]))"));
    Findings out;
    if (!isForPeople(file)) return out;
    for (auto it = shows.globalMatch(file.code); it.hasNext();) {
        const auto match = it.next();
        const qsizetype open = match.capturedStart(2);
        const qsizetype end = closing(file.code, open);
        for (const Literal& literal : file.literals) {
            if (literal.offset <= open || literal.offset >= end || !isProse(literal.text)) continue;
            if (!isShownAsIs(callsAround(file.code, open, literal.offset))) continue;
            out.push_back({file.path, file.lineAt(literal.offset),
                           QStringLiteral("\"%1\" is text for people: write tr(\"…\")").arg(literal.text)});
        }
    }
    return out;
}

Findings checkAccessibleNames(const SourceFile& file)
{
    Findings out;
    if (!isForPeople(file)) return out;
    for (const Creation& creation : creationsOf(file.code)) {
        if (isNamedByText(creation) || isNamedLater(file.code, creation.variable)) continue;
        out.push_back(
            {file.path, file.lineAt(creation.offset),
             QStringLiteral("%1 %2 takes the focus and has no name for assistive technology: setAccessibleName()")
                 .arg(creation.type, creation.variable)});
    }
    return out;
}

} // namespace sluice::tidy
