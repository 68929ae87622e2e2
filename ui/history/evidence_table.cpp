// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/evidence_table.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace sluice::ui {

namespace {

struct EvidenceWords {
    Q_DECLARE_TR_FUNCTIONS(EvidenceWords)
};

using Cell = FactTableData::Cell;

std::optional<int64_t> number(const QJsonValue& value)
{
    return value.isDouble() ? std::optional<int64_t>(value.toInteger()) : std::nullopt;
}

Cell verdictCell(const QString& verdict, bool warning)
{
    if (verdict == QLatin1String("fail")) return {EvidenceWords::tr("◆ beyond its limit"), Tone::Critical};
    if (verdict == QLatin1String("no-data")) return {EvidenceWords::tr("▲ no data"), Tone::Warning};
    if (warning) return {EvidenceWords::tr("▲ in its warning band"), Tone::Warning};
    return {EvidenceWords::tr("✓ within its limit"), Tone::Ok};
}

Cell stateCell(const QString& state)
{
    if (state == QLatin1String("firing")) return {EvidenceWords::tr("◆ trigger fires"), Tone::Critical};
    if (state == QLatin1String("pending")) return {EvidenceWords::tr("▲ trigger pending"), Tone::Warning};
    if (state == QLatin1String("cooldown")) return {EvidenceWords::tr("▲ trigger cools down"), Tone::Warning};
    return {EvidenceWords::tr("▲ no data"), Tone::Warning};
}

/// The metric of a trigger: its id is made of the metric and a number.
const Metric* metricOf(const QString& trigger, const Playbook* playbook)
{
    if (playbook == nullptr) return nullptr;
    const std::string id = utf8(trigger);
    const auto found = std::ranges::find(playbook->triggers, id, &Trigger::id);
    return found == playbook->triggers.end() ? nullptr : playbook->metric(found->when.metric);
}

struct Reader {
    const Playbook* playbook;
    const Formats& formats;
    FactTableData table{};

    QString title(const Metric* metric, const QString& id) const
    {
        return metric == nullptr || metric->title.empty() ? id : text(metric->title);
    }
    QString value(const QJsonValue& value, const Metric* metric, Digits digits = Digits::Even) const
    {
        const auto read = number(value);
        return read ? valueText(*read, metric == nullptr ? Unit::Plain : metric->unit, formats, digits) : dash();
    }

    void addRequirements(const QJsonObject& shown, const QJsonArray& verdicts)
    {
        for (const QJsonValue& entry : shown[QLatin1String("requirements")].toArray()) {
            const QString id = entry[QLatin1String("metric")].toString();
            const Metric* metric = playbook == nullptr ? nullptr : playbook->metric(utf8(id));
            QString verdict;
            for (const QJsonValue& one : verdicts)
                if (one[QLatin1String("metric")].toString() == id) verdict = one[QLatin1String("verdict")].toString();
            table.rows.append({{title(metric, id)},
                               {value(entry[QLatin1String("stable")], metric)},
                               {value(entry[QLatin1String("observed")], metric)},
                               {value(entry[QLatin1String("limit")], metric, Digits::Trimmed)},
                               verdictCell(verdict, entry[QLatin1String("warning")].toBool())});
        }
    }

    /// Quiet triggers say nothing about why something was decided.
    void addTriggers(const QJsonObject& shown)
    {
        for (const QJsonValue& entry : shown[QLatin1String("triggers")].toArray()) {
            const QString state = entry[QLatin1String("state")].toString();
            if (state == QLatin1String("idle")) continue;
            const QString id = entry[QLatin1String("id")].toString();
            const Metric* metric = metricOf(id, playbook);
            table.rows.append({{title(metric, id)},
                               {dash()},
                               {value(entry[QLatin1String("observed")], metric)},
                               {value(entry[QLatin1String("limit")], metric, Digits::Trimmed)},
                               stateCell(state)});
        }
    }

    void addScore(const QJsonObject& shown)
    {
        const auto milli = number(shown[QLatin1String("score")][QLatin1String("milli")]);
        if (playbook == nullptr || playbook->score.parts.empty()) return;
        const bool goes = milli && *milli >= playbook->score.proceedMilli;
        const QString limit = QStringLiteral("≥ ") + QString::number(playbook->score.proceedMilli / 1000);
        table.rows.append({{EvidenceWords::tr("Health score")},
                           {dash()},
                           {scoreText(milli)},
                           {limit},
                           goes ? Cell{EvidenceWords::tr("✓ proceed"), Tone::Ok}
                                : Cell{EvidenceWords::tr("▲ under proceed"), Tone::Warning}});
    }
};

} // namespace

EvidenceRows evidenceRows(const std::string& evidence, const Playbook* playbook, const Formats& formats)
{
    EvidenceRows out;
    const QJsonObject root = QJsonDocument::fromJson(QByteArray::fromStdString(evidence)).object();
    const QJsonObject shown = root[QLatin1String("shown")].toObject();
    if (shown.isEmpty()) return out;
    Reader reader{playbook, formats};
    reader.table.columns = {{EvidenceWords::tr("Measure"), false, true},
                            {EvidenceWords::tr("Stable"), true, false},
                            {EvidenceWords::tr("Canary"), true, false},
                            {EvidenceWords::tr("Limit"), true, false},
                            {EvidenceWords::tr("Verdict"), false, true}};
    reader.addRequirements(shown, root[QLatin1String("class")][QLatin1String("verdicts")].toArray());
    reader.addTriggers(shown);
    reader.addScore(shown);
    out.table = reader.table;

    QStringList words;
    if (const auto requests = number(shown[QLatin1String("requests")]))
        words << EvidenceWords::tr("%1 canary requests in this stage")
                     .arg(valueText(*requests * kMillion, Unit::Count, formats));
    if (const auto share = number(shown[QLatin1String("share_ppm")]))
        words << EvidenceWords::tr("%1 of the traffic seen").arg(shareText(*share, formats));
    if (const auto age = number(shown[QLatin1String("age_us")]))
        words << EvidenceWords::tr("numbers %1 old").arg(ageText(Duration(*age), formats));
    out.note = words.join(QStringLiteral(" · "));
    return out;
}

} // namespace sluice::ui
