// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_presenter.h"

#include <QCoreApplication>
#include <algorithm>
#include <optional>

namespace sluice::ui {

namespace {

using engine::EngineStatus;
using engine::SourceStatus;
using Part = StatusStripData::Part;

/// Context for translators.
struct StatusWords {
    Q_DECLARE_TR_FUNCTIONS(StatusWords)
};

/// What is named in the connections file keeps that name; what the program itself has is said in this language.
QString sourceName(const SourceStatus& source)
{
    if (source.kind == "store") return StatusWords::tr("Journal");
    return source.name == "Simulated metrics" ? StatusWords::tr("Simulated metrics") : text(source.name);
}

/// So long ago that nobody knows how the sources are: who drives has not looked since, or it has and nobody heard.
std::optional<Duration> unseenFor(const EngineStatus& engine)
{
    constexpr Duration kOldPicture = std::chrono::seconds(5);
    const bool own = engine.role == EngineStatus::Role::Driver;
    return own || engine.renewedAgo <= kOldPicture ? std::nullopt : std::optional(engine.renewedAgo);
}

Part sourcePart(const SourceStatus& source, const Formats& formats)
{
    const QString name = sourceName(source);
    const QString detail = text(source.problem);
    switch (source.state) {
    case SourceStatus::State::Fresh:
        return {StatusWords::tr("● %1 %2").arg(name, agoText(source.age, formats)), detail, Tone::Second, false};
    case SourceStatus::State::Late:
        return {StatusWords::tr("▲ %1 is late: %2").arg(name, agoText(source.age, formats)), detail, Tone::Warning,
                false};
    case SourceStatus::State::Gone:
        return {StatusWords::tr("◆ %1 is silent: last answer %2").arg(name, agoText(source.age, formats)), detail,
                Tone::Critical, false};
    case SourceStatus::State::Idle:
        return {StatusWords::tr("◌ %1 idle").arg(name), StatusWords::tr("Nothing is live, so it is not asked."),
                Tone::Third, false};
    case SourceStatus::State::Never:
        return {StatusWords::tr("◌ %1 has not answered yet").arg(name), detail, Tone::Third, false};
    }
    return {};
}

/// Routers that all answer are one line ("edge 2/2"); one that does not is named.
QList<Part> routerParts(const std::vector<SourceStatus>& sources, const Formats& formats)
{
    QList<Part> out;
    qsizetype fresh = 0;
    qsizetype all = 0;
    QStringList names;
    for (const SourceStatus& source : sources) {
        if (source.kind != "router") continue;
        ++all;
        names << text(source.name);
        if (source.state == SourceStatus::State::Fresh)
            ++fresh;
        else
            out.append(sourcePart(source, formats));
    }
    if (all > 0)
        out.prepend({StatusWords::tr("● Proxies %1/%2").arg(fresh).arg(all), names.join(QStringLiteral(", ")),
                     fresh == all ? Tone::Second : Tone::Warning, false});
    return out;
}

QList<Part> sourceParts(const std::vector<SourceStatus>& sources, const Formats& formats)
{
    QList<Part> out;
    for (const SourceStatus& source : sources)
        if (source.kind == "metrics") out.append(sourcePart(source, formats));
    out.append(routerParts(sources, formats));
    for (const SourceStatus& source : sources)
        if (source.kind != "metrics" && source.kind != "router") out.append(sourcePart(source, formats));
    return out;
}

Part driverPart(const EngineStatus& engine, const Formats& formats)
{
    if (!engine.problem.empty()) return {StatusWords::tr("◆ %1").arg(text(engine.problem)), {}, Tone::Critical, false};
    switch (engine.role) {
    case EngineStatus::Role::Driver:
        return {StatusWords::tr("Engine: %1, lease renewed %2")
                    .arg(StatusWords::tr("this console"), agoText(engine.renewedAgo, formats)),
                {},
                Tone::Second,
                false};
    case EngineStatus::Role::Observer:
        return {StatusWords::tr("Observing: %1 drives, lease renewed %2")
                    .arg(text(engine.holder), agoText(engine.renewedAgo, formats)),
                {},
                Tone::Second,
                false};
    case EngineStatus::Role::Alone:
        return {StatusWords::tr("▲ Observing: nobody drives"),
                StatusWords::tr("Start an engine, or open this console as the driver."), Tone::Warning, false};
    }
    return {};
}

} // namespace

StatusStripData statusStrip(const engine::Snapshot& snapshot, const Formats& formats)
{
    StatusStripData data;
    if (const auto age = unseenFor(snapshot.engine))
        data.sources.append(
            {StatusWords::tr("◌ Metrics and proxies were last looked at %1").arg(agoText(*age, formats)),
             StatusWords::tr("Only the engine that drives looks at them."), Tone::Third, false});
    else
        data.sources = sourceParts(snapshot.sources, formats);
    if (snapshot.engine.demo)
        data.engine.append({StatusWords::tr("◇ DEMO: a simulated fleet"), {}, Tone::Warning, false});
    data.engine.append(driverPart(snapshot.engine, formats));
    const bool anyLive =
        std::ranges::any_of(snapshot.rollouts, [](const auto& view) { return rollout::hasExposure(view->state); });
    if (anyLive)
        data.engine.append(
            {StatusWords::tr("Rollback ready: checked %1").arg(agoText(snapshot.engine.rollbackCheckedAgo, formats)),
             StatusWords::tr("Every safe request was last read back this long ago."), Tone::Second, false});
    data.engine.append(
        {QStringLiteral("%1 %2").arg(timeText(snapshot.now.wall, formats), zoneText(snapshot.now.wall, formats)),
         {},
         Tone::Second,
         true});
    return data;
}

} // namespace sluice::ui
