#!/usr/bin/env bash
# Installs a browser for the tests that look at the pages, where it can be had without asking: Chromium with its driver, from the
# system's packages. Where it cannot be had, those tests are skipped, and this says why; it never fails.
set -uo pipefail

have_browser() {
    command -v chromedriver >/dev/null && { command -v chromium >/dev/null || command -v google-chrome >/dev/null; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

without() {
    echo "setup-browser: no browser, so the tests that need one are skipped: $1"
    exit 0
}

if have_browser; then exit 0; fi
[ "$(uname -s)" = Linux ] || without "install Chrome and chromedriver to run them here"
command -v apt-get >/dev/null || without "install chromium and chromedriver with this system's package manager"
if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then without "packages can only be installed by root"; fi

export DEBIAN_FRONTEND=noninteractive
# Debian's own packages are programs; elsewhere 'chromium' may be a stub that wants a service to install the rest.
grep -qs '^ID=debian' /etc/os-release || without "this system's packages have no chromium that runs by itself"
echo "setup-browser: installing chromium and chromium-driver"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ as_root apt-get update -qq && as_root timeout 300 apt-get install -y -qq --no-install-recommends chromium chromium-driver; } \
    >"$log" 2>&1 || without "$(tail -n 1 "$log")"
have_browser || without "the packages have no chromedriver"
