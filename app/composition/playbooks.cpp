// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/playbooks.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <variant>
#include <vector>

#include "app/composition/problem_lines.h"
#include "core/model/playbook_reader.h"

namespace sluice::app {

namespace {

bool readFile(const std::filesystem::path& path, std::string& text)
{
    std::error_code none;
    if (!std::filesystem::is_regular_file(path, none)) return false;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream whole;
    whole << in.rdbuf();
    text = whole.str();
    return static_cast<bool>(in);
}

using Problems = std::vector<Problem>;

/// The playbook was good before `from` was put over it, so no line of it is at fault.
std::string blamed(const Problems& problems, const std::string& from)
{
    std::string lines;
    for (const Problem& problem : problems) {
        const bool inSettings = problem.path.starts_with("settings");
        lines += from + ": " + (inSettings || problem.path.empty() ? "" : problem.path + ": ") + problem.message + "\n";
    }
    return lines;
}

} // namespace

Result<std::string> playbookText(const std::string& nameOrFile, const std::string& directory)
{
    const auto& all = builtInPlaybooks();
    const auto found = std::ranges::find(all, nameOrFile, &BuiltInPlaybook::name);
    if (found != all.end()) return std::string(found->text);
    std::string text;
    if (readFile(nameOrFile, text)) return text;
    if (!directory.empty() && readFile(std::filesystem::path(directory) / nameOrFile, text)) return text;
    std::string known;
    for (const BuiltInPlaybook& one : all)
        known += (known.empty() ? "" : ", ") + std::string(one.name);
    return Error{Fault::BadInput, "There is no playbook or file '" + nameOrFile + "'; built in: " + known + "."};
}

Result<Playbook> parsePlaybook(const std::string& text, const std::string& name, const std::vector<GivenSetting>& given)
{
    auto plain = readPlaybook(text, name);
    if (const auto* problems = std::get_if<Problems>(&plain)) return asError(*problems);
    if (given.empty()) return std::get<Playbook>(std::move(plain));
    std::map<std::string, GivenSetting> newest;
    for (const GivenSetting& one : given)
        newest[one.key] = one;
    std::map<std::string, std::string> settings;
    for (const auto& [key, one] : newest)
        settings[key] = one.value;
    auto read = readPlaybook(text, name, settings);
    if (auto* good = std::get_if<Playbook>(&read)) return std::move(*good);
    std::string alone;
    std::string together;
    for (const auto& [key, one] : newest) {
        together += (together.empty() ? "" : ", ") + one.from;
        const auto tried = readPlaybook(text, name, {{key, one.value}});
        if (const auto* problems = std::get_if<Problems>(&tried)) alone += blamed(*problems, one.from);
    }
    if (alone.empty()) alone = blamed(std::get<Problems>(read), together);
    alone.pop_back();
    return Error{Fault::BadInput, alone};
}

} // namespace sluice::app
