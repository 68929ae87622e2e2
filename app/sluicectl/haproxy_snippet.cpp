// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/haproxy_snippet.h"

#include <set>

#include <fmt/format.h>

namespace sluice::app::ctl {

namespace {

constexpr const char* kTemplate = R"(
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

} // namespace

std::string haproxySnippet(const Connections& connections)
{
    std::string text;
    std::set<std::string> seen;
    for (const auto& [name, router] : connections.routers)
        if (router.split == RouterConfig::Split::Map && seen.insert(router.service).second)
            text += fmt::format(fmt::runtime(kTemplate), router.service, router.canaryBackend, router.stableBackend);
    return text;
}

} // namespace sluice::app::ctl
