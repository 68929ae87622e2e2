// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/history_filter.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>

namespace sluice::ui {

namespace {

struct FilterWords {
    Q_DECLARE_TR_FUNCTIONS(FilterWords)
};

constexpr qsizetype kLongestLine = 500;
constexpr int kMostUnits = 100'000; ///< of a length of time, so that no sum leaves the calendar
constexpr qint64 kMsPerDay = 24LL * 60 * 60 * 1000;

/// The value of a field is compared as a whole, free text is looked for inside.
QRegularExpression pattern(const QString& text, bool whole)
{
    QString expression = QRegularExpression::escape(text);
    expression.replace(QStringLiteral("\\*"), QStringLiteral(".*"));
    return QRegularExpression(whole ? QRegularExpression::anchoredPattern(expression) : expression,
                              QRegularExpression::CaseInsensitiveOption |
                                  QRegularExpression::UseUnicodePropertiesOption);
}

/// "7d", "12h": that long before now. A day, or a day with a time: that instant.
std::optional<WallTime> instantOf(const QString& text, WallTime now, const Formats& formats)
{
    static const QRegularExpression length(QStringLiteral("^([0-9]{1,6})(m|h|d|w)$"));
    if (const auto found = length.match(text); found.hasMatch()) {
        const int amount = std::min(found.captured(1).toInt(), kMostUnits);
        const QChar unit = found.captured(2).at(0);
        const Duration one = unit == QLatin1Char('m')   ? Duration(std::chrono::minutes(1))
                             : unit == QLatin1Char('h') ? Duration(std::chrono::hours(1))
                             : unit == QLatin1Char('d') ? Duration(std::chrono::hours(24))
                                                        : Duration(std::chrono::hours(24 * 7));
        return now - one * amount;
    }
    const QDate day = QDate::fromString(text.left(10), Qt::ISODate);
    const QTime time = text.size() == 10 ? QTime(0, 0) : QTime::fromString(text.mid(11), QStringLiteral("HH:mm"));
    const bool written = text.size() == 10 || (text.size() == 16 && text.at(10) == QLatin1Char('T'));
    if (!written || !day.isValid() || !time.isValid()) return std::nullopt;
    return wallTime(QDateTime(day, time, formats.zone).toMSecsSinceEpoch() * 1000);
}

bool isDay(const QString& text)
{
    return text.size() == 10;
}

} // namespace

TargetName nameOf(const TargetId& target, const TargetNames& names)
{
    const auto known = names.find(target);
    if (known != names.end()) return known->second;
    const QString id = text(target.value);
    return {id.section(QLatin1Char('/'), 0, 0), id.section(QLatin1Char('/'), 1)};
}

HistoryFilter HistoryFilter::read(const QString& line, WallTime now, const Formats& formats)
{
    HistoryFilter filter;
    if (line.size() > kLongestLine) {
        filter.m_problem = {kLongestLine, line.size() - kLongestLine,
                            FilterWords::tr("The filter is longer than %1 characters.").arg(kLongestLine)};
        return filter;
    }
    std::optional<qsizetype> openQuote;
    const std::vector<Word> words = split(line, openQuote);
    for (const Word& word : words)
        if (!filter.m_problem) filter.readWord(word, {now, formats});
    if (openQuote && !filter.m_problem)
        filter.fail({*openQuote, line.mid(*openQuote)}, FilterWords::tr("this quote is never closed"));
    return filter;
}

std::vector<HistoryFilter::Word> HistoryFilter::split(const QString& line, std::optional<qsizetype>& openQuote)
{
    std::vector<Word> words;
    bool inside = false;
    for (qsizetype at = 0; at < line.size(); ++at) {
        const QChar c = line.at(at);
        const bool begins = inside == false && !openQuote;
        if (c == QLatin1Char('"')) {
            if (begins) words.push_back({at, {}, true});
            inside = true;
            openQuote = openQuote ? std::nullopt : std::optional(at);
        } else if (c.isSpace() && !openQuote) {
            inside = false;
        } else {
            if (begins) words.push_back({at, {}, false});
            inside = true;
            words.back().text += c;
        }
    }
    return words;
}

std::optional<HistoryFilter::Field> HistoryFilter::fieldOf(const QString& key)
{
    static const std::map<QString, Field> all{
        {QStringLiteral("service"), Field::Service},   {QStringLiteral("env"), Field::Environment},
        {QStringLiteral("target"), Field::Target},     {QStringLiteral("version"), Field::Version},
        {QStringLiteral("outcome"), Field::Outcome},   {QStringLiteral("by"), Field::By},
        {QStringLiteral("playbook"), Field::Playbook}, {QStringLiteral("id"), Field::Id}};
    const auto found = all.find(key);
    return found == all.end() ? std::nullopt : std::optional(found->second);
}

void HistoryFilter::fail(const Word& word, const QString& words)
{
    m_problem = {word.at, word.text.size(),
                 FilterWords::tr("Column %1, “%2”: %3.").arg(word.at + 1).arg(word.text, words)};
}

void HistoryFilter::readWord(const Word& word, const When& when)
{
    const bool exclude = !word.quoted && word.text.size() > 1 && word.text.startsWith(QLatin1Char('-'));
    const QString body = exclude ? word.text.mid(1) : word.text;
    const qsizetype colon = word.quoted ? -1 : body.indexOf(QLatin1Char(':'));
    if (colon < 0) {
        if (!body.isEmpty()) m_terms.push_back({Field::Anywhere, exclude, {pattern(body, false)}});
        return;
    }
    const QString key = body.left(colon).toLower();
    const QString value = body.mid(colon + 1);
    if (value.isEmpty()) return fail(word, FilterWords::tr("a value is missing after the colon"));
    if (key == QLatin1String("since") || key == QLatin1String("until")) {
        const auto at = instantOf(value, when.now, when.formats);
        if (!at)
            return fail(word, FilterWords::tr("expected a length such as 30m, 12h, 7d or 2w, or a day such as %1")
                                  .arg(QStringLiteral("2026-11-21")));
        if (exclude) return fail(word, FilterWords::tr("since and until cannot be turned round"));
        if (key == QLatin1String("since")) m_since = at;
        // A day that is named is meant whole.
        if (key == QLatin1String("until")) m_until = isDay(value) ? *at + Duration(kMsPerDay * 1000) : *at;
        return;
    }
    const auto field = fieldOf(key);
    if (!field)
        return fail(word, FilterWords::tr("there is no such field; fields are %1")
                              .arg(QStringLiteral("service, env, target, version, outcome, by, playbook, id, since, "
                                                  "until")));
    const QStringList values = value.split(QLatin1Char(','), Qt::SkipEmptyParts);
    if (values.isEmpty()) return fail(word, FilterWords::tr("a value is missing after the colon"));
    if (*field == Field::Outcome) {
        readOutcomes(word, values);
        if (m_problem || values.contains(QStringLiteral("any"), Qt::CaseInsensitive)) return;
    }
    Term term{*field, exclude, {}};
    for (const QString& one : values)
        term.any.push_back(pattern(one, true));
    m_terms.push_back(std::move(term));
}

void HistoryFilter::readOutcomes(const Word& word, const QStringList& values)
{
    static const QStringList known{QStringLiteral("any"), QStringLiteral("live"), QStringLiteral("stable"),
                                   QStringLiteral("rolled-back"), QStringLiteral("cancelled")};
    for (const QString& value : values)
        if (!value.contains(QLatin1Char('*')) && !known.contains(value, Qt::CaseInsensitive))
            return fail(
                word,
                FilterWords::tr("“%1” is no outcome; outcomes are %2").arg(value, known.join(QStringLiteral(", "))));
}

QStringList HistoryFilter::texts(Field field, const ports::RolloutRow& row, const TargetName& name)
{
    const QString outcome = row.outcome.empty() ? QStringLiteral("live") : text(row.outcome);
    switch (field) {
    case Field::Service: return {name.service};
    case Field::Environment: return {name.environment};
    case Field::Target: return {text(row.target.value)};
    case Field::Version: return {text(row.fromVersion), text(row.toVersion)};
    case Field::Outcome: return {outcome};
    case Field::By: return {text(row.startedBy.value)};
    case Field::Playbook: return {text(row.playbook)};
    case Field::Id: return {text(row.id.value)};
    case Field::Anywhere: break;
    }
    return {name.service, name.environment,          text(row.target.value), text(row.fromVersion), text(row.toVersion),
            outcome,      text(row.startedBy.value), text(row.playbook),     text(row.id.value)};
}

bool HistoryFilter::holds(const Term& term, const ports::RolloutRow& row, const TargetName& name)
{
    const QStringList all = texts(term.field, row, name);
    return std::ranges::any_of(term.any, [&all](const QRegularExpression& wanted) {
        return std::ranges::any_of(all, [&wanted](const QString& one) { return wanted.match(one).hasMatch(); });
    });
}

bool HistoryFilter::matches(const ports::RolloutRow& row, const TargetNames& names) const
{
    if (m_problem) return false;
    if (m_since && row.startedAt < *m_since) return false;
    if (m_until && row.startedAt >= *m_until) return false;
    const TargetName name = nameOf(row.target, names);
    return std::ranges::all_of(m_terms, [&](const Term& term) { return holds(term, row, name) != term.exclude; });
}

} // namespace sluice::ui
