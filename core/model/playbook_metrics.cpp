// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/playbook_parts.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/model/selector.h"
#include "core/model/text_check.h"

namespace sluice {

namespace {

bool isPerTrack(const Selector& selector)
{
    return std::ranges::any_of(selector.labels,
                               [](const LabelMatch& match) { return match.value.find("$track") != std::string::npos; });
}

/// What Prometheus' naming rules say about the unit of a series (base units as suffix).
Unit unitOfSeries(std::string_view series)
{
    if (series.ends_with("_bucket")) series.remove_suffix(7);
    if (series.ends_with("_seconds")) return Unit::Time;
    if (series.ends_with("_ratio")) return Unit::Ratio;
    return Unit::Plain;
}

Unit defaultUnit(const Metric& metric)
{
    switch (metric.kind) {
    case MetricKind::Ratio: return Unit::Ratio;
    case MetricKind::Rate: return Unit::PerSecond;
    case MetricKind::Count: return Unit::Count;
    case MetricKind::Quantile: return unitOfSeries(metric.of.name);
    case MetricKind::Gauge: {
        const Unit unit = unitOfSeries(metric.of.name);
        return unit == Unit::Plain ? Unit::Count : unit;
    }
    }
    return Unit::Plain;
}

/// Only amounts that grow with the traffic are corrected, and only where less is worse: "10 database errors" means ten.
bool scalesByDefault(const Metric& metric)
{
    const bool amount = metric.kind == MetricKind::Rate || metric.kind == MetricKind::Count ||
                        (metric.kind == MetricKind::Gauge && metric.aggregate == Aggregate::Sum);
    return amount && metric.worse == Worse::Lower;
}

class MetricReader {
public:
    MetricReader(PlaybookDraft& draft, const YamlNode& node, const std::string& path, const std::string& id)
        : m_draft(draft)
        , m_map(draft.report, node, path,
                {"kind", "of", "over", "q", "window", "min_requests", "worse", "aggregate", "unit", "title",
                 "scales_with_share", "top_bucket"})
    {
        m_metric.id = id;
        m_metric.title = titleOf(id);
    }

    void read()
    {
        m_map.text("title", m_metric.title);
        readKind();
        readSelector("of", m_metric.of);
        m_map.require("of", "of: 'http_requests_total{track=\"$track\"}'");
        readWindow();
        m_map.count("min_requests", m_metric.minRequests, 0, 1'000'000'000);
        readMeaning();
        only("over", MetricKind::Ratio, "ratio");
        only("q", MetricKind::Quantile, "quantile");
        only("top_bucket", MetricKind::Quantile, "quantile");
        only("aggregate", MetricKind::Gauge, "gauge");
        if (m_kindKnown && m_metric.kind == MetricKind::Ratio) readOver();
        if (m_kindKnown && m_metric.kind == MetricKind::Quantile) readQuantile();
        m_draft.playbook.metrics.push_back(std::move(m_metric));
    }

private:
    void readKind()
    {
        static const Choices<MetricKind> kKinds{{"ratio", MetricKind::Ratio},
                                                {"rate", MetricKind::Rate},
                                                {"count", MetricKind::Count},
                                                {"quantile", MetricKind::Quantile},
                                                {"gauge", MetricKind::Gauge}};
        m_kindKnown = m_map.choice("kind", m_metric.kind, kKinds);
        m_map.require("kind", "kind: ratio");
    }

    void readSelector(std::string_view key, Selector& out)
    {
        const std::string* text = m_map.scalar(key);
        if (text == nullptr) return;
        const auto selector = parseSelector(*text);
        if (!selector) return m_map.error(key, selector.error().detail);
        out = selector.value();
        if (!isPerTrack(out)) {
            m_map.error(key, "no label says $track; add track=\"$track\", so that stable and canary are counted apart");
        }
    }

    void readOver()
    {
        if (m_map.require("over", "over: 'http_requests_total{track=\"$track\"}'") == nullptr) return;
        readSelector("over", m_metric.over.emplace());
    }

    void readQuantile()
    {
        const YamlNode* q = m_map.require("q", "q: 0.95");
        int64_t value = 0;
        if (q != nullptr && m_map.number("q", value)) {
            if (value <= 0 || value >= kMillion)
                m_map.error("q", q->text + " is not between 0 and 1; write it like 0.95");
            m_metric.quantilePpm = value;
        }
        const bool histogram = m_metric.of.name.ends_with("_bucket");
        if (!m_metric.of.name.empty() && !histogram) {
            m_map.error(
                "of", fmt::format("a quantile needs histogram buckets; {} does not end in _bucket", m_metric.of.name));
        }
        Duration top = kDefaultTopBucket;
        m_map.duration("top_bucket", top, kLongestWindow);
        if (m_metric.unit == Unit::Time) m_draft.topBuckets[m_metric.id] = top;
    }

    void readWindow()
    {
        if (!m_map.duration("window", m_metric.window, kLongestWindow)) return;
        if (m_metric.window < std::chrono::seconds(1)) m_map.error("window", "a window is at least 1s");
    }

    void readMeaning()
    {
        m_map.choice<Worse>("worse", m_metric.worse, {{"higher", Worse::Higher}, {"lower", Worse::Lower}});
        m_metric.unit = defaultUnit(m_metric);
        const bool unitGiven = m_map.choice<Unit>("unit", m_metric.unit,
                                                  {{"ratio", Unit::Ratio},
                                                   {"time", Unit::Time},
                                                   {"count", Unit::Count},
                                                   {"per-second", Unit::PerSecond},
                                                   {"plain", Unit::Plain}});
        if (unitGiven && m_metric.kind == MetricKind::Ratio && m_metric.unit != Unit::Ratio) {
            m_map.error("unit", "a ratio has the unit ratio; leave the key out");
        }
        const bool load = m_metric.kind == MetricKind::Gauge && m_metric.unit == Unit::Ratio;
        m_metric.aggregate = load ? Aggregate::Max : Aggregate::Sum;
        m_map.choice<Aggregate>("aggregate", m_metric.aggregate,
                                {{"sum", Aggregate::Sum}, {"max", Aggregate::Max}, {"mean", Aggregate::Mean}});
        m_metric.scalesWithShare = scalesByDefault(m_metric);
        m_map.flag("scales_with_share", m_metric.scalesWithShare);
    }

    void only(std::string_view key, MetricKind kind, std::string_view word)
    {
        if (m_kindKnown && m_metric.kind != kind && m_map.has(key)) {
            m_map.error(key, fmt::format("'{}' belongs to a metric of kind {}", key, word));
        }
    }

    PlaybookDraft& m_draft;
    MapReader m_map;
    Metric m_metric{};
    bool m_kindKnown{false};
};

} // namespace

void readMetrics(PlaybookDraft& draft, const YamlNode& node)
{
    const MapReader map(draft.report, node, "metrics", {}, MapReader::Extra::Allow);
    if (!map.isMap()) return;
    if (node.items.size() > kMaxMetrics) {
        draft.report.error(node, "metrics", fmt::format("{} metrics; at most {}", node.items.size(), kMaxMetrics));
        return;
    }
    for (size_t i = 0; i < node.items.size(); ++i) {
        const YamlNode& key = node.keys[i];
        if (const auto fault = nameFault(key.text)) {
            draft.report.error(key, "metrics", *fault);
        } else {
            MetricReader(draft, node.items[i], map.pathOf(key.text), key.text).read();
        }
    }
}

void readCharts(PlaybookDraft& draft, const YamlNode* node)
{
    Playbook& playbook = draft.playbook;
    if (node == nullptr) {
        for (const Metric& metric : playbook.metrics) {
            if (playbook.charts.size() < kMaxCharts) playbook.charts.push_back(metric.id);
        }
        return;
    }
    const auto& items = listItems(draft.report, *node, "charts", kMaxCharts);
    for (size_t i = 0; i < items.size(); ++i) {
        const std::string path = fmt::format("charts[{}]", i);
        const std::string* name = nameOf(draft.report, items[i], path);
        if (name == nullptr || metricNamed(draft, items[i], path, *name) == nullptr) continue;
        if (std::ranges::find(playbook.charts, *name) == playbook.charts.end())
            playbook.charts.push_back(*name);
        else
            draft.report.error(items[i], path, fmt::format("'{}' is named twice", *name));
    }
}

const Metric* metricNamed(PlaybookDraft& draft, const YamlNode& at, const std::string& path, const std::string& name)
{
    const Metric* metric = draft.playbook.metric(name);
    if (metric != nullptr) return metric;
    std::vector<std::string> known;
    for (const Metric& candidate : draft.playbook.metrics)
        known.push_back(candidate.id);
    const std::string hint = didYouMean(name, known);
    draft.report.error(at, path,
                       fmt::format("no metric is called '{}'{}", quotedForPeople(name),
                                   hint.empty() && !known.empty() ? "; there are " + listed(known) : hint));
    return nullptr;
}

std::string titleOf(std::string_view id)
{
    std::string title(id);
    std::ranges::replace(title, '_', ' ');
    if (!title.empty() && title.front() >= 'a' && title.front() <= 'z') {
        title.front() = static_cast<char>(title.front() - 'a' + 'A');
    }
    return title;
}

} // namespace sluice
