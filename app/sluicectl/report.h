// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "app/composition/connection_check.h"

namespace sluice::app::ctl {

/// The lines of a check: what was looked at, whether it is well, and what to do when it is not. Prints each as it
/// comes, or with `json` all of them as one document at the end.
class Report {
public:
    explicit Report(bool json)
        : m_json(json)
    {
    }

    void line(EndpointCheck::State state, const std::string& what, const std::string& detail);
    /// Good or wrong; returns `good`.
    bool line(bool good, const std::string& what, const std::string& detail);
    void endpoint(const EndpointCheck& check);
    /// Text for people to paste, behind the lines.
    void paste(const std::string& title, const std::string& text);
    /// The exit code: kOut when a line was wrong.
    int finish();

private:
    bool m_json;
    int m_wrong{0};
    nlohmann::json m_lines = nlohmann::json::array();
    std::string m_paste{};
};

} // namespace sluice::app::ctl
