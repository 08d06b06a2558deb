#!/usr/bin/env bash
# Runs the tests of every module in the workspace, with the race detector where concurrency is the subject. The services
# the tests need are given by `updspace stack`; run through `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."

# Ballots and members racing, instances of access that forget together, the outbox relay and its consumers, the gateway's sessions and streams.
raced='^go\.updspace\.com/((voting|portal|bff|libs/(outbox|idempotency|accessclient|ratelimit))(/|$)|access(/adapters/(snapshot|pg))?$)'

packages=$(go list $(go list -m -f '{{.Dir}}/...'))
status=0
go test -timeout 10m $(grep -vE "$raced" <<<"$packages") || status=1
if [ "$(go env CGO_ENABLED)" = 1 ] && command -v "$(go env CC)" >/dev/null; then
  go test -timeout 10m -race $(grep -E "$raced" <<<"$packages") || status=1
else
  echo "no C compiler: the race detector is off" >&2
  go test -timeout 10m $(grep -E "$raced" <<<"$packages") || status=1
fi
exit $status
