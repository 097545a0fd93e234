#!/bin/sh
# Completes the distribution: launcher and the runner's own jar. finish.sh SOURCES JAR DISTRIBUTION
set -eu
sources=$1 jar=$2 distribution=$3
mkdir -p "$distribution/bin"
cp "$sources/bin/vibe-runner" "$distribution/bin/vibe-runner"
chmod 755 "$distribution/bin/vibe-runner"
cp "$jar" "$distribution/lib/"
