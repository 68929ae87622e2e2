// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/http_swarm.h"

#include <algorithm>
#include <string_view>

#include <curl/curl.h>
#include <strings.h>

namespace sluice::app::lab {

namespace {

constexpr long kConnectTimeoutMs = 2'000;

struct Slot {
    CURL* easy{nullptr};
    curl_slist* headers{nullptr};
    HttpSwarm::Answer answer{};
};

std::string headerValue(std::string_view line, std::string_view name)
{
    if (line.size() <= name.size() || line[name.size()] != ':') return {};
    if (strncasecmp(line.data(), name.data(), name.size()) != 0) return {};
    line.remove_prefix(name.size() + 1);
    const size_t begin = line.find_first_not_of(" \t");
    const size_t end = line.find_last_not_of(" \t\r\n");
    return begin == std::string_view::npos ? std::string{} : std::string(line.substr(begin, end - begin + 1));
}

size_t takeHeader(const char* data, size_t size, size_t count, void* slotPointer)
{
    HttpSwarm::Answer& answer = static_cast<Slot*>(slotPointer)->answer;
    const std::string_view line(data, size * count);
    if (std::string value = headerValue(line, "X-Track"); !value.empty()) answer.track = std::move(value);
    if (std::string value = headerValue(line, "X-Version"); !value.empty()) answer.version = std::move(value);
    if (std::string value = headerValue(line, "X-Canary"); !value.empty()) answer.canary = std::move(value);
    return size * count;
}

size_t takeBody(const char* data, size_t size, size_t count, void* slotPointer)
{
    std::string& body = static_cast<Slot*>(slotPointer)->answer.body;
    body.append(data, std::min(size * count, HttpSwarm::kMaxBody - body.size()));
    return size * count;
}

} // namespace

struct HttpSwarm::Parts {
    CURLM* m_multi{curl_multi_init()};
    std::vector<std::unique_ptr<Slot>> m_slots{};
    std::vector<Slot*> m_free{};
    int m_inFlight{0};
};

HttpSwarm::HttpSwarm(int capacity, Duration timeout)
    : m_parts(std::make_unique<Parts>())
{
    const long timeoutMs = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
    curl_multi_setopt(m_parts->m_multi, CURLMOPT_MAXCONNECTS, static_cast<long>(capacity));
    for (int i = 0; i < capacity; ++i) {
        auto slot = std::make_unique<Slot>();
        slot->easy = curl_easy_init();
        curl_easy_setopt(slot->easy, CURLOPT_PRIVATE, slot.get());
        curl_easy_setopt(slot->easy, CURLOPT_HEADERFUNCTION, takeHeader);
        curl_easy_setopt(slot->easy, CURLOPT_HEADERDATA, slot.get());
        curl_easy_setopt(slot->easy, CURLOPT_WRITEFUNCTION, takeBody);
        curl_easy_setopt(slot->easy, CURLOPT_WRITEDATA, slot.get());
        curl_easy_setopt(slot->easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(slot->easy, CURLOPT_NOPROXY, "*");
        curl_easy_setopt(slot->easy, CURLOPT_TIMEOUT_MS, timeoutMs);
        curl_easy_setopt(slot->easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
        m_parts->m_free.push_back(slot.get());
        m_parts->m_slots.push_back(std::move(slot));
    }
}

HttpSwarm::~HttpSwarm()
{
    for (const auto& slot : m_parts->m_slots) {
        curl_multi_remove_handle(m_parts->m_multi, slot->easy); // harmless for one that is not in flight
        curl_easy_cleanup(slot->easy);
        curl_slist_free_all(slot->headers);
    }
    curl_multi_cleanup(m_parts->m_multi);
}

bool HttpSwarm::ask(const Ask& ask)
{
    if (m_parts->m_free.empty()) return false;
    Slot* slot = m_parts->m_free.back();
    m_parts->m_free.pop_back();
    slot->answer = Answer{.tag = ask.tag};
    curl_slist_free_all(slot->headers);
    slot->headers = nullptr;
    for (const std::string& header : ask.headers)
        slot->headers = curl_slist_append(slot->headers, header.c_str());
    curl_easy_setopt(slot->easy, CURLOPT_URL, ask.url.c_str());
    curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, slot->headers);
    curl_multi_add_handle(m_parts->m_multi, slot->easy);
    ++m_parts->m_inFlight;
    return true;
}

std::vector<HttpSwarm::Answer> HttpSwarm::turn(Duration wait)
{
    int running = 0;
    const auto waitMs = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
    curl_multi_perform(m_parts->m_multi, &running);
    if (waitMs > 0) {
        curl_multi_poll(m_parts->m_multi, nullptr, 0, static_cast<int>(waitMs), nullptr);
        curl_multi_perform(m_parts->m_multi, &running);
    }
    std::vector<Answer> answers;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(m_parts->m_multi, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        void* pointer = nullptr;
        long status = 0;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &pointer);
        curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        Slot* slot = static_cast<Slot*>(pointer);
        slot->answer.status = message->data.result == CURLE_OK ? static_cast<int>(status) : 0;
        curl_multi_remove_handle(m_parts->m_multi, slot->easy);
        answers.push_back(std::move(slot->answer));
        m_parts->m_free.push_back(slot);
        --m_parts->m_inFlight;
    }
    return answers;
}

int HttpSwarm::inFlight() const
{
    return m_parts->m_inFlight;
}

} // namespace sluice::app::lab
