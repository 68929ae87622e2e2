// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/model/playbook_parts.h"
#include "core/model/text_check.h"

namespace sluice {

namespace {

constexpr Duration kLongestTest = std::chrono::minutes(10);
constexpr Duration kLongestSuite = std::chrono::hours(1);
constexpr int64_t kMostAtOnce = 16;
constexpr size_t kMaxTests = 64;
constexpr size_t kMaxSteps = 8;
constexpr size_t kMaxArguments = 64;

/// What may stand in braces, while a test is read: steps add to it.
using Names = std::set<std::string, std::less<>>;

/// `{accessToken}` would stand as it is, and nobody would see why.
bool looksLikeName(std::string_view text)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !text.empty() && std::ranges::all_of(text, letter) && nameFault(text).has_value();
}

/// What stands in braces is known.
bool areKnown(Report& report, const YamlNode& at, const std::string& path, const std::string& text, const Names& names)
{
    for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
        const std::string inside = text.substr(open + 1, std::min(text.find('}', open), text.size()) - open - 1);
        if (!looksLikeName(inside)) continue;
        report.error(at, path, *nameFault(inside));
        return false;
    }
    for (const std::string_view name : namesIn(text)) {
        if (names.contains(name)) continue;
        const std::vector<std::string> known(names.begin(), names.end());
        report.error(
            at, path,
            fmt::format("nothing is called '{}' here; there is {}{}", name, listed(known), didYouMean(name, known)));
        return false;
    }
    return true;
}

/// A text with names in braces, all of them known.
bool filledText(const MapReader& map, std::string_view key, const Names& names, std::string& out)
{
    return map.text(key, out) && areKnown(map.report(), *map.find(key), map.pathOf(key), out, names);
}

/// A name that is still free, taken; `base` and `version` have a meaning.
void takeName(const MapReader& map, std::string_view key, const std::string& name, Names& names)
{
    if (const auto fault = nameFault(name))
        map.error(key, *fault);
    else if (!names.insert(name).second)
        map.error(key, fmt::format("'{}' is taken already; choose another name", name));
}

/// `{key: value, …}` with keys of their own.
void readPairs(const MapReader& map, std::string_view key, const Names& names, std::map<std::string, std::string>& out)
{
    const YamlNode* node = map.find(key);
    if (node == nullptr) return;
    const MapReader pairs(map.report(), *node, map.pathOf(key), {}, MapReader::Extra::Allow);
    if (!pairs.isMap()) return;
    for (const YamlNode& name : node->keys)
        filledText(pairs, name.text, names, out[name.text]);
}

/// RFC 6901: parts behind '/', and '~' only as ~0 or ~1.
bool isPointer(std::string_view text)
{
    for (size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1))
        if (at + 1 >= text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
    return text.empty() || text.front() == '/';
}

void checkPointer(const MapReader& map, std::string_view key, const std::string& pointer)
{
    if (!isPointer(pointer))
        map.error(key, fmt::format("'{}' is no pointer; write it like /dependencies/redis", quotedForPeople(pointer)));
}

void readJson(const MapReader& map, const Names& names, std::vector<JsonField>& out)
{
    std::map<std::string, std::string> fields;
    readPairs(map, "json", names, fields);
    for (auto& [pointer, value] : fields) {
        checkPointer(map, "json", pointer);
        out.push_back({pointer, std::move(value)});
    }
}

void readKeep(const MapReader& map, Names& names, std::map<std::string, std::string>& out)
{
    readPairs(map, "keep", {}, out);
    for (const auto& [name, pointer] : out) {
        checkPointer(map, "keep", pointer);
        takeName(map, "keep", name, names);
    }
}

HttpStep readHttpStep(PlaybookDraft& draft, const YamlNode& node, const std::string& path, Names& names)
{
    const MapReader map(draft.report, node, path,
                        {"get", "post", "put", "delete", "headers", "body", "status", "contains", "json", "keep"});
    HttpStep step;
    int methods = 0;
    for (const auto& [key, method] :
         {std::pair("get", "GET"), {"post", "POST"}, {"put", "PUT"}, {"delete", "DELETE"}}) {
        if (!map.has(key)) continue;
        ++methods;
        step.method = method;
        filledText(map, key, names, step.url);
    }
    if (map.isMap() && methods != 1)
        draft.report.error(node, path, "a request is one of get, post, put, delete: get: /api/health");
    readPairs(map, "headers", names, step.headers);
    filledText(map, "body", names, step.body);
    int64_t status = 0;
    if (map.count("status", status, 100, 599)) step.status = static_cast<int>(status);
    filledText(map, "contains", names, step.contains);
    readJson(map, names, step.json);
    readKeep(map, names, step.keep);
    return step;
}

HttpCheck readHttp(PlaybookDraft& draft, const YamlNode& node, const std::string& path, Names names)
{
    HttpCheck check;
    if (node.kind != YamlNode::Kind::Sequence) {
        check.steps.push_back(readHttpStep(draft, node, path, names));
        return check;
    }
    const auto& items = listItems(draft.report, node, path, kMaxSteps);
    for (size_t i = 0; i < items.size(); ++i)
        check.steps.push_back(readHttpStep(draft, items[i], fmt::format("{}[{}]", path, i), names));
    return check;
}

/// `tcp: HOST:PORT`, or with more in a map: `redis: {address: HOST:PORT, password: …}`
void readAddress(const MapReader& map, std::string_view key, const Names& names, std::string& out)
{
    if (!filledText(map, key, names, out)) return;
    const size_t colon = out.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == out.size())
        map.error(key, fmt::format("'{}' is no address; write HOST:PORT", quotedForPeople(out)));
}

RedisCheck readRedis(PlaybookDraft& draft, const MapReader& test, const Names& names)
{
    RedisCheck check;
    const YamlNode& node = *test.find("redis");
    if (node.kind != YamlNode::Kind::Map) {
        readAddress(test, "redis", names, check.address);
        return check;
    }
    const MapReader map(draft.report, node, test.pathOf("redis"), {"address", "password"});
    map.require("address", "address: 127.0.0.1:6379");
    readAddress(map, "address", names, check.address);
    filledText(map, "password", names, check.password);
    return check;
}

PostgresCheck readPostgres(PlaybookDraft& draft, const MapReader& test, const Names& names)
{
    PostgresCheck check;
    const MapReader map(draft.report, *test.find("postgres"), test.pathOf("postgres"),
                        {"server", "password", "query", "is"});
    map.require("server", "server: host=127.0.0.1 dbname=shop user=smoke");
    filledText(map, "server", names, check.server);
    const bool inUrl = check.server.find("://") != std::string::npos && check.server.find('@') != std::string::npos;
    if (inUrl || check.server.find("password") != std::string::npos)
        map.error("server", "a secret is never written here; write password: '{name}' of one of the suite's secrets");
    filledText(map, "password", names, check.password);
    filledText(map, "query", names, check.query);
    std::string is;
    if (filledText(map, "is", names, is)) check.is = std::move(is);
    return check;
}

CommandCheck readCommand(PlaybookDraft& draft, const MapReader& test, const Names& names)
{
    CommandCheck check;
    const std::string path = test.pathOf("command");
    for (const YamlNode& item : listItems(draft.report, *test.find("command"), path, kMaxArguments))
        if (const std::string* text = textOf(draft.report, item, path))
            if (areKnown(draft.report, item, path, *text, names)) check.argv.push_back(*text);
    return check;
}

void readCheck(PlaybookDraft& draft, const MapReader& map, const Names& names, SmokeTest& test)
{
    int kinds = 0;
    for (const char* key : {"http", "tcp", "redis", "command", "postgres"})
        kinds += map.has(key) ? 1 : 0;
    if (map.isMap() && kinds != 1) {
        draft.report.error(map.node(), map.path(), "a test has one of http, tcp, redis, command, postgres");
        return;
    }
    if (const YamlNode* http = map.find("http")) test.check = readHttp(draft, *http, map.pathOf("http"), names);
    if (map.has("tcp")) readAddress(map, "tcp", names, test.check.emplace<TcpCheck>().address);
    if (map.has("redis")) test.check = readRedis(draft, map, names);
    if (map.has("command")) test.check = readCommand(draft, map, names);
    if (map.has("postgres")) test.check = readPostgres(draft, map, names);
}

SmokeTest readTest(PlaybookDraft& draft, const YamlNode& node, const std::string& path, const Names& names)
{
    const MapReader map(draft.report, node, path,
                        {"id", "title", "category", "critical", "timeout", "fails_with", "http", "tcp", "redis",
                         "command", "postgres"});
    SmokeTest test;
    map.require("id", "id: api-health");
    map.name("id", test.id);
    test.title = titleOf(test.id);
    map.text("title", test.title);
    map.name("category", test.category);
    map.flag("critical", test.critical);
    if (map.duration("timeout", test.timeout, kLongestTest) && test.timeout == Duration(0))
        map.error("timeout", "nothing answers in 0s");
    map.text("fails_with", test.failsWith);
    readCheck(draft, map, names, test);
    return test;
}

void readSecrets(const MapReader& map, Names& names, std::map<std::string, std::string>& out)
{
    std::map<std::string, std::string> secrets;
    readPairs(map, "secrets", {}, secrets);
    for (const auto& [name, reference] : secrets) {
        takeName(map, "secrets", name, names);
        if (reference.starts_with("env:") && reference.size() > 4)
            out[name] = reference.substr(4);
        else
            map.error("secrets", fmt::format("'{}': a secret is never written here; write it like key: env:VARIABLE",
                                             quotedForPeople(name)));
    }
}

} // namespace

void readSmoke(PlaybookDraft& draft, const YamlNode& node)
{
    const MapReader map(draft.report, node, "smoke", {"longest", "at_once", "secrets", "tests"});
    SmokeSuite& suite = draft.playbook.smoke;
    Names names{"base", "version"};
    map.duration("longest", suite.longest, kLongestSuite);
    int64_t atOnce = suite.atOnce;
    if (map.count("at_once", atOnce, 1, kMostAtOnce)) suite.atOnce = static_cast<int>(atOnce);
    readSecrets(map, names, suite.secrets);
    const YamlNode* tests = map.require("tests", "tests: [{id: api, http: {get: /api/health}}]");
    if (tests == nullptr) return;
    std::set<std::string> ids;
    const auto& items = listItems(draft.report, *tests, "smoke.tests", kMaxTests);
    for (size_t i = 0; i < items.size(); ++i) {
        const std::string path = fmt::format("smoke.tests[{}]", i);
        suite.tests.push_back(readTest(draft, items[i], path, names));
        if (!ids.insert(suite.tests.back().id).second)
            draft.report.error(items[i], path, fmt::format("another test is called '{}'", suite.tests.back().id));
    }
}

} // namespace sluice
