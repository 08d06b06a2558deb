#!/usr/bin/env bash
# Regenerates and prints what changed. It compares files, not commits, so it works on a tree with uncommitted changes.
set -euo pipefail
cd "$(dirname "$0")/../.."
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
cp -r api/*api api/*events api/ts/src/gen docs/operate/settings.md "$before"
make --no-print-directory gen
status=0
for dir in api/*api api/*events api/ts/src/gen docs/operate/settings.md; do
  diff -rq "$before/$(basename "$dir")" "$dir" || status=1
done
[ $status = 0 ] || echo "What is generated did not match its sources. It does now: commit it."
exit $status
