#!/usr/bin/env bash
# install.sh PACKAGE bin/NAME-VERSION builds a Go tool under that name, outside every module of ours.
set -euo pipefail
package=$1 target=$2
root=$(cd "$(dirname "$0")/.." && pwd)
name=$(basename "$target")
version=${name##*-}
tmp=$(mktemp -d "$root/.install.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
echo "installing $package@$version (once)"
GOWORK=off GOFLAGS= GOBIN=$tmp go install "$package@$version"
mkdir -p "$root/bin"
mv "$tmp"/* "$root/$target"
