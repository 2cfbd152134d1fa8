#!/usr/bin/env bash
# Installs what the system lacks to build and run Leat. Does nothing, and needs no rights, where all is there.
set -euo pipefail

have_swift() {
    command -v swift >/dev/null
}

have_headers() {
    command -v pkg-config >/dev/null && pkg-config --exists libpq sqlite3 zlib
}

# Where Leat itself looks: PATH, pg_config, and the usual places of the packages.
have_server() {
    local folder
    for folder in ${PATH//:/ } "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin \
        /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
            local share
            share=$("$folder/pg_config" --sharedir 2>/dev/null || echo "")
            # Debian keeps a version's extensions beside the version, whichever pg_config answers.
            ls "$share"/extension/fuzzystrmatch.control \
                /usr/share/postgresql/*/extension/fuzzystrmatch.control >/dev/null 2>&1 && return 0
        fi
    done
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_debian() {
    export DEBIAN_FRONTEND=noninteractive
    # Leat starts private servers of its own; a server on port 5432 that nobody asked for is not wanted.
    if ! [ -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common/createcluster.d
        echo "create_main_cluster = false" |
            as_root tee /etc/postgresql-common/createcluster.d/leat.conf >/dev/null
    fi
    as_root apt-get update -qq
    as_root apt-get install -y -qq --no-install-recommends \
        libpq-dev libsqlite3-dev zlib1g-dev pkg-config postgresql postgresql-client postgresql-contrib >/dev/null
}

install_macos() {
    command -v brew >/dev/null || {
        echo "setup: Homebrew is needed to install PostgreSQL: see https://brew.sh" >&2
        exit 1
    }
    brew install --quiet libpq pkgconf postgresql@17 sqlite
}

if ! have_swift; then
    echo "setup: Swift 6.2 or newer is needed: see https://www.swift.org/install" >&2
    exit 1
fi
if have_headers && have_server; then exit 0; fi

echo "setup: installing PostgreSQL, its headers and SQLite's"
case "$(uname -s)" in
    Darwin) install_macos ;;
    Linux)
        if command -v apt-get >/dev/null; then
            install_debian
        else
            echo "setup: please install the headers of libpq, SQLite and zlib, pkg-config, and the PostgreSQL server" \
                "with its contrib extensions, with this system's package manager" >&2
            exit 1
        fi
        ;;
esac
