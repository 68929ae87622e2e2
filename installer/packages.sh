# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Which Debian packages Sluice needs, and how ./dev installs those that are missing. Sourced by ./dev.

# All Debian packages that building, running and testing need, bare system included.
readonly kPackages=(
    g++ cmake ninja-build ccache pkg-config
    qt6-base-dev libqt6opengl6-dev qt6-charts-dev qt6-svg-dev libqt6svg6
    qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
    libcurl4-openssl-dev nlohmann-json3-dev libsimdjson-dev libsqlite3-dev libyaml-cpp-dev libfmt-dev libspdlog-dev
    libcli11-dev libhowardhinnant-date-dev tzdata librapidcheck-dev libcpp-httplib-dev prometheus-cpp-dev
    libssl-dev libxxhash-dev libpq-dev libhiredis-dev
    haproxy prometheus openssh-client socat postgresql redis-server
    xvfb xauth fonts-roboto-unhinted fonts-jetbrains-mono fonts-noto-core
)
readonly kStylePackages=(git clang-format clang-tidy)
# Installed for their programs: Sluice starts its own, so Debian's services stay off.
readonly kServices=(haproxy prometheus postgresql redis-server)

policyFile=''

isDebian12() {
    [[ -r /etc/os-release ]] || return 1
    # shellcheck disable=SC1091
    [[ $(. /etc/os-release && echo "${ID:-} ${VERSION_ID:-}") == 'debian 12' ]]
}

missingPackages() { # PACKAGE ... -> those that are not installed, one a line
    local -A have=()
    local package
    while read -r package; do have[$package]=1; done < <(
        dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p'
    )
    for package in "$@"; do
        [[ -n ${have[$package]:-} ]] || say "$package"
    done
}

canBeRoot() {
    [[ $EUID == 0 ]] && return 0
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null && return 0
    [[ -t 0 ]] && sudo -v # asks for the password
}

asRoot() {
    if [[ $EUID == 0 ]]; then "$@"; else sudo "$@"; fi
}

# Debian starts a service as soon as its package is installed. For kServices a policy file forbids that, only while
# this process lives (a leftover of a killed one allows everything), and never in place of somebody's own policy.
forbidServices() {
    local file=/usr/sbin/policy-rc.d
    if [[ -e $file ]]; then
        grep -q 'made by Sluice' "$file" 2>/dev/null || return 0
    fi
    policyFile=$file
    asRoot tee "$file" >/dev/null <<POLICY
#!/bin/sh
# made by Sluice's ./dev while it installs packages
[ -e /proc/$$ ] || exit 0
case \$1 in $(IFS='|'; say "${kServices[*]/%/*}")) exit 101 ;; esac
exit 0
POLICY
    asRoot chmod 755 "$file"
}

removePolicy() {
    [[ -n $policyFile ]] || return 0
    asRoot rm -f "$policyFile"
    policyFile=''
}

aptInstall() { # PACKAGE ...
    local status=0
    asRoot env DEBIAN_FRONTEND=noninteractive apt-get update || say "apt-get update failed; trying with the lists that are there"
    asRoot env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" || status=$?
    local service
    for service in "${kServices[@]}"; do # only those just installed: somebody else's service stays as it is
        if [[ " $* " == *" $service "* ]] && command -v systemctl >/dev/null; then
            asRoot systemctl disable "$service" || true
        fi
    done
    return "$status"
}

needPackages() { # PACKAGE ...
    if ! isDebian12; then
        say "This is not Debian 12, the only system that Sluice is built and tried on: nothing is installed."
        local tool
        for tool in cmake ninja g++; do
            command -v "$tool" >/dev/null && continue
            complain "$tool is missing; what Debian 12 calls it: $*"
            exit "$kOutOfReach"
        done
        return
    fi
    local missing=()
    mapfile -t missing < <(missingPackages "$@")
    ((${#missing[@]} > 0)) || return 0
    local line="apt-get install -y --no-install-recommends ${missing[*]}"
    if ! canBeRoot; then
        complain "packages are missing, and neither root nor sudo is at hand. As root, run:"
        say "apt-get update && $line"
        exit "$kOutOfReach"
    fi
    forbidServices
    step "apt-${#missing[@]}" "Installing ${#missing[@]} Debian packages: ${missing[*]}" aptInstall "${missing[@]}" || {
        complain "the packages could not be installed; try it yourself:"
        say "apt-get update && $line"
        exit "$kOutOfReach"
    }
    removePolicy
}

