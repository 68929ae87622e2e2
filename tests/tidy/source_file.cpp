// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/source_file.h"

#include <algorithm>

namespace sluice::tidy {

namespace {

bool isWord(QChar c)
{
    return c.isLetterOrNumber() || c == u'_';
}

class Lexer {
public:
    explicit Lexer(SourceFile& file)
        : m_file(file)
        , m_text(file.text)
    {
    }

    void run()
    {
        m_file.code = m_text;
        m_file.comments = QString(m_text.size(), u' ');
        while (m_at < m_text.size()) {
            if (starts("//")) {
                comment(endOfLine(m_at));
            } else if (starts("/*")) {
                const qsizetype end = m_text.indexOf(QLatin1String("*/"), m_at + 2);
                comment(end < 0 ? m_text.size() : end + 2);
            } else if (m_text[m_at] == u'"') {
                isRaw() ? rawString() : quoted(u'"');
            } else if (m_text[m_at] == u'\'' && !isDigitSeparator()) {
                quoted(u'\'');
            } else {
                ++m_at;
            }
        }
    }

private:
    bool starts(const char* what) const { return QStringView(m_text).mid(m_at).startsWith(QLatin1String(what)); }

    /// Of the logical line: a backslash at the end continues it.
    qsizetype endOfLine(qsizetype from) const
    {
        qsizetype end = from;
        do {
            end = m_text.indexOf(u'\n', end + 1);
        } while (end > 0 && m_text[end - 1] == u'\\');
        return end < 0 ? m_text.size() : end;
    }

    void blank(qsizetype from, qsizetype to)
    {
        for (qsizetype i = from; i < to; ++i) {
            if (m_text[i] != u'\n') m_file.code[i] = u' ';
        }
    }

    void comment(qsizetype end)
    {
        for (qsizetype i = m_at; i < end; ++i)
            m_file.comments[i] = m_text[i];
        blank(m_at, end);
        m_at = end;
    }

    /// R, u8R, uR, UR, LR before the quote, and nothing that would make it the end of a longer word.
    bool isRaw() const
    {
        qsizetype begin = m_at;
        while (begin > 0 && isWord(m_text[begin - 1]))
            --begin;
        const QStringView prefix = QStringView(m_text).mid(begin, m_at - begin);
        return prefix == u"R" || prefix == u"u8R" || prefix == u"uR" || prefix == u"UR" || prefix == u"LR";
    }

    /// 1'000 and 0xff'ff: the word around the quote begins with a digit.
    bool isDigitSeparator() const
    {
        qsizetype begin = m_at;
        while (begin > 0 && (isWord(m_text[begin - 1]) || m_text[begin - 1] == u'\''))
            --begin;
        return begin < m_at && m_text[begin].isDigit();
    }

    void literal(qsizetype open, qsizetype from, qsizetype to)
    {
        m_file.literals.push_back({.offset = open, .text = m_text.mid(from, to - from)});
        blank(from, to);
    }

    void rawString()
    {
        const qsizetype paren = m_text.indexOf(u'(', m_at);
        const QString end = u')' + m_text.mid(m_at + 1, paren - m_at - 1) + u'"';
        const qsizetype close = paren < 0 ? -1 : m_text.indexOf(end, paren);
        const qsizetype stop = close < 0 ? m_text.size() : close;
        blank(m_at + 1, std::min(paren + 1, stop));
        literal(m_at, paren + 1, stop);
        blank(stop, std::min(stop + end.size() - 1, m_text.size()));
        m_at = std::min(stop + end.size(), m_text.size());
    }

    void quoted(QChar quote)
    {
        qsizetype end = m_at + 1;
        while (end < m_text.size() && m_text[end] != quote && m_text[end] != u'\n')
            end += m_text[end] == u'\\' ? 2 : 1;
        end = std::min(end, m_text.size());
        if (quote == u'"') {
            literal(m_at, m_at + 1, end);
        } else {
            blank(m_at + 1, end);
        }
        m_at = end + 1;
    }

    SourceFile& m_file;
    const QString& m_text;
    qsizetype m_at{0};
};

} // namespace

int SourceFile::lineAt(qsizetype offset) const
{
    return static_cast<int>(QStringView(text).left(offset).count(u'\n')) + 1;
}

bool SourceFile::isCpp() const
{
    return path.endsWith(QLatin1String(".cpp")) || path.endsWith(QLatin1String(".h"));
}

QString Finding::toString() const
{
    return QStringLiteral("%1:%2: %3").arg(path).arg(line).arg(message);
}

SourceFile readSource(const QString& path, const QByteArray& bytes)
{
    SourceFile file{.path = path, .text = QString::fromLatin1(bytes)};
    if (file.isCpp()) {
        Lexer(file).run();
    } else {
        file.code = file.text;
    }
    return file;
}

QString withoutDirectives(const QString& code)
{
    QString out = code;
    bool directive = false;
    bool lineBegins = true;
    for (qsizetype i = 0; i < out.size(); ++i) {
        const QChar c = out[i];
        if (c == u'\n') {
            directive = directive && code[i - 1] == u'\\';
            lineBegins = true;
            continue;
        }
        if (lineBegins && c == u'#') directive = true;
        if (!c.isSpace()) lineBegins = false;
        if (directive) out[i] = u' ';
    }
    return out;
}

qsizetype closing(const QString& code, qsizetype open)
{
    const QChar opener = code[open];
    const QChar closer = opener == u'{' ? u'}' : opener == u'(' ? u')' : u']';
    int depth = 0;
    for (qsizetype i = open; i < code.size(); ++i) {
        if (code[i] == opener) ++depth;
        if (code[i] == closer && --depth == 0) return i;
    }
    return -1;
}

} // namespace sluice::tidy
