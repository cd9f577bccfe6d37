# A pipe by its path (process substitution, mkfifo, /dev/stdin) is read like "-": once, and no document names it.
sox -n -r 44100 -c 2 -b 16 loop.wav synth 0.5 sine 440 vol 0.5 pad 0 0.5 repeat 1
ok sfa-slice loop.wav --at 4 -o bank.json
ok sfa-seq bank.json -o events.json
ok sfa-separate loop.wav --engine spectral
no_pipe_named() { check "$1 names no pipe" bash -c "! grep -E '/dev/|/proc/|pipe:|named-pipe' '$1'"; }
same_samples() { same <(sox "$1" -t raw - 2>/dev/null) <(sox "$2" -t raw - 2>/dev/null); }
from_stdin() { local file=$1; shift; "$@" <"$file"; }
from_named_pipe() {
  local file=$1; shift
  rm -f named-pipe; mkfifo named-pipe
  cat "$file" >named-pipe &
  "$@"
  local code=$?
  wait
  return $code
}

# A bank of a pipe is a bank that plays.
ok sfa-slice <(cat loop.wav) --at 4 -o asked-bank.json
ok from_stdin loop.wav sfa-slice /dev/stdin --at 4 -o stdin-bank.json
ok from_named_pipe loop.wav sfa-slice named-pipe --at 4 -o named-bank.json
ok sfa-play <(sfa-seq bank.json) -o of-file.wav
for way in asked stdin named; do
  valid $way-bank.json sfa.bank
  no_pipe_named $way-bank.json
  ok sfa-play <(sfa-seq $way-bank.json) -o of-$way.wav
  same_samples of-$way.wav of-file.wav
done

# A pattern of a piped bank holds the bank.
ok sfa-seq <(cat bank.json) -o asked-events.json
ok from_stdin bank.json sfa-seq /dev/stdin -o stdin-events.json
ok from_named_pipe bank.json sfa-seq named-pipe -o named-events.json
for way in asked stdin named; do
  valid $way-events.json sfa.events
  no_pipe_named $way-events.json
  check 'the bank is held inline' test "$(json $way-events.json 'd["bank"]["format"]')" = sfa.bank
  ok sfa-midi $way-events.json -o $way.mid
  ok sfa-play $way-events.json -o of-$way-events.wav
  same_samples of-$way-events.wav of-file.wav
done

# Analyses and manifests name no source.
ok sfa-analyze <(cat loop.wav) -o analysis.json
valid analysis.json sfa.analysis
no_pipe_named analysis.json
ok from_named_pipe loop.wav sfa-analyze named-pipe -o analysis.json
no_pipe_named analysis.json
ok sfa-separate <(cat loop.wav) --engine spectral --name 'asked/{stem}.{ext}'
valid asked/stems.json sfa.stems
no_pipe_named asked/stems.json
check 'no source' test "$(json asked/stems.json 'd["source"].get("path", "")')" = ''
for stem in loop/*.wav; do same_samples "$stem" "asked/${stem##*/}"; done

# Mixes and players read what they look into first to the last byte; a mix reads it more than once.
ok sfa-mix loop.wav --ceiling -3 -o mix-of-file.wav
ok sfa-mix <(cat loop.wav) --ceiling -3 -o mix-asked.wav
ok from_named_pipe loop.wav sfa-mix named-pipe --ceiling -3 -o mix-named.wav
ok from_stdin loop.wav sfa-mix /dev/stdin --ceiling -3 -o mix-stdin.wav
ok sfa-play loop.wav -o played-of-file.wav
ok sfa-play <(cat loop.wav) -o played-asked.wav
ok from_named_pipe loop.wav sfa-play named-pipe -o played-named.wav
ok from_stdin loop.wav sfa-play /dev/stdin -o played-stdin.wav
for way in asked named stdin; do
  for what in mix played; do
    same_samples $what-$way.wav $what-of-file.wav
  done
done
fails 2 'a session cannot name' sfa-mix <(cat loop.wav) --write-session never.json
fails 1 'cannot be repeated' sfa-play <(cat loop.wav) --loop 2 -o never.wav
for tool in analyze slice play mix; do fails 1 "^sfa-$tool: " timeout 20 "sfa-$tool" <(true) -o never.wav; done
absent never.json never.wav

# Windows' editors put a byte order mark before a document.
for document in bank events; do { printf '\xef\xbb\xbf'; cat $document.json; } >$document-marked.json; done
{ printf '\xef\xbb\xbf'; cat loop/stems.json; } >loop/marked.json
ok sfa-seq bank-marked.json -o marked.json
ok sfa-play marked.json -o of-marked.wav
same_samples of-marked.wav of-file.wav
ok sfa-play events-marked.json -o of-marked-events.wav
ok sfa-midi events-marked.json -o marked.mid
ok sfa-mix loop/marked.json -o of-marked-stems.wav
ok sfa-play loop/marked.json -o played-marked-stems.wav

# A name that JSON cannot hold is told.
odd=$'caf\xe9.wav'
cp loop.wav "$odd"
for tool in slice analyze; do fails 1 $'caf\xe9\\.wav.* is not UTF-8' "sfa-$tool" "$odd"; done
fails 1 $'caf\xe9 is not UTF-8' sfa-mix "$odd" --write-session never.json
no_leftovers
