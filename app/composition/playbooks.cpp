// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/playbooks.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
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

Result<Playbook> parsePlaybook(const std::string& text, const std::string& name,
                               const std::map<std::string, std::string>& settings)
{
    auto read = readPlaybook(text, name, settings);
    if (auto* good = std::get_if<Playbook>(&read)) return std::move(*good);
    return asError(std::get<std::vector<Problem>>(read));
}

} // namespace sluice::app
