#!/usr/bin/env bash
# Builds every module of the workspace alone, as whoever takes its folder away would, and says where a go.mod is not tidy.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0
while read -r dir; do
  (cd "$dir" && GOWORK=off go build ./... && GOWORK=off go mod tidy -diff) || { echo "modules: $(basename "$dir") is not in order"; status=1; }
done < <(go list -m -f '{{.Dir}}')
exit $status
