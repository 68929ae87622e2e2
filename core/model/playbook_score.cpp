// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/model/playbook_parts.h"
#include "core/model/text_check.h"
#include "core/model/units.h"

namespace sluice {

namespace {

constexpr int64_t kFullScoreMilli = 100'000;

/// The parts that have a short form (`error_rate: 30%`): formulas of Avalo's document, under "Metric Scoring".
const std::vector<ScorePart>& wellKnownParts()
{
    using Kind = ScorePart::Kind;
    static const std::vector<ScorePart> kParts{
        {"error_rate", "Error rate", 0, Kind::Linear, {"error_rate"}, 0, 20'000},
        {"latency", "Latency", 0, Kind::Linear, {"p95"}, 500'000, 1'200'000},
        {"throughput", "Throughput", 0, Kind::OfBaseline, {"requests"}, 0, 0},
        {"resources", "Resources", 0, Kind::Linear, {"cpu", "memory"}, 0, kMillion},
        {"user_impact", "User impact", 0, Kind::OfBaseline, {"active_users"}, 0, 0}};
    return kParts;
}

const ScorePart* wellKnown(std::string_view id)
{
    const auto found = std::ranges::find(wellKnownParts(), id, &ScorePart::id);
    return found == wellKnownParts().end() ? nullptr : &*found;
}

class PartReader {
public:
    PartReader(PlaybookDraft& draft, const MapReader& parts, const std::string& id, const YamlNode& node)
        : m_draft(draft)
        , m_parts(parts)
        , m_node(node)
        , m_path(parts.pathOf(id))
    {
        m_part.id = id;
        m_part.title = titleOf(id);
    }

    ScorePart read()
    {
        if (m_node.kind == YamlNode::Kind::Scalar)
            readShort();
        else
            readLong();
        return std::move(m_part);
    }

private:
    void readShort()
    {
        const ScorePart* known = wellKnown(m_part.id);
        if (known == nullptr) {
            m_draft.report.error(m_node, m_path,
                                 "this part has no short form; write {weight: 30%, metric: …, full: …, zero: …}");
            return;
        }
        m_part = *known;
        m_parts.percent(m_part.id, m_part.weightPpm);
        for (const std::string& metric : m_part.metrics)
            metricNamed(m_draft, m_node, m_path, metric);
    }

    void readLong()
    {
        const MapReader map(m_draft.report, m_node, m_path,
                            {"weight", "title", "metric", "metrics", "full", "zero", "of"});
        if (!map.isMap()) return;
        map.text("title", m_part.title);
        map.require("weight", "weight: 30%");
        map.percent("weight", m_part.weightPpm);
        readMetricNames(map);
        bool ofBaseline = false;
        map.choice<bool>("of", ofBaseline, {{"baseline", true}});
        if (map.has("of"))
            readOfBaseline(map);
        else
            readLinear(map);
    }

    void readMetricNames(const MapReader& map)
    {
        const std::string_view key = map.has("metrics") ? "metrics" : "metric";
        if (map.has("metrics") && map.has("metric"))
            map.error("metric", "'metric' and 'metrics' are both given; write one");
        if (map.require(key, "metric: error_rate") == nullptr || !map.names(key, m_part.metrics)) return;
        for (const std::string& name : m_part.metrics) {
            const Metric* metric = metricNamed(m_draft, *map.find(key), map.pathOf(key), name);
            if (metric == nullptr)
                m_usable = false;
            else if (m_first == nullptr)
                m_first = metric;
            else if (metric->unit != m_first->unit || metric->worse != m_first->worse) {
                map.error(key,
                          fmt::format("{} and {} have different units or directions; the worst of them is not defined",
                                      m_first->id, metric->id));
            }
        }
    }

    void readOfBaseline(const MapReader& map)
    {
        m_part.kind = ScorePart::Kind::OfBaseline;
        for (const char* key : {"full", "zero"}) {
            if (map.has(key)) map.error(key, "'of: baseline' scores value / baseline; it has no full and zero");
        }
        if (m_part.metrics.size() > 1) map.error("metrics", "'of: baseline' compares one metric");
        if (m_first != nullptr && m_first->worse == Worse::Higher) {
            map.error("of", m_first->id +
                                " is worse when higher (worse: higher); 'of: baseline' fits what is worse when lower");
        }
    }

    void readLinear(const MapReader& map)
    {
        const YamlNode* full = map.require("full", "full: 0% (100 points there)");
        const YamlNode* zero = map.require("zero", "zero: 2% (0 points there)");
        if (m_first == nullptr || !m_usable || full == nullptr || zero == nullptr) return;
        if (!map.amount("full", m_first->unit, m_part.full) || !map.amount("zero", m_first->unit, m_part.zero)) return;
        if (m_part.full == m_part.zero) return map.error("zero", "'full' and 'zero' are the same value");
        if ((m_part.full < m_part.zero) == (m_first->worse == Worse::Higher)) return;
        map.error("zero", fmt::format("{} is worse when {}, so 'zero' lies {} 'full'", m_first->id,
                                      m_first->worse == Worse::Higher ? "higher" : "lower",
                                      m_first->worse == Worse::Higher ? "above" : "below"));
    }

    PlaybookDraft& m_draft;
    const MapReader& m_parts;
    const YamlNode& m_node;
    std::string m_path;
    ScorePart m_part{};
    const Metric* m_first{nullptr};
    bool m_usable{true};
};

void readParts(PlaybookDraft& draft, const MapReader& map, const std::vector<std::string>& reserved)
{
    ScoreRule& score = draft.playbook.score;
    int64_t sum = 0;
    for (size_t i = 0; i < map.node().keys.size(); ++i) {
        const YamlNode& key = map.node().keys[i];
        if (std::ranges::find(reserved, key.text) != reserved.end()) continue;
        if (score.parts.size() == kMaxScoreParts) {
            draft.report.error(key, map.path(), fmt::format("more than {} parts", kMaxScoreParts));
            return;
        }
        if (const auto fault = nameFault(key.text)) {
            draft.report.error(key, map.path(), *fault);
            continue;
        }
        score.parts.push_back(PartReader(draft, map, key.text, map.node().items[i]).read());
        sum += score.parts.back().weightPpm;
    }
    if (score.parts.empty())
        draft.report.error(map.node(), map.path(), "a score has at least one part");
    else if (sum != kMillion) {
        draft.report.error(map.node(), map.path(),
                           fmt::format("the weights of the parts add up to {}, not 100%", percentUnitText(sum)));
    }
}

bool readPoints(const MapReader& map, std::string_view key, int64_t& outMilli)
{
    int64_t millionths = 0;
    if (!map.number(key, millionths)) return false;
    if (millionths % 1000 != 0) {
        map.error(key, "finer than 0.001 points");
        return false;
    }
    outMilli = millionths / 1000;
    return true;
}

void readBands(PlaybookDraft& draft, const YamlNode& node, const std::string& path)
{
    const MapReader map(draft.report, node, path, {"proceed", "watch", "pause"});
    ScoreRule& score = draft.playbook.score;
    readPoints(map, "proceed", score.proceedMilli);
    readPoints(map, "watch", score.watchMilli);
    readPoints(map, "pause", score.pauseMilli);
    const auto points = [](int64_t milli) { return amountUnitText(milli * 1000, Unit::Plain); };
    if (score.proceedMilli > kFullScoreMilli) map.error("proceed", points(score.proceedMilli) + " is above 100 points");
    if (score.watchMilli >= score.proceedMilli) {
        map.error("watch",
                  fmt::format("{} is not below proceed ({})", points(score.watchMilli), points(score.proceedMilli)));
    }
    if (score.pauseMilli >= score.watchMilli) {
        map.error("pause",
                  fmt::format("{} is not below watch ({})", points(score.pauseMilli), points(score.watchMilli)));
    }
}

/// Parts may stand beside `bands` under their well-known names, or all together under `parts`.
void readPartsOf(PlaybookDraft& draft, const MapReader& map)
{
    const std::vector<std::string> reserved{"parts", "bands", "window", "for", "share"};
    const YamlNode* parts = map.find("parts");
    if (parts == nullptr) {
        readParts(draft, map, reserved);
        return;
    }
    const MapReader inner(draft.report, *parts, map.pathOf("parts"), {}, MapReader::Extra::Allow);
    if (inner.isMap()) readParts(draft, inner, {});
    for (const YamlNode& key : map.node().keys) {
        if (wellKnown(key.text) == nullptr) continue;
        draft.report.error(key, map.path(), fmt::format("'{}' belongs under parts, with the others", key.text));
    }
}

} // namespace

void readScore(PlaybookDraft& draft, const YamlNode& node)
{
    std::vector<std::string> keys{"parts", "bands", "window", "for", "share"};
    for (const ScorePart& part : wellKnownParts())
        keys.push_back(part.id);
    const MapReader map(draft.report, node, "score", keys);
    if (!map.isMap()) return;
    ScoreRule& score = draft.playbook.score;
    readPartsOf(draft, map);
    if (const YamlNode* bands = map.find("bands")) readBands(draft, *bands, map.pathOf("bands"));
    if (map.duration("window", score.window, kLongestWindow) && score.window < std::chrono::seconds(1)) {
        map.error("window", "a window is at least 1s");
    }
    map.duration("for", score.hold, kLongestWindow);
    map.choice<bool>("share", score.shareCorrected, {{"corrected", true}, {"raw", false}});
}

} // namespace sluice
