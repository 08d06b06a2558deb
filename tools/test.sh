#!/usr/bin/env bash
# Runs the tests of every module in the workspace, with the race detector where concurrency is the subject. The servers
# the tests need are given by `updspace stack`; run through `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."

# Packages whose subject is concurrency: ballots, memberships, seats, grants, the caches of access, the outbox, sessions and streams,
# what of identity is used up once. Of the tests of the whole of identity only those of many at once are raced.
raced='^go\.updspace\.com/((voting|portal|bff|events|gamification|libs/(batch|outbox|idempotency|accessclient|ratelimit))(/|$)|access(/adapters/pg(/factcache)?)?$|identity/adapters/(pg|argon2)$)'

# Vet is part of `make lint`.
packages=$(go list $(go list -m -f '{{.Dir}}/...') | grep -vE '^go\.updspace\.com/tools/(e2e|drill)$')
status=0
go test -vet=off -timeout 20m $(grep -vE "$raced" <<<"$packages") || status=1
if [ "$(go env CGO_ENABLED)" = 1 ] && command -v "$(go env CC)" >/dev/null; then
  go test -vet=off -timeout 20m -race $(grep -E "$raced" <<<"$packages") || status=1
  go test -vet=off -timeout 5m -race -run OfMany go.updspace.com/identity || status=1
else
  echo "no C compiler: the race detector is off" >&2
  go test -vet=off -timeout 20m $(grep -E "$raced" <<<"$packages") || status=1
fi
# The whole platform, its frontends in a browser, and the platform as a cluster, alone: each needs the machine.
go test -vet=off -timeout 60m go.updspace.com/tools/e2e || status=1
go test -vet=off -timeout 20m go.updspace.com/tools/drill || status=1
exit $status
