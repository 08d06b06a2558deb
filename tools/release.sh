#!/usr/bin/env bash
# release.sh VERSION writes what is published of a version to bin/release/VERSION. It uses no clock: times are those of the commit, so
# the same commit gives the same bytes. $TARGETS are the systems and architectures of the archives.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?say VERSION=v0.1.0}
number=${version#v}
grep -qF "## [$number]" CHANGELOG.md || { echo "release: CHANGELOG.md has no section of $number"; exit 1; }
for field in version appVersion; do
  grep -qx "$field: $number" deploy/helm/updspace/Chart.yaml || { echo "release: $field of the chart is not $number"; exit 1; }
done
[ -z "$(git status --porcelain)" ] || { echo "release: the sources have changes that are not committed"; exit 1; }

out=bin/release/$version
rm -rf "$out" && mkdir -p "$out"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# pack ARCHIVE FOLDER NAME packs a folder under a name.
pack() {
  tar --create --sort=name --mtime="@$(git log -1 --format=%ct)" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --directory "$2" "$3" | gzip -n -9 >"$out/$1"
}

go run ./tools/licences
go run ./tools/licences -notice >"$out/THIRD-PARTY-NOTICES.txt"
go run ./tools/licences -sbom "$version" >"$out/updspace-$version.cdx.json"
awk -v section="## [$number]" 'index($0, "## ") == 1 { on = index($0, section) == 1 } on' CHANGELOG.md >"$out/CHANGES.md"
for target in ${TARGETS:-linux/amd64 linux/arm64}; do
  name=updspace-$version-${target/\//-}
  echo "release: $name"
  mkdir "$tmp/$name"
  GOTOOLCHAIN=$GO_RELEASE GOOS=${target%/*} GOARCH=${target#*/} CGO_ENABLED=0 go build -ldflags='-s -w' -o "$tmp/$name/updspace" ./tools/cmd/updspace
  cp LICENSE CHANGELOG.md deploy/systemd/updspace.service "$out/THIRD-PARTY-NOTICES.txt" "$tmp/$name"
  pack "$name.tar.gz" "$tmp" "$name"
done
git archive --format=tar --prefix="updspace-$version/" HEAD | gzip -n -9 >"$out/updspace-$version-source.tar.gz"
pack "updspace-chart-$number.tgz" deploy/helm updspace
(cd "$out" && sha256sum -- * >"$tmp/SHA256SUMS" && mv "$tmp/SHA256SUMS" .)
echo "release: $out has"
(cd "$out" && ls)
