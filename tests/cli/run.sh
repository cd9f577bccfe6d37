#!/usr/bin/env bash
# Runs one CLI test in an empty folder of its own: run.sh TEST.sh
set -u
work=$(mktemp -d)
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
export HOME=$work/home XDG_CACHE_HOME=$work/cache PATH=$SFA_BIN:$PATH LC_ALL=C.UTF-8 NO_COLOR=1
mkdir -p "$HOME" "$work/here"
cd "$work/here"
source "$SFA_SOURCE/tests/cli/harness.sh"
source "$1"
finish
