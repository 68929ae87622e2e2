// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/report.h"

#include <fmt/format.h>

#include "app/sluicectl/answer.h"

namespace sluice::app::ctl {

namespace {

struct Word {
    const char* text;
    const char* json;
};

Word word(EndpointCheck::State state)
{
    switch (state) {
    case EndpointCheck::State::Good: return {.text = "ok   ", .json = "ok"};
    case EndpointCheck::State::Idle: return {.text = "-    ", .json = "idle"};
    case EndpointCheck::State::Wrong: return {.text = "WRONG", .json = "wrong"};
    }
    return {.text = "", .json = ""};
}

} // namespace

bool Report::line(bool good, const std::string& what, const std::string& detail)
{
    line(good ? EndpointCheck::State::Good : EndpointCheck::State::Wrong, what, detail);
    return good;
}

void Report::line(EndpointCheck::State state, const std::string& what, const std::string& detail)
{
    const Word said = word(state);
    if (state == EndpointCheck::State::Wrong) ++m_wrong;
    if (m_json)
        m_lines.push_back({{"what", what}, {"state", said.json}, {"detail", detail}});
    else
        fmt::print("{} {}{}\n", said.text, what, detail.empty() ? "" : ": " + detail);
}

void Report::endpoint(const EndpointCheck& check)
{
    if (check.state == EndpointCheck::State::Wrong) ++m_wrong;
    if (m_json)
        m_lines.push_back({{"what", check.kind + " " + check.name},
                           {"kind", check.kind},
                           {"name", check.name},
                           {"address", check.address},
                           {"state", word(check.state).json},
                           {"detail", check.detail}});
    else
        fmt::print("{} {}: {}\n", word(check.state).text, endpointText(check), check.detail);
}

void Report::paste(const std::string& title, const std::string& text)
{
    m_paste = text;
    if (!m_json) fmt::print("\n{}\n{}", title, text);
}

int Report::finish()
{
    const int code = m_wrong > 0 ? kOut : kYes;
    if (!m_json) return code;
    nlohmann::json document = {{"checks", std::move(m_lines)}, {"exitCode", code}};
    if (!m_paste.empty()) document["snippet"] = m_paste;
    printJson(document);
    return code;
}

} // namespace sluice::app::ctl
