# A tool that is killed at any moment leaves nothing under its output's name that is not whole,
# and one that is interrupted leaves nothing at all.
sox -n -r 44100 -c 2 -b 16 long.wav synth 240 pinknoise vol 0.5 tremolo 2 90
sox -n -r 44100 -c 2 -b 16 short.wav synth 2 pinknoise vol 0.5 tremolo 2 90
ok sfa-slice short.wav --at 8 -o bank.json
ok sfa-seq bank.json --bars 4000 -o events.json

# whole RESULT: what there is of a file or folder is as the uninterrupted run made it; a folder's manifest
# is written last, so that with it all is there.
whole() {
  local file
  while IFS= read -r file; do
    cmp -s "$file" "uninterrupted${file#"$1"}" || return 1
  done < <(find "$1" -type f ! -name '.*.sfa-*.tmp')
  [ ! -e "$1/stems.json" ] || diff -rq -x '.*.sfa-*.tmp' "$1" uninterrupted >/dev/null
}

# interrupted SIGNAL RESULT COMMAND...: for several delays, RESULT is absent or whole.
interrupted() {
  local signal=$1 result=$2; shift 2
  rm -rf "$result" uninterrupted
  "$@" >/dev/null 2>&1 || complain "$* fails uninterrupted"
  mv "$result" uninterrupted
  local delay
  for delay in 0.01 0.03 0.1 0.3; do
    checks=$((checks + 1))
    rm -rf "$result"
    env --default-signal=INT "$@" >/dev/null 2>&1 &  # a shell's background jobs ignore SIGINT
    local pid=$!
    sleep "$delay"
    kill "-$signal" $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ ! -e "$result" ] || whole "$result" || complain "$signal after $delay s of $*: $result is not whole"
    if [ "$signal" = KILL ]; then find . -name '.*.sfa-*.tmp' -delete; else no_leftovers; fi
  done
}

for signal in KILL INT TERM; do
  interrupted $signal out.json sfa-analyze long.wav -o out.json
  interrupted $signal out.json sfa-slice long.wav -o out.json
  interrupted $signal out.json sfa-seq bank.json --bars 9999 -o out.json
  interrupted $signal out.mid sfa-midi events.json -o out.mid
  interrupted $signal out.wav sfa-play long.wav -o out.wav
  interrupted $signal out.flac sfa-mix long.wav short.wav -o out.flac
  interrupted $signal stems sfa-separate short.wav --engine spectral -o stems --name '{stem}.{ext}'
done
