// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/map_reader.h"
#include "core/model/playbook.h"
#include "core/model/yaml_tree.h"

// Inside of the playbook reader: one function per block of the file. Each reads what it can, reports the rest, and
// leaves defaults where nothing is given. The order matters only in that metrics come first: limits are read in their
// units.

namespace sluice {

constexpr size_t kMaxMetrics = 64;
constexpr size_t kMaxStages = 32;
constexpr size_t kMaxTriggers = 64;
constexpr size_t kMaxRequirements = 32;
constexpr size_t kMaxScoreParts = 16;
constexpr size_t kMaxItems = 32;
constexpr size_t kMaxRollbackSteps = 16;
constexpr size_t kMaxCharts = 6;
constexpr size_t kMaxSettings = 64;
constexpr size_t kMaxSettingLength = 200;
constexpr Duration kLongestWindow = std::chrono::hours(1); ///< the judge keeps a little more than that
constexpr Duration kLongestBake = std::chrono::hours(24 * 30);
constexpr Duration kDefaultTopBucket = std::chrono::seconds(10); ///< Prometheus' own default, and the lab's

/// What the blocks share while a playbook is read.
struct PlaybookDraft {
    Report& report;
    Playbook playbook{};
    std::map<std::string, Duration> topBuckets{}; ///< of quantile metrics, by id
};

void readMetrics(PlaybookDraft& draft, const YamlNode& node);
void readCharts(PlaybookDraft& draft, const YamlNode* node);
void readStages(PlaybookDraft& draft, const YamlNode& node);
void readTriggers(PlaybookDraft& draft, const YamlNode& node);
void readScore(PlaybookDraft& draft, const YamlNode& node);
void readChecklists(PlaybookDraft& draft, const YamlNode& node);
void readWatch(PlaybookDraft& draft, const YamlNode& node);
void readRollbackSteps(PlaybookDraft& draft, const YamlNode& node);
void readPromises(PlaybookDraft& draft, const YamlNode& node);
void readSmoke(PlaybookDraft& draft, const YamlNode& node);

/// `{after: 2h, then: pause}`
void readOverrun(PlaybookDraft& draft, const YamlNode& node, const std::string& path, Overrun& out);
/// `require:` of a stage or of the watch.
void readRequirements(PlaybookDraft& draft, const YamlNode& node, const std::string& path,
                      std::vector<Requirement>& out);

/// The words of a comparison, in order: a trigger's say what is BAD, a requirement's what is GOOD.
enum class ConditionUse { Trigger, Requirement };
std::vector<std::string> conditionKeys(ConditionUse use);
/// `metric`, exactly one comparison, `baseline`, `window`. False when the comparison could not be read.
bool readCondition(PlaybookDraft& draft, const MapReader& map, ConditionUse use, Condition& out);

/// The metric of that name, or a problem with the nearest one.
const Metric* metricNamed(PlaybookDraft& draft, const YamlNode& at, const std::string& path, const std::string& name);

const Choices<FailureAction>& failureActions();

/// Words of `text` as an id: "On-call engineer assigned" is "on-call-engineer-assigned".
std::string slugOf(std::string_view text);
/// "error_rate" is "Error rate".
std::string titleOf(std::string_view id);

/// Replaces the values of `settings:` in the text by `settings`, where they differ. Reports unknown names and values
/// that cannot stand in the file; the result reads back to exactly these values.
std::string withSettings(Report& report, const YamlNode& tree, std::string_view text,
                         const std::map<std::string, std::string>& settings);
/// Reads `settings:` into the draft and replaces each `${name}` elsewhere.
void expandSettings(PlaybookDraft& draft, YamlNode& tree);

} // namespace sluice
