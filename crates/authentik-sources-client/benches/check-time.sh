#!/usr/bin/env bash
# How long `cargo check` takes for this client with its types, and for authentik's own client, on this machine.
#
# usage: check-time.sh [VERSION [RUNS]]     a version of authentik-client on crates.io, and how often to check each
#
# Both are dependencies of one workspace made for the purpose; what they depend on is checked beforehand. The runs
# alternate, so that a busy moment hits both. Prints how the medians compare; fails if ours is more than a fifth.
set -euo pipefail

version="${1:-2026.8.5}"
runs="${2:-5}"
crates="$(cd "$(dirname "$0")/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target"

member() {
    mkdir -p "$work/$1/src"
    touch "$work/$1/src/lib.rs"
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n%s\n' "$1" "$2" > "$work/$1/Cargo.toml"
}
printf '[workspace]\nresolver = "3"\nmembers = ["with-ours", "with-official"]\n' > "$work/Cargo.toml"
member with-ours "authentik-sources-client = { path = \"$crates/authentik-sources-client\" }"
member with-official "authentik-client = { version = \"=$version\", default-features = false, features = [\"rustls\"] }"

# Seconds to check the member $1 after the packages that follow were forgotten.
timed() {
    local member="$1" package start
    shift
    for package in "$@"; do
        cargo clean --quiet --manifest-path "$work/Cargo.toml" --package "$package"
    done
    start="$(date +%s.%N)"
    cargo check --quiet --manifest-path "$work/Cargo.toml" --package "$member"
    awk -v start="$start" -v end="$(date +%s.%N)" 'BEGIN { printf "%.2f\n", end - start }'
}

cargo check --quiet --manifest-path "$work/Cargo.toml" --workspace
for _ in $(seq "$runs"); do
    timed with-ours authentik-sources-client authentik-sources-types >> "$work/ours"
    timed with-official authentik-client >> "$work/official"
done

median() { sort -n "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
awk -v ours="$(median "$work/ours")" -v official="$(median "$work/official")" -v version="$version" -v runs="$runs" 'BEGIN {
    printf "authentik-client %s takes %.1f times as long to check as this client with its types (medians of %d runs)\n",
        version, official / ours, runs
    exit ours * 5 > official
}'
