// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sluice::app::lab {

/// Every phase of a canary release within half a minute at 60 requests a second: an approval in the middle, a watch at
/// the end, and a trigger that only a really broken canary fires.
inline constexpr const char* kProvePlaybook = R"(playbook: prove
title: Faults on real parts
strategy: canary
lab: true
before: 4s
settings: {bake: 3s}
metrics:
  error_rate:
    kind: ratio
    of: 'http_requests_total{service="$service",track="$track",code=~"5.."}'
    over: 'http_requests_total{service="$service",track="$track"}'
    window: 4s
    min_requests: 5
stages:
  - {name: Tenth, weight: 10%, replicas: 1, bake: '${bake}', min_requests: 5, require: [{metric: error_rate, below: 40%}]}
  - name: Quarter
    weight: 25%
    replicas: 1
    bake: 3s
    min_requests: 10
    require: [{metric: error_rate, below: 40%}]
    approve: {when: always, roles: [release-manager], expires: 10m}
  - {name: All, weight: 100%, replicas: 100%, bake: 2s, min_requests: 20, require: [{metric: error_rate, below: 40%}]}
triggers:
  - {metric: error_rate, above: 60%, for: 1s, action: rollback}
watch: {for: 3s, require: [{metric: error_rate, below: 40%}]}
longest: {after: 1h, then: pause}
rollback:
  - {kind: application, title: Stop the canary instances, usually: 5s}
  - {kind: validation, title: All answers name the old version, usually: 5s}
)";

} // namespace sluice::app::lab
