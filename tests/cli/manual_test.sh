# Help, man pages and completions say the same, and the man pages' examples run.
tools=(analyze midi mix play separate seq slice)
unbuilt=()
if [ -x "$SFA_BIN/sfa-train" ]; then tools+=(train); else unbuilt+=(sfa-train.1); fi

for tool in "${tools[@]}"; do
  page=$SFA_SOURCE/man/sfa-$tool.1
  check "sfa-$tool has a man page" test -f "$page"
  ok "sfa-$tool" --help
  flags=$(grep -oE '(^|[ ,])--[a-z][a-z0-9-]*' <<<"$out" | tr -d ' ,' | sort -u)
  check "sfa-$tool --help lists flags" test -n "$flags"
  manual=$(mandoc -T utf8 "$page" | col -bx)
  for flag in $flags; do
    check "man sfa-$tool knows $flag" grep -qE -- "$flag([^a-z0-9-]|$)" <<<"$manual"
    check "bash completes $flag of sfa-$tool" grep -qF -- "$flag" "$SFA_BUILD/completions/bash/sfa-$tool"
    check "zsh completes $flag of sfa-$tool" grep -qF -- "$flag[" "$SFA_BUILD/completions/zsh/_sfa-$tool"
    check "fish completes $flag of sfa-$tool" grep -qE -- "-l ${flag#--}( |$)" "$SFA_BUILD/completions/fish/sfa-$tool.fish"
  done
  for flag in $(grep -oE -- '(^|[^a-z-])--[a-z][a-z0-9-]*' <<<"$manual" | grep -oE -- '--.*' | sort -u); do
    check "sfa-$tool --help knows $flag of its man page" grep -qE -- "(^|[^a-z-])$flag([^a-z0-9-]|$)" <<<"$flags
$(for other in "${tools[@]}"; do grep -q "sfa-$other.*$flag" <<<"$manual" && "sfa-$other" --help; done)"
  done
  ok "sfa-$tool" --version
  check "sfa-$tool --version names itself" test "$out" = "sfa-$tool $(sed -n 's/^project(sfa VERSION \([0-9.]*\).*/\1/p' "$SFA_SOURCE/CMakeLists.txt")"
  fails 2 "sfa-$tool: .*--no-such-flag" "sfa-$tool" --no-such-flag
  check "bash takes its completions" bash -n "$SFA_BUILD/completions/bash/sfa-$tool"
  check "zsh takes its completions" zsh -n "$SFA_BUILD/completions/zsh/_sfa-$tool"
  check "fish takes its completions" fish --no-execute "$SFA_BUILD/completions/fish/sfa-$tool.fish"
done

for page in "$SFA_SOURCE"/man/*.[157]; do
  check "$(basename "$page") is sound mdoc" test -z "$(mandoc -T lint -W warning "$page" 2>&1)"
done
for schema in "$SFA_SOURCE"/lib/io/schemas/sfa.*.schema.json; do
  document=$(basename "$schema" .schema.json)
  check "$document has a man page" test -f "$SFA_SOURCE/man/${document/./-}.5"
done

# The folder that the man pages promise.
"$SFA_BIN/demo-song" -o . --seconds 10 >/dev/null || complain 'no demo song'
mv demo-song.wav song.wav
cp stems-true/*.wav .
ok sfa-separate song.wav -o stems --name '{stem}.{ext}'
ok sfa-analyze song.wav -o analysis.json
ok sfa-slice drums.wav -o bank.json
ok sfa-seq bank.json -o events.json
for page in "$SFA_SOURCE"/man/*.[157]; do
  name=$(basename "$page")
  mapfile -t examples < <(sed -n 's/^\(\.Dl \)\{0,1\}\$ //p' "$page" | sed -e 's/\\(aq/'"'"'/g' -e 's/\\e/\\/g' -e 's/\\-/-/g' -e 's/\\&//g')
  [[ $name = sfa-*.1 ]] && check "$name has examples" test "${#examples[@]}" -gt 0
  [[ " ${unbuilt[*]} " = *" $name "* ]] && continue
  mkdir -p "in-$name" && cp -r song.wav drums.wav bass.wav other.wav vocals.wav stems analysis.json bank.json events.json "in-$name"
  for example in "${examples[@]}"; do
    check "$name: $example" bash -c "cd in-$name && set -o pipefail && { $example ; } </dev/null"
  done
done
no_leftovers
