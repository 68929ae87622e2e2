// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/version_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <variant>

#include <fmt/format.h>

#include "app/composition/problem_lines.h"
#include "core/model/yaml_tree.h"

namespace sluice::app {

Result<VersionRegistry> readVersionFile(const std::string& path)
{
    std::error_code none;
    if (!std::filesystem::is_regular_file(path, none))
        return Error{Fault::BadInput, fmt::format("{} is no file.", path)};
    std::ifstream file(path, std::ios::binary);
    std::string text(kMaxYamlBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    if (!file.is_open() || file.bad()) return Error{Fault::BadInput, fmt::format("{} cannot be read.", path)};
    auto read = readVersions(text, path);
    if (auto* registry = std::get_if<VersionRegistry>(&read)) return std::move(*registry);
    return asError(std::get<std::vector<Problem>>(read));
}

Result<std::optional<VersionRegistry>> versionsAt(const std::string& path)
{
    if (path.empty()) return std::optional<VersionRegistry>();
    auto read = readVersionFile(path);
    if (!read.ok()) return read.error();
    return std::optional(std::move(read).value());
}

} // namespace sluice::app
