#!/usr/bin/env bash
# Checks what lies under deploy/: Kustomize renders, Kubernetes' own schemas take it strictly, Terraform's HCL and the compose file
# can be read. What a check needs and cannot have here is named, and the check left out.
set -euo pipefail
cd "$(dirname "$0")/.."

rendered=$(mktemp -d)
trap 'rm -rf "$rendered"' EXIT
status=0

if command -v kubectl >/dev/null; then
    for overlay in deploy/kubernetes/base deploy/kubernetes/overlays/*/; do
        name=$(basename "$overlay")
        kubectl kustomize "$overlay" >"$rendered/$name.yaml" || status=1
        echo "$name: $(grep -c '^kind:' "$rendered/$name.yaml") objects"
    done
else
    echo "skipped: Kustomize, for there is no kubectl"
fi

if command -v terraform >/dev/null; then
    terraform fmt -check -recursive deploy/terraform || status=1
else
    echo "skipped: the layout of HCL, for there is no terraform"
fi

if programs=$(scripts/connectors.sh deploy 2>/dev/null); then
    for file in "$rendered"/*.yaml; do
        [ -e "$file" ] || continue
        "$programs/kubernetes-validate" --strict --quiet "$file" || status=1
        "$programs/python" - "$file" <<'PYTHON' || status=1
import sys

import yaml

# What scrapes a cluster by annotations must find the port and the path that the server has.
for server in yaml.safe_load_all(open(sys.argv[1])):
    if server and server["kind"] == "Deployment" and server["metadata"]["name"] == "leat":
        pod = server["spec"]["template"]
        ports = [str(port["containerPort"]) for one in pod["spec"]["containers"] for port in one["ports"]]
        notes = pod["metadata"]["annotations"]
        assert notes["prometheus.io/scrape"] == "true" and notes["prometheus.io/path"] == "/metrics", notes
        assert notes["prometheus.io/port"] in ports, (notes, ports)
PYTHON
    done
    "$programs/python" - deploy/terraform/*.tf <<'PYTHON' || status=1
import sys

import hcl2

blocks = {}
for name in sys.argv[1:]:
    with open(name) as file:
        for kind, items in hcl2.load(file).items():
            blocks[kind] = blocks.get(kind, 0) + len(items)
print("terraform:", ", ".join(f"{count} {kind}" for kind, count in sorted(blocks.items()) if not kind.startswith("__")))
assert blocks.get("resource", 0) > 10
PYTHON
    "$programs/python" - <<'PYTHON' || status=1
import yaml

services = yaml.safe_load(open("deploy/compose.yaml"))["services"]
assert {"clients", "warehouse", "leat"} <= set(services)
print("compose:", ", ".join(services))
PYTHON
    compose() { "$programs/podman-compose" --file deploy/compose.yaml --env-file /dev/null config 2>&1; }
    if [ -x "$programs/podman-compose" ] && command -v podman >/dev/null; then
        CLIENTS_PASSWORD=one WAREHOUSE_PASSWORD=two compose >"$rendered/compose" || { cat "$rendered/compose" >&2; status=1; }
        grep -q 'WAREHOUSE_PASSWORD: two' "$rendered/compose" || status=1
        # Without passwords it says what to do.
        ! compose >"$rendered/compose" && grep -q 'make generate-dotenv' "$rendered/compose" || { echo "compose takes no passwords for granted" >&2; status=1; }
    else
        echo "skipped: what compose makes of its file, for there is no podman"
    fi
else
    echo "skipped: schemas and HCL, for kubernetes-validate and python-hcl2 cannot be installed"
fi
exit "$status"
