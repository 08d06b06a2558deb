#!/usr/bin/env bash
# Compares every spec with the last release, or with the commit where this branch left main while there is none, and fails on a
# breaking change.
set -euo pipefail
cd "$(dirname "$0")/../.."
base=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) ||
  base=$(git merge-base HEAD origin/main 2>/dev/null) ||
  base=$(git merge-base HEAD main 2>/dev/null) ||
  { echo "contract: no release and no main to compare with; passing"; exit 0; }
old=$(mktemp -d)
trap 'rm -rf "$old"' EXIT
if ! git archive "$base" api/openapi 2>/dev/null | tar -x -C "$old"; then
  echo "contract: $base has no specs yet; passing"
  exit 0
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
