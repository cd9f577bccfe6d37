#!/usr/bin/env bash
# Installs a build into a folder of its own and links a small program against it, once by
# find_package(sfa) and once by pkg-config: package_test.sh BUILD_DIR SOURCE_DIR
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work/prefix" >/dev/null

cmake -S "$2/tests/package" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$work/build" >/dev/null
"$work/build/consumer" "$work/by-cmake.wav"

export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig:$(find "$work/prefix" -name pkgconfig -type d | head -n 1)
# shellcheck disable=SC2046
${CXX:-c++} "$2/tests/package/consumer.cpp" -o "$work/consumer" $(pkg-config --cflags --libs sfa)
"$work/consumer" "$work/by-pkg-config.wav"
cmp "$work/by-cmake.wav" "$work/by-pkg-config.wav"

# Models come with their card: the licences of what they were trained on ask for it.
models=("$work"/prefix/share/sfa/models/*.safetensors)
if [ -f "${models[0]}" ] && [ ! -f "$work/prefix/share/sfa/models/README.md" ]; then
  printf 'the models are installed without their card\n'
  exit 1
fi

for wanted in bin/sfa-slice share/man/man1/sfa-slice.1 share/man/man5/sfa-bank.5 share/man/man7/sfa.7 \
  share/bash-completion/completions/sfa-slice share/zsh/site-functions/_sfa-slice \
  share/fish/vendor_completions.d/sfa-slice.fish share/sfa/schemas/sfa.bank.schema.json; do
  [ -f "$work/prefix/$wanted" ] || { printf 'not installed: %s\n' "$wanted"; exit 1; }
done
