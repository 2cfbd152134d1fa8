#!/usr/bin/env bash
# Looks at the demo's result with psql, as any SQL client would, and stops the demo's services.
set -euo pipefail
cd "$(dirname "$0")/../examples/superside"

ask() {
    PGPASSWORD=warehouse psql -h localhost -p "${WAREHOUSE_PORT:-5470}" -U warehouse -d warehouse -X -A -t -c "$1"
}
expect() {
    local actual
    actual=$(ask "$2")
    if [ "$actual" != "$3" ]; then
        echo "check-demo: $1: expected '$3', found '$actual'" >&2
        exit 1
    fi
    echo "check-demo: $1: $actual"
}

expect "rows of the landing table" "select count(*) from clients.engagement_metrics" 1000
expect "rows of the mart" "select count(*) from marts.project_engagement" 998
expect "services" "select string_agg(distinct service, ', ' order by service) from marts.project_engagement" \
    "Consulting, Design, Development, Support"
expect "engagement types" \
    "select string_agg(distinct engagement_type, ', ' order by engagement_type) from marts.project_engagement" \
    "New, One-time, Recurring"
expect "sub-services" \
    "select string_agg(distinct sub_service, ', ' order by sub_service) from marts.project_engagement" \
    "Backend, Customer Service, Frontend, Strategy, UX/UI"

../../.build/release/leat down
