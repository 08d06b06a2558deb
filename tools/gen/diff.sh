#!/usr/bin/env bash
# Regenerates and says what changed. Works on a tree with uncommitted changes: it compares files, not commits.
set -euo pipefail
cd "$(dirname "$0")/../.."
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
cp -r api/*api api/ts/src/gen "$before"
make --no-print-directory gen
status=0
for dir in api/*api api/ts/src/gen; do
  diff -rq "$before/$(basename "$dir")" "$dir" || status=1
done
[ $status = 0 ] || echo "Generated code was not what the specs say; it is now. Commit it."
exit $status
