#!/usr/bin/env bash
# Makes the bundles of a cloud's function under dist/, for both architectures,
# with checksums and bills of materials: the same bytes from any clone of the same
# commit, with the same Go. LEEWAY_VERSION is what they are called.
set -euo pipefail
cd "$(dirname "$0")/.."

cloud=${1:?usage: package.sh aws}
version=${LEEWAY_VERSION:-dev} commit=${LEEWAY_COMMIT:-unknown}
case $cloud in
  aws) binary=bootstrap tags=lambda.norpc,nethttpomithttp2 ;;
  *) echo "package.sh: no function for $cloud" >&2; exit 2 ;;
esac

mkdir -p dist
for arch in arm64 amd64; do
  CGO_ENABLED=0 GOOS=linux GOARCH=$arch go build -trimpath -buildvcs=false -tags "$tags" \
    -ldflags "-s -w -buildid= -X main.version=$version -X main.commit=$commit" -o "dist/$arch/$binary" "./functions/$cloud"
  go run ./scripts/pack -binary "dist/$arch/$binary" -version "$version" "dist/leeway-$cloud-$arch.zip"
done
(cd dist && sha256sum "leeway-$cloud"-*.zip "leeway-$cloud"-*.sbom.json >"leeway-$cloud.sha256")

# What a cold start loads: past this it is felt.
for arch in arm64 amd64; do
  for part in "dist/leeway-$cloud-$arch.zip 6000000" "dist/$arch/$binary 15000000"; do
    read -r file most <<<"$part"
    size=$(wc -c <"$file")
    [ "$size" -le "$most" ] || echo "$file has $size bytes, more than the $most that are aimed at"
  done
done
