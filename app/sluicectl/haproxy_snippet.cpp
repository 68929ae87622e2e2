// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/haproxy_snippet.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/adapters/haproxy_split.h"

namespace sluice::app::ctl {

namespace {

constexpr const char* kMaps = R"(
# {0}: put into the frontend; DIR is a folder that HAProxy can read
    http-request set-var(txn.who) req.hdr(X-User-Id)
    http-request set-var(txn.who) src if !{{ var(txn.who) -m found }}
    http-request set-var(txn.bucket) str({0}:),concat(,txn.who),xxh32(0),mod(10000)
    http-request set-var(txn.tok) str({0}),map_str(DIR/epoch.map,none)
    http-request set-var(txn.limit) var(txn.tok),map_str_int(DIR/split.map,0)
    http-request set-var(txn.over) var(txn.bucket),sub(txn.limit)
    acl canary_up    nbsrv({1}) gt 0
    acl canary_idle  var(txn.tok) -m str none
    acl canary_deny  var(txn.who),map_str_int(DIR/deny.map,0)  -m int 1
    acl canary_allow var(txn.who),map_str_int(DIR/allow.map,0) -m int 1
    acl canary_hdr   req.hdr(X-Canary-Route) -m str true
    acl canary_share var(txn.over) -m int lt 0
    use_backend {1} if canary_up canary_hdr !canary_idle
    use_backend {2} if canary_deny
    use_backend {1} if canary_up canary_allow !canary_idle || canary_up canary_share
    default_backend {2}
# on disk: epoch.map holds "{0} none", split.map "none 0", allow.map and deny.map are empty
# in backend {1} every server ends with "disabled": that is the safe state after a reload
# in global: stats socket /run/haproxy/{0}.sock mode 600 level admin; stats maxconn 100; stats timeout 5m
)";

constexpr const char* kWeights = R"(
# {service}: Sluice moves the weights of these servers, so the balance has to take them while it runs
# one server or more of each version, named {stable}1, {stable}2, ... and {canary}1, {canary}2, ...
backend {backend}
    balance roundrobin
    server {stable}1 127.0.0.1:8001 check weight 100
    server {canary}1 127.0.0.1:9001 check weight 100 disabled
# every {canary} server ends with "disabled": that is the safe state after a reload
# in global: stats socket /run/haproxy/{service}.sock mode 600 level admin; stats maxconn 100; stats timeout 5m
)";

std::string weightsText(const RouterConfig& router)
{
    const adapters::ServerGroup stable = adapters::stableGroup(router);
    return fmt::format(fmt::runtime(kWeights), fmt::arg("service", router.service), fmt::arg("backend", stable.backend),
                       fmt::arg("stable", stable.prefix), fmt::arg("canary", adapters::canaryGroup(router).prefix));
}

} // namespace

std::string haproxySnippet(const Connections& connections)
{
    using Split = RouterConfig::Split;
    std::string text;
    std::set<std::pair<Split, std::string>> seen;
    for (const auto& [name, router] : connections.routers) {
        if (!seen.insert({router.split, router.service}).second) continue;
        switch (router.split) {
        case Split::Map:
            text += fmt::format(fmt::runtime(kMaps), router.service, router.canaryBackend, router.stableBackend);
            break;
        case Split::Weights: text += weightsText(router); break;
        }
    }
    return text;
}

} // namespace sluice::app::ctl
