// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/haproxy_text.h"

#include <fmt/format.h>

namespace sluice::app::lab {

namespace {

// Limits: 100 runtime connections (the default of 10 makes the 11th hang), 5 min idle on them (the default is 10 s),
// and an old worker ends at most 30 s after a reload even if somebody keeps a connection to it. A check may take 3 s:
// else it must answer within its interval, and a machine that stands still for a second would lose all its replicas at
// once.
constexpr const char* kGlobal = R"(global
    stats socket {socket} mode 600 level admin expose-fd listeners
    stats maxconn 100
    stats timeout 5m
    maxconn 4000
    nbthread 1
    hard-stop-after 30s

defaults
    mode http
    timeout connect 1s
    timeout client 60s
    timeout server 60s
    timeout http-keep-alive 60s
    timeout check 3s
    option redispatch 1
    retries 3
    http-reuse always

)";

constexpr const char* kFrontend = R"(frontend fe
    bind 127.0.0.1:{port}
    http-request set-var(txn.who) req.hdr(X-User-Id)
    http-request set-var(txn.who) src if !{{ var(txn.who) -m found }}
    http-request set-var(txn.bucket) str({service}:),concat(,txn.who),xxh32(0),mod(10000)
    http-request set-var(txn.tok) str({service}),map_str({maps}/epoch.map,none)
    http-request set-var(txn.limit) var(txn.tok),map_str_int({maps}/split.map,0)
    http-request set-var(txn.over) var(txn.bucket),sub(txn.limit)
    acl undriven     var(txn.tok) -m str none
    acl canary_up    nbsrv(canary) gt 0
    acl canary_deny  var(txn.who),map_str_int({maps}/deny.map,0)  -m int 1
    acl canary_allow var(txn.who),map_str_int({maps}/allow.map,0) -m int 1
    acl canary_hdr   req.hdr(X-Canary-Route) -m str true
    acl canary_share var(txn.over) -m int lt 0
    use_backend canary if !undriven canary_up canary_hdr
    use_backend stable if canary_deny
    use_backend canary if !undriven canary_up canary_allow || !undriven canary_up canary_share
    default_backend stable

frontend metrics
    bind 127.0.0.1:{metricsPort}
    http-request use-service prometheus-exporter if {{ path /metrics }}
    http-request deny deny_status 404

)";

constexpr const char* kBackend = R"(backend {track}
    balance roundrobin
    option httpchk GET /ready
    http-check expect status 200
    http-after-response set-header X-Canary {isCanary}
    default-server check inter 500ms fall 2 rise 1 maxconn {maxconn}
)";

std::string backendText(Track track, const std::vector<int>& ports, int proxies)
{
    const bool canary = track == Track::Canary;
    std::string text = fmt::format(fmt::runtime(kBackend), fmt::arg("track", trackName(track)),
                                   fmt::arg("isCanary", canary ? "true" : "false"),
                                   fmt::arg("maxconn", (kServiceThreads - kServiceReserve) / proxies));
    for (size_t i = 0; i < ports.size(); ++i) {
        text += fmt::format("    server {}{} 127.0.0.1:{}{}\n", canary ? 'c' : 's', i + 1, ports[i],
                            canary ? " disabled" : "");
    }
    return text;
}

} // namespace

std::string haproxyText(const Layout& layout, const ProxyPlan& proxy, const BackendPlan& backends)
{
    std::string text =
        fmt::format(fmt::runtime(kGlobal), fmt::arg("socket", layout.runtimeSocket(proxy.number).string()));
    text += fmt::format(fmt::runtime(kFrontend), fmt::arg("port", proxy.port), fmt::arg("service", kService),
                        fmt::arg("maps", layout.proxyFolder(proxy.number).string()),
                        fmt::arg("metricsPort", proxy.metricsPort));
    return text + backendText(Track::Stable, backends.stable, proxy.proxies) + "\n" +
           backendText(Track::Canary, backends.canary, proxy.proxies);
}

std::vector<std::pair<std::string, std::string>> safeMaps()
{
    return {{"epoch.map", std::string(kService) + " none\n"},
            {"split.map", "none 0\n"},
            {"allow.map", ""},
            {"deny.map", ""}};
}

} // namespace sluice::app::lab
