// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRegularExpression>
#include <QString>
#include <map>
#include <optional>
#include <vector>

#include "core/base/time.h"
#include "core/ports/journal.h"
#include "ui/bridge/text.h"

// The filter line of History: `service:checkout outcome:rolled-back -by:engine since:7d "order desk"`.
// Words with a colon look at one thing, all others anywhere. Several words must all hold; values with a comma between
// them are alternatives; `*` stands for anything; a minus in front turns a word round; quotes keep blanks together.

namespace sluice::ui {

/// How a target is called, where the connections file says more than its id.
struct TargetName {
    QString service{};
    QString environment{};
};
using TargetNames = std::map<TargetId, TargetName>;
TargetName nameOf(const TargetId& target, const TargetNames& names);

/// A word that the filter does not understand, and where it stands.
struct FilterProblem {
    qsizetype at{0}; ///< from 0
    qsizetype length{0};
    QString words{}; ///< a sentence that names the place, counted from 1
};

class HistoryFilter {
public:
    /// Lengths of time count back from `now`; days are days of the zone of `formats`.
    static HistoryFilter read(const QString& line, WallTime now, const Formats& formats);

    const std::optional<FilterProblem>& problem() const { return m_problem; }
    bool matches(const ports::RolloutRow& row, const TargetNames& names) const;
    /// No row that started earlier can match.
    std::optional<WallTime> earliest() const { return m_since; }
    bool empty() const { return m_terms.empty() && !m_since && !m_until; }

private:
    enum class Field { Anywhere, Service, Environment, Target, Version, Outcome, By, Playbook, Id };
    struct Term {
        Field field{Field::Anywhere};
        bool exclude{false};
        std::vector<QRegularExpression> any{};
    };
    struct Word {
        qsizetype at{0};
        QString text{};
        bool quoted{false}; ///< begins with a quote: never a field
    };
    struct When {
        WallTime now{};
        const Formats& formats;
    };

    void readWord(const Word& word, const When& when);
    void readOutcomes(const Word& word, const QStringList& values);
    void fail(const Word& word, const QString& words);
    static std::vector<Word> split(const QString& line, std::optional<qsizetype>& openQuote);
    static std::optional<Field> fieldOf(const QString& key);
    static QStringList texts(Field field, const ports::RolloutRow& row, const TargetName& name);
    static bool holds(const Term& term, const ports::RolloutRow& row, const TargetName& name);

    std::vector<Term> m_terms{};
    std::optional<WallTime> m_since{};
    std::optional<WallTime> m_until{};
    std::optional<FilterProblem> m_problem{};
};

} // namespace sluice::ui
