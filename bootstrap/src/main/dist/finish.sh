#!/bin/sh
# Completes the distribution: launcher, the runner's own jar, and the package.json by which hosts start it (npm start).
# finish.sh SOURCES JAR DISTRIBUTION
set -eu
sources=$1 jar=$2 distribution=$3
mkdir -p "$distribution/bin"
cp "$sources/bin/vibe-runner" "$distribution/bin/vibe-runner"
chmod 755 "$distribution/bin/vibe-runner"
cp "$sources/package.json" "$distribution/package.json"
chmod 644 "$distribution/package.json"
cp "$sources/lib/compile-soon" "$distribution/lib/compile-soon"
chmod 644 "$distribution/lib/compile-soon"
cp "$jar" "$distribution/lib/"
