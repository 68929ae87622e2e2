// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/functions.h"

#include <map>

#include <QRegularExpression>

namespace sluice::tidy {

namespace {

enum class Brace { Scope, Function, Initialiser };

const QRegularExpression& pattern(const char* text)
{
    static std::map<const char*, QRegularExpression> known;
    auto found = known.find(text);
    if (found == known.end()) found = known.emplace(text, QRegularExpression(QLatin1String(text))).first;
    return found->second;
}

bool has(const QString& text, const char* expression)
{
    return text.contains(pattern(expression));
}

/// The head of a declaration without what says nothing about its kind: template parameters, attributes, alignment, a
/// macro in front that needs no semicolon.
QString essence(QString head)
{
    head = head.trimmed();
    while (has(head, R"(^template\s*<)")) {
        int depth = 0;
        qsizetype at = head.indexOf(u'<');
        for (; at < head.size(); ++at) {
            if (head[at] == u'<') ++depth;
            if (head[at] == u'>' && --depth == 0) break;
        }
        head = head.mid(at + 1).trimmed();
    }
    head.remove(pattern(R"(\[\[[^\]]*\]\])"));
    head.remove(pattern(R"(\b(alignas|__attribute__)\s*\((?:[^()]|\([^()]*\))*\))"));
    head = head.trimmed();
    const auto macro = pattern(R"(^[A-Z][A-Z0-9_]{2,}\s*(\([^()]*\))?\s+(?=\w))").match(head);
    return macro.hasMatch() ? head.mid(macro.capturedLength()) : head;
}

/// The same text with everything inside parentheses, brackets and braces blanked, the brackets kept.
QString topLevel(const QString& text)
{
    QString out = text;
    int depth = 0;
    for (QChar& c : out) {
        const bool opens = c == u'(' || c == u'[' || c == u'{';
        const bool closes = c == u')' || c == u']' || c == u'}';
        if (closes) --depth;
        if (depth > 0) c = u' ';
        if (opens) ++depth;
    }
    return out;
}

/// `head` is what stands between the last `;`, `{`, `}` or access label and an opening brace.
Brace classify(const QString& head)
{
    const QString text = topLevel(essence(head));
    if (text.isEmpty() || has(text, R"(^(inline\s+)?namespace\b)") || has(text, R"(^extern\s*"\s*"\s*$)"))
        return Brace::Scope;
    if (has(text, R"(\brequires\s*(\(\s*\))?$)")) return Brace::Initialiser; // the body of a requires-expression
    if (has(text, R"(^((typedef|static|inline|const|constexpr|friend)\s+)*enum\b)")) return Brace::Scope;
    const bool called = text.contains(u'(');
    if (!called && has(text, R"(^((typedef|static|inline|const|constexpr|friend)\s+)*(class|struct|union)\b)"))
        return Brace::Scope;
    if (has(text, R"(\boperator\b)") && called) return Brace::Function;
    if (has(text, R"((?<![=!<>])=(?!=))")) {
        const bool lambda = has(text, R"(\[\s*\]\s*(<[^=]*>\s*)?(\(\s*\))?[^=;]*$)");
        return lambda ? Brace::Function : Brace::Initialiser;
    }
    if (!called) return Brace::Initialiser;

    const bool inList = has(text, R"(\)[^?:]*(?<!:):(?!:))"); // constructor with initialisers
    const bool afterWord = has(text, R"([\w>]$)");
    if (!afterWord) return Brace::Function;
    if (inList) return Brace::Initialiser;
    const bool qualified =
        has(text, R"(\)\s*(\b(const|noexcept|override|final|volatile|try|mutable)\b\s*(\(\s*\))?\s*|&\s*)+$)");
    return qualified || has(text, R"(->|\brequires\b)") ? Brace::Function : Brace::Initialiser;
}

QString nameOf(const QString& head)
{
    const auto match =
        pattern(R"(([\w:]*operator\s*(?:\(\s*\)|[^\w\s(]+)|[\w:~]+)\s*\()").match(topLevel(essence(head)));
    return match.hasMatch() ? match.captured(1) : QStringLiteral("a lambda");
}

class Scanner {
public:
    explicit Scanner(const SourceFile& file)
        : m_file(file)
        , m_code(withoutDirectives(file.code))
    {
    }

    Functions run()
    {
        while (m_at < m_code.size() && m_result.balanced)
            step();
        if (m_depth != 0) m_result.balanced = false;
        return m_result;
    }

private:
    void step()
    {
        const QChar c = m_code[m_at];
        if (c == u'(' || c == u'[') ++m_parens;
        if (c == u')' || c == u']') --m_parens;
        if (c == u'{') {
            open();
            return;
        }
        if (c == u'}') {
            if (--m_depth < 0) m_result.balanced = false;
            m_head = m_at + 1;
        }
        const bool ends =
            (c == u';' && m_parens == 0) || (c == u':' && isAccessLabel()) || (c == u')' && isMacroLine());
        if (ends) m_head = m_at + 1;
        ++m_at;
    }

    bool isAccessLabel() const
    {
        return has(m_code.mid(m_head, m_at - m_head),
                   R"(\b(public|private|protected|signals|Q_SIGNALS|slots|Q_SLOTS)\s*$)");
    }

    /// A macro call without a semicolon on lines of its own, e.g. one that serialises an enum.
    bool isMacroLine() const
    {
        if (m_parens != 0) return false;
        const QString head = m_code.mid(m_head, m_at + 1 - m_head);
        if (!has(head, R"(^\s*[A-Z][A-Z0-9_]{2,}\s*\()")) return false;
        const qsizetype firstOpen = m_head + head.indexOf(u'(');
        return closing(m_code, firstOpen) == m_at && has(m_code.mid(m_at + 1, 200), R"(^[ \t]*\n\s*[A-Za-z_])");
    }

    void open()
    {
        const QString head = m_code.mid(m_head, m_at - m_head);
        const Brace kind = m_parens > 0 ? Brace::Initialiser : classify(head);
        if (kind == Brace::Scope) {
            ++m_depth;
            m_head = ++m_at;
            return;
        }
        const qsizetype end = closing(m_code, m_at);
        if (end < 0) {
            m_result.balanced = false;
            return;
        }
        if (kind == Brace::Function) {
            qsizetype first = m_head;
            while (m_code[first].isSpace())
                ++first;
            m_result.spans.push_back({nameOf(head), m_file.lineAt(first), m_file.lineAt(end)});
            m_head = end + 1;
        }
        m_at = end + 1;
    }

    const SourceFile& m_file;
    const QString m_code;
    Functions m_result{};
    qsizetype m_at{0};
    qsizetype m_head{0};
    int m_parens{0};
    int m_depth{0};
};

} // namespace

Functions functionsOf(const SourceFile& file)
{
    return Scanner(file).run();
}

} // namespace sluice::tidy
