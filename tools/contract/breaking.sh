#!/usr/bin/env bash
# Compares every spec with the last release, and fails on a breaking change. What the release promised is in the base line
# (tools/baseline). While there is none, the specs are compared with the commit where this branch left main.
set -euo pipefail
cd "$(dirname "$0")/../.."
old=$(mktemp -d)
trap 'rm -rf "$old"' EXIT
recorded=tools/baseline/recorded
if [ -f $recorded/version ]; then
  base=$(cat $recorded/version)
  mkdir -p "$old/api" && cp -r $recorded/openapi "$old/api"
else
  base=$(git merge-base HEAD origin/main 2>/dev/null) ||
    base=$(git merge-base HEAD main 2>/dev/null) ||
    { echo "contract: no release and no main to compare with; passing"; exit 0; }
  if ! git archive "$base" api/openapi 2>/dev/null | tar -x -C "$old"; then
    echo "contract: $base has no specs yet; passing"
    exit 0
  fi
fi
status=0
for spec in "$old"/api/openapi/*.yaml; do
  name=$(basename "$spec")
  [ "$name" != common.yaml ] || continue # seen through the specs that refer to it
  if [ ! -f "api/openapi/$name" ]; then
    echo "contract: $name is gone, and $base has it"
    status=1
    continue
  fi
  echo "contract: $name since $base"
  "$OASDIFF" breaking --fail-on ERR "$spec" "api/openapi/$name" || status=1
done
[ $status != 0 ] || echo "contract: nothing that $base promised is broken"
exit $status
