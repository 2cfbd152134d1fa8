#!/usr/bin/env bash
# Builds an image of the binary and, by `leat image build`, one of the example; runs it as an ordinary user; pushes it to a registry of
# its own: check-image.sh LEAT
#
# The image is made from nothing and the binary's own libraries, so that no image has to be fetched; deploy/Containerfile does the
# same over Debian. Where buildah, podman or docker-registry are missing it says so and is done.
set -euo pipefail
leat=$(readlink -f "$1")
cd "$(dirname "$0")/.."

for program in buildah podman docker-registry curl; do
    command -v $program >/dev/null || { echo "skipped: there is no $program"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: mounting an image needs root"; exit 0; }

work=$(mktemp -d)
registry=
container=
cleanup() {
    [ -z "$registry" ] || kill "$registry" 2>/dev/null || true
    [ -z "$container" ] || buildah rm "$container" >/dev/null 2>&1 || true
    buildah rmi --force localhost/leat-check "localhost:$port/superside:check" >/dev/null 2>&1 || true
    rm -rf "$work"
}
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
trap cleanup EXIT

container=$(buildah from scratch)
root=$(buildah mount "$container")
install -D "$leat" "$root/usr/local/bin/leat"
ln -s leat "$root/usr/local/bin/dbt"
while IFS= read -r library; do
    install -D "$(readlink -f "$library")" "$root$library"
done < <(ldd "$leat" | grep -oE '/[^ ]+' | sort -u)
mkdir -p "$root/etc" "$root/tmp" "$root/project"
chmod 1777 "$root/tmp"
echo 'leat:x:10001:10001::/project:/usr/sbin/nologin' >"$root/etc/passwd"
echo 'leat:x:10001:' >"$root/etc/group"
chown 10001:10001 "$root/project"
buildah umount "$container" >/dev/null
buildah config --user 10001:10001 --workingdir /project --env LEAT_PROJECT_DIR=/project \
    --entrypoint '["/usr/local/bin/leat"]' "$container"
buildah commit --quiet "$container" leat-check >/dev/null

cat >"$work/registry.yml" <<REGISTRY
version: 0.1
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: "127.0.0.1:$port"}
REGISTRY
docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
registry=$!
until curl -fs "http://127.0.0.1:$port/v2/" >/dev/null; do
    kill -0 "$registry" 2>/dev/null || { cat "$work/registry.log" >&2; exit 1; }
    sleep 0.1
done

image=localhost:$port/superside:check
"$leat" image build --project-dir examples/superside --base localhost/leat-check --tag "$image" --engine buildah --push --insecure \
    >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
curl -fs "http://127.0.0.1:$port/v2/superside/tags/list" | grep -q '"check"'

# As a cluster would: fetched from the registry, as user 10001, with a root that cannot be written.
buildah rmi --force "$image" >/dev/null
run=(podman run --rm --runtime runc --network=host --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --read-only --tls-verify=false)
"${run[@]}" "$image" --version
"${run[@]}" "$image" validate
echo "image: $(podman image inspect "$image" --format '{{.Size}}' | awk '{printf "%.0f MB", $1 / 1e6}'), user $(podman image inspect "$image" --format '{{.Config.User}}')"
