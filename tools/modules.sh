#!/usr/bin/env bash
# Compiles every module of the workspace alone, outside of the workspace, and reports each go.mod that is not tidy.
# `go list -export` compiles without linking the programs.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0
while read -r dir; do
  (cd "$dir" && GOWORK=off go list -export -f '' ./... >/dev/null && GOWORK=off go mod tidy -diff) || { echo "modules: $(basename "$dir") is not in order"; status=1; }
done < <(go list -m -f '{{.Dir}}')
exit $status
