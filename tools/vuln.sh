#!/usr/bin/env bash
# Fails when a known vulnerability can be reached from a program or test helper of the workspace, with the standard library of
# the Go release in $GO_RELEASE, which releases are built with. $VULNDB is the database of vulnerabilities. By default it is
# the Go module of that name, at the version below, because a machine may reach a module proxy and nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
version=v0.0.0-20261105234957-e22db6528018
if [ -z "${VULNDB:-}" ]; then
  db=$PWD/bin/vulndb-$version
  if [ ! -d "$db" ]; then
    sources=$(GOWORK=off GOFLAGS= go mod download -json "golang.org/x/vulndb@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    tmp=$(mktemp -d "$PWD/.install.XXXXXX")
    trap 'rm -rf "$tmp"' EXIT
    echo "indexing golang.org/x/vulndb@$version (once)"
    GOWORK=off GOFLAGS= GOBIN=$tmp go install "golang.org/x/vulndb/cmd/indexdb@$version"
    "$tmp/indexdb" -vulns "$sources/data/osv" -out "$tmp/db"
    mv "$tmp/db" "$db"
  fi
  VULNDB=file://$db
fi
GOTOOLCHAIN=$GO_RELEASE "$GOVULNCHECK" -C tools -db "$VULNDB" $(go list -m -f '{{.Path}}/...')
