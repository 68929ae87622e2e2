// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/http_client.h"

#include <algorithm>
#include <cctype>
#include <mutex>
#include <thread>
#include <utility>

#include <curl/curl.h>

#include <fmt/format.h>

#include "core/base/check.h"

namespace sluice::adapters {

namespace {

constexpr int kWaitMs = 1000; ///< a wake-up ends the wait; this is only its upper end

/// curl's global state, set up once for the whole program.
void initialiseCurl()
{
    static std::once_flag once;
    std::call_once(once, [] { SLUICE_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

bool isLoopback(std::string_view url)
{
    const size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return false;
    const std::string_view rest = url.substr(scheme + 3);
    return rest.starts_with("127.") || rest.starts_with("localhost") || rest.starts_with("[::1]");
}

struct Transfer {
    CURL* easy{nullptr};
    curl_slist* headers{nullptr};
    HttpRequest request{};
    HttpClient::OnReply onReply{};
    HttpReply reply{};

    ~Transfer()
    {
        curl_easy_cleanup(easy);
        curl_slist_free_all(headers);
    }
};

size_t onBody(char* data, size_t size, size_t count, void* user)
{
    auto* transfer = static_cast<Transfer*>(user);
    const size_t bytes = size * count;
    // CURLOPT_MAXFILESIZE does not stop a body of unknown length before curl 8.4.
    if (transfer->reply.body.size() + bytes > transfer->request.maxBytes) {
        transfer->reply.outcome = HttpReply::Outcome::TooLarge;
        return 0;
    }
    transfer->reply.body.append(data, bytes);
    return bytes;
}

size_t onHeader(char* data, size_t size, size_t count, void* user)
{
    constexpr std::string_view kDate = "date:";
    std::string_view line(data, size * count);
    const auto sameLetter = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    if (line.size() > kDate.size() &&
        std::equal(kDate.begin(), kDate.end(), line.begin(), [&](char b, char a) { return sameLetter(a, b); })) {
        line.remove_prefix(kDate.size());
        while (!line.empty() && line.front() == ' ')
            line.remove_prefix(1);
        while (!line.empty() && (line.back() == '\r' || line.back() == '\n'))
            line.remove_suffix(1);
        static_cast<Transfer*>(user)->reply.date = line;
    }
    return size * count;
}

long milliseconds(Duration duration)
{
    return std::max(1L, static_cast<long>((duration.count() + 999) / 1000)); // never before the limit
}

bool prepare(Transfer& transfer)
{
    transfer.easy = curl_easy_init();
    if (transfer.easy == nullptr) return false;
    CURL* easy = transfer.easy;
    const HttpRequest& request = transfer.request;
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectLimit));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(request.limit));
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "sluice");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    // A proxy from the environment must not see what stays on this machine.
    if (isLoopback(request.url)) curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (!request.body.empty() || request.method == "POST") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    if (!request.method.empty()) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    for (const std::string& header : request.headers)
        transfer.headers = curl_slist_append(transfer.headers, header.c_str());
    if (!request.bearer.empty())
        transfer.headers =
            curl_slist_append(transfer.headers, ("Authorization: Bearer " + request.bearer.reveal()).c_str());
    // curl would wait a second for "100 Continue" before it sends a form above 1 kB.
    transfer.headers = curl_slist_append(transfer.headers, "Expect:");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers);
    return true;
}

/// What had not come when the time was over. The times of curl are 0 until then.
const char* waitedFor(CURL* easy)
{
    curl_off_t named = 0;
    curl_off_t connected = 0;
    curl_off_t sent = 0;
    curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &named);
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
    if (sent != 0) return "connected, the answer did not come"; // a kept connection has the others at 0
    if (named == 0) return "its name was not looked up";
    return connected == 0 ? "nobody took the connection" : "connected, TLS was not agreed";
}

/// Fills in how a transfer ended.
void finish(Transfer& transfer, CURLcode code)
{
    HttpReply& reply = transfer.reply;
    curl_off_t took = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_TOTAL_TIME_T, &took);
    curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &reply.status);
    reply.took = Duration(took);
    if (reply.outcome == HttpReply::Outcome::TooLarge) {
        reply.body.clear();
        reply.problem = fmt::format("the answer is larger than {} bytes", transfer.request.maxBytes);
    } else if (code == CURLE_OK) {
        reply.outcome = HttpReply::Outcome::Answered;
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
        reply.outcome = HttpReply::Outcome::TimedOut;
        reply.problem =
            fmt::format("no whole answer within {} ms: {}", milliseconds(reply.took), waitedFor(transfer.easy));
    } else {
        reply.outcome = HttpReply::Outcome::Failed;
        reply.problem = curl_easy_strerror(code);
    }
}

} // namespace

struct HttpClient::Impl {
    CURLM* multi{nullptr};
    std::mutex mutex{};
    std::vector<std::unique_ptr<Transfer>> queued{};  // guarded by mutex
    size_t underWay{0};                               // guarded by mutex
    bool stopping{false};                             // guarded by mutex
    std::vector<std::unique_ptr<Transfer>> running{}; // the thread's own
    std::thread thread{};

    bool takeQueued();
    void handOver();
    void giveBack(CURL* easy, CURLcode code);
    void run();
};

bool HttpClient::Impl::takeQueued()
{
    std::vector<std::unique_ptr<Transfer>> taken;
    {
        const std::scoped_lock lock(mutex);
        if (stopping) return false;
        taken.swap(queued);
    }
    for (auto& transfer : taken) {
        SLUICE_CHECK(prepare(*transfer));
        SLUICE_CHECK(curl_multi_add_handle(multi, transfer->easy) == CURLM_OK);
        running.push_back(std::move(transfer));
    }
    return true;
}

void HttpClient::Impl::giveBack(CURL* easy, CURLcode code)
{
    const auto found = std::ranges::find(running, easy, [](const auto& transfer) { return transfer->easy; });
    SLUICE_CHECK(found != running.end());
    const std::unique_ptr<Transfer> transfer = std::move(*found);
    running.erase(found);
    finish(*transfer, code);
    curl_multi_remove_handle(multi, easy);
    {
        const std::scoped_lock lock(mutex);
        --underWay;
    }
    transfer->onReply(std::move(transfer->reply));
}

void HttpClient::Impl::handOver()
{
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE) giveBack(message->easy_handle, message->data.result);
    }
}

void HttpClient::Impl::run()
{
    while (takeQueued()) {
        int active = 0;
        curl_multi_perform(multi, &active);
        handOver();
        curl_multi_poll(multi, nullptr, 0, kWaitMs, nullptr);
    }
    for (const auto& transfer : running)
        curl_multi_remove_handle(multi, transfer->easy);
    running.clear();
}

HttpClient::HttpClient()
    : m_impl(std::make_unique<Impl>())
{
    initialiseCurl();
    m_impl->multi = curl_multi_init();
    SLUICE_CHECK(m_impl->multi != nullptr);
    m_impl->thread = std::thread([impl = m_impl.get()] { impl->run(); });
}

HttpClient::~HttpClient()
{
    {
        const std::scoped_lock lock(m_impl->mutex);
        m_impl->stopping = true;
    }
    curl_multi_wakeup(m_impl->multi);
    m_impl->thread.join();
    m_impl->queued.clear();
    curl_multi_cleanup(m_impl->multi);
}

bool HttpClient::send(HttpRequest request, OnReply onReply)
{
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->onReply = std::move(onReply);
    {
        const std::scoped_lock lock(m_impl->mutex);
        if (m_impl->underWay >= kMaxUnderWay) return false;
        ++m_impl->underWay;
        m_impl->queued.push_back(std::move(transfer));
    }
    curl_multi_wakeup(m_impl->multi);
    return true;
}

std::string formEncoded(std::string_view text)
{
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    std::string out;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

WallTime parseHttpDate(std::string_view text)
{
    const time_t seconds = curl_getdate(std::string(text).c_str(), nullptr);
    return seconds < 0 ? WallTime() : WallTime(std::chrono::seconds(seconds));
}

} // namespace sluice::adapters
