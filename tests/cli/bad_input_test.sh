# Whatever is handed to a tool: one line, a code, nothing under the output's name.
sound_tools=(sfa-analyze sfa-slice sfa-separate sfa-play sfa-mix)
document_tools=(sfa-seq sfa-midi sfa-play sfa-mix)

sox -n -r 44100 -c 2 -b 16 good.wav synth 1 sine 440 vol 0.5
: >empty.wav
head -c 1000 good.wav >truncated.wav
head -c 30 good.wav >header-only.wav
/usr/bin/python3 -c 'import random, sys; sys.stdout.buffer.write(random.Random(1).randbytes(5000))' >noise.wav
printf 'hello\n' >text.wav
mkdir folder.wav
/usr/bin/python3 - <<'PY'
import struct
def wav(name, fmt, data, channels=1, rate=44100, bits=32):
    block = max(1, channels * bits // 8)
    head = struct.pack('<HHIIHH', fmt, channels, rate, rate * block & 0xffffffff, block & 0xffff, bits)
    body = b'WAVEfmt ' + struct.pack('<I', 16) + head + b'data' + struct.pack('<I', len(data)) + data
    open(name, 'wb').write(b'RIFF' + struct.pack('<I', len(body)) + body)
f = lambda *x: struct.pack('<%df' % len(x), *x)
wav('nan.wav', 3, f(0, float('nan'), 0.5) * 1000)
wav('inf.wav', 3, f(0, float('inf'), 0.5) * 1000)
wav('no-channels.wav', 3, f(0, 0.5) * 1000, channels=0)
wav('many-channels.wav', 3, f(*([0.1] * 65)) * 100, channels=65)
wav('no-rate.wav', 3, f(0, 0.5) * 1000, rate=0)
PY

out_for() { [ "$1" = sfa-separate ] && echo out || echo out.wav; }

for tool in "${sound_tools[@]}"; do
  for bad in missing.wav empty.wav truncated.wav header-only.wav noise.wav text.wav folder.wav nan.wav inf.wav \
    no-channels.wav many-channels.wav no-rate.wav; do
    fails 1 "^$tool: .*$bad" "$tool" "$bad" -o "$(out_for "$tool")"
    absent out.wav out/stems.json
  done
  fails 2 "^$tool: " "$tool"
done

printf '{"format":"sfa.bank"' >cut.json
printf '{"format":"sfa.unknown","version":1}' >unknown.json
printf '[1,2,3]' >array.json
printf '{"format":"sfa.events","version":99,"events":[]}' >future.json
printf '{"format":"sfa.bank","version":1,"source":7,"slices":{}}' >wrong-types.json
printf '{"format":"sfa.events","version":1,"tempo":{"bpm":1e999},"events":[]}' >huge-number.json
printf '\xff\xfe{"format":"sfa.events"}' >not-utf8.json
/usr/bin/python3 -c 'print("[" * 2000000)' >deep.json
/usr/bin/python3 -c 'print("{\"format\":\"sfa.events\",\"version\":1,\"a\":" + "[" * 200000 + "]" * 200000 + "}")' >deep-member.json
: >empty.json
for tool in "${document_tools[@]}"; do
  for bad in missing.json empty.json cut.json unknown.json array.json future.json wrong-types.json huge-number.json \
    not-utf8.json deep.json deep-member.json folder.wav; do
    fails 1 "^$tool: .*$bad" "$tool" "$bad" -o out.bin
    absent out.bin
  done
done

# Outputs that cannot be written.
ok sfa-slice good.wav --at 4 -o bank.json
ok sfa-seq bank.json -o events.json
full() { bash -c "$1 >/dev/full"; }
fails 1 'No space left' full 'sfa-analyze good.wav'
fails 1 'No space left' full 'sfa-slice good.wav --at 4'
fails 1 'No space left' full 'sfa-seq bank.json'
fails 1 'No space left' full 'sfa-midi events.json'
fails 1 'No space left' full 'sfa-play events.json -o -'
fails 1 'No space left' full 'sfa-mix good.wav -o -'
fails 1 'No space left' full 'sfa-separate good.wav --engine spectral --stem drums -o -'
for tool in analyze slice mix play; do
  fails 1 '/dev/full: No space left' "sfa-$tool" good.wav -o /dev/full
  to_pipe() { bash -c "set -o pipefail; sfa-$tool good.wav -o /dev/stdout | cat >piped; sfa-$tool good.wav -o >(cat >asked); wait \$!"; }
  ok to_pipe
  check "sfa-$tool writes to pipes" test -s asked
  same piped asked
  echo old >log
  to_log() { bash -c "sfa-$tool good.wav -o /dev/stdout >>log"; }
  ok to_log
  check "sfa-$tool leaves what a log holds" test "$(head -n 1 log | tr -d '\0')" = old
  fails 1 "no/such" "sfa-$tool" good.wav -o no/such/out.wav
done
echo old >log
session_to_log() { bash -c 'sfa-mix good.wav --write-session - >>log'; }
ok session_to_log
check 'a session leaves what a log holds' test "$(head -n 1 log)" = old
check 'a session comes behind it' test "$(sed -n 2p log)" = '{'
limited() { bash -c "ulimit -f 8; $1"; }  # 8 KiB, and then writing fails
fails 1 'too large|No space' limited 'sfa-play good.wav -o out.wav'
fails 1 'too large|No space' limited 'sfa-mix good.wav -o out.wav'
fails 1 'too large|No space' limited 'sfa-separate good.wav --engine spectral -o out'
absent out.wav out/stems.json out/good/stems.json

# Somebody else's file stays.
for tool in analyze slice mix play; do
  cp good.wav theirs.wav
  fails 1 'exists.*-f' "sfa-$tool" good.wav -o theirs.wav
  same good.wav theirs.wav
  ok "sfa-$tool" good.wav -o theirs.wav -f
  check "sfa-$tool -f overwrites" bash -c '! cmp -s good.wav theirs.wav'
done

# A beginning at or past the end, of files and of streams whose length shows at their end only.
endless() { bash -c "sfa-play good.wav -o - | sfa-$1"; }
for tool in analyze slice mix play; do
  for start in 1 5.5; do
    fails 1 ": good.wav: --start $start.* is not before its end at 1.000 s" "sfa-$tool" good.wav --start $start -o past.out.wav
    fails 1 ': standard input: --start .* is not before its end at 1.000 s' endless "$tool - --start $start -o past.out.wav"
  done
done
fails 1 ': standard input: --start 5.000 .* at 1.000 s' endless 'play - --start 5 --sample-rate 48000 -o -'
fails 1 ': events.json: --start 1000.000 is not before its end' sfa-play events.json --start 1000 -o past.out.wav
fails 1 ': good.wav, good.wav: --start 5' sfa-mix good.wav good.wav --start 5 -o past.out.wav
absent past.out.wav
no_leftovers

# Numbers that are none.
for number in nan -nan inf -inf; do
  for tool in analyze slice mix play; do
    fails 2 "start: $number is not a number from 0 to" "sfa-$tool" good.wav --start=$number
    fails 2 "duration: $number is not a number from 0 to" "sfa-$tool" good.wav --duration=$number
  done
  fails 2 'gain' sfa-play good.wav --gain=$number -o out.wav
  fails 2 'target-lufs' sfa-mix good.wav --target-lufs=$number -o out.wav
  fails 2 'sensitivity' sfa-slice good.wav --sensitivity=$number
  fails 2 'swing' sfa-seq bank.json --swing=$number
done
fails 2 'bars' sfa-seq bank.json --bars 1.5
absent out.wav

# Several inputs: the rest goes on.
capture sfa-analyze good.wav missing.wav good.wav
check 'some failed: exit 3' test "$code" = 3
check 'the others are there' test "$(wc -l <<<"$out")" = 2
capture sfa-analyze missing.wav text.wav
check 'all failed: exit 1' test "$code" = 1
no_leftovers
