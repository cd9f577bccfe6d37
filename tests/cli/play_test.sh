# sfa-play: what it renders, checked by sox; what it plays, recorded from a JACK server without a
# sound card; keys and signals on a terminal.
frames() { soxi -s "$1" 2>/dev/null; }
peak_of() { sox "$@" -n stat 2>&1 | sed -n 's/^Maximum amplitude: *//p'; }
# The largest sample of the difference of two sounds.
residue() { sox -m -v 1 "$1" -v -1 "$2" -t f32 -c 1 - 2>/dev/null | od -An -v -tf4 -w4 | awk '{ a = $1 < 0 ? -$1 : $1; if (a > m) m = a } END { print m + 0 }'; }
below() { awk "BEGIN { exit !($1 < $2) }"; }
same_sound() { checks=$((checks + 1)); /usr/bin/python3 "$SFA_SOURCE/tests/cli/same_sound.py" "$@" >.stdout 2>&1 || complain "$*: $(<.stdout)"; }

sox -n -r 44100 -c 2 -b 16 a.wav synth 3 sine 440 sine 660 vol 0.4
sox -n -r 44100 -c 2 -b 16 b.wav synth 2 pinknoise vol 0.4

# A file comes out as it went in, for every way of cutting it into blocks.
ok sfa-play a.wav -o out.wav
check 'rate' test "$(soxi -r out.wav 2>/dev/null)" = 44100
check 'channels' test "$(soxi -c out.wav 2>/dev/null)" = 2
check 'length' test "$(frames out.wav)" = 132300
check 'samples' test "$(residue a.wav out.wav)" = 0
for buffer in 16 441 4096; do
  ok sfa-play a.wav --buffer $buffer -o buffer-$buffer.wav
  same_sound out.wav buffer-$buffer.wav
done
before=$(stat -c '%i %y' out.wav)
ok sfa-play a.wav -o out.wav
check 'a second run changes nothing' test "$before" = "$(stat -c '%i %y' out.wav)"
sox a.wav foreign.wav
fails 1 'foreign.wav: exists' sfa-play a.wav -o foreign.wav
ok sfa-play a.wav -o foreign.wav -f

for way in 'out.wav -o out.wav --gain -6' 'out.wav -o out.wav -f'; do
  fails 1 'is the input itself' sfa-play $way
done
check 'and stays' test "$(residue a.wav out.wav)" = 0
ok sfa-play a.wav --buffer 64 --api jack --device x -o out.wav
check 'what decides nothing of the file has nothing made anew' test "$before" = "$(stat -c '%i %y' out.wav)"

sox -n -r 44100 -c 2 -b 16 long.wav synth 20 pinknoise
head -c 3000000 long.wav >cut.wav
capture bash -c 'cat cut.wav | sfa-play - -o cut-off.wav --progress bar'
check 'a failure is told on a line of its own' grep -q $'left\e\\[K\r\e\\[Ksfa-play: ' .stderr

# Parts, gain, repetition, formats, channels, rates.
ok sfa-play a.wav --start 1 --duration 0.5 -o part.wav
sox a.wav -b 32 -e float wanted.wav trim 1 0.5
check 'a part is that part' test "$(frames part.wav) $(residue wanted.wav part.wav)" = '22050 0'
ok sfa-play a.wav --gain 6.0205999 -o loud.wav
check 'gain' below "$(awk "BEGIN { d = $(peak_of loud.wav) - 2 * $(peak_of a.wav); print d < 0 ? -d : d }")" 1e-5
ok sfa-play b.wav --loop 3 -o thrice.wav
sox b.wav b.wav b.wav -b 32 -e float wanted.wav
check 'three times over' test "$(frames thrice.wav) $(residue wanted.wav thrice.wav)" = '264600 0'
ok sfa-play a.wav --bit-depth 16 -o out.flac
check 'FLAC of 16 bits' test "$(soxi -b out.flac) $(residue a.wav out.flac)" = '16 0'
ok sfa-play a.wav --gain 20 --bit-depth 16 -o clipped.wav
check 'integers clip and do not wrap' below 0.9999 "$(peak_of clipped.wav)"
for channels in 1 6; do
  sox -n -r 48000 -c $channels -b 24 many.wav synth 0.2 sine 300
  ok sfa-play many.wav -o many-out.wav -f
  check "$channels channels" test "$(soxi -c many-out.wav 2>/dev/null) $(residue many.wav many-out.wav)" = "$channels 0"
done
for rate in 8000 48000 192000; do
  ok sfa-play a.wav --sample-rate $rate -o rate-$rate.wav
  check "$rate Hz" test "$(soxi -r rate-$rate.wav 2>/dev/null) $(frames rate-$rate.wav)" = "$rate $((3 * rate))"
done
sox a.wav -b 32 -e float wanted.wav rate -v 48000
check 'conversion in windows is what sox makes in one' below "$(residue wanted.wav rate-48000.wav)" 1e-4
ok sfa-play a.wav --sample-rate 48000 --start 1.7 -o later.wav
check 'what follows a seek is as long as it should be' test "$(frames later.wav)" = $((48000 * 13 / 10))
same_sound --end rate-48000.wav later.wav
sox -n -r 44100 -c 1 empty.wav trim 0 0
ok sfa-play empty.wav -o empty-out.wav
check 'no frames in, none out' test "$(frames empty-out.wav)" = 0

# Pipes.
ok bash -c 'sfa-play a.wav -o - | sfa-play - -o piped.wav'
same_sound out.wav piped.wav
ok bash -c 'sfa-play - -o -  <a.wav | sox -t wav - -n stat 2>/dev/null'
ok bash -c 'cat a.wav | sfa-play - --start 1 --duration 0.5 -o piped-part.wav'
same_sound part.wav piped-part.wav
ok bash -c 'sfa-play - -o redirected.wav <a.wav && stat -c %i redirected.wav >inode && sfa-play - -o redirected.wav <a.wav'
check 'a file on standard input is known again' test "$(stat -c %i redirected.wav)" = "$(<inode)"
ok bash -c 'cat b.wav | sfa-play - -o redirected.wav'
check 'a pipe never is' test "$(frames redirected.wav) $(residue b.wav redirected.wav)" = '88200 0'
mkfifo pipe
ok timeout 20 bash -c 'cat a.wav >pipe & sfa-play pipe -o named-pipe.wav'
same_sound out.wav named-pipe.wav
fails 1 'cannot be repeated' bash -c 'cat a.wav | sfa-play - --loop 2 -o never.wav'

# Stems in step, the shorter one ends in silence.
hash=$(printf '0%.0s' {1..64})
mkdir s; cp a.wav b.wav s
printf '{"format": "sfa.stems", "version": 1, "source": {"path": "mix.wav", "sha256": "%s", "sample_rate": 44100, "channels": 2, "frames": 132300, "duration": 3.0},
 "engine": "spectral", "engine_note": "none", "stems": [
  {"name": "tone", "path": "a.wav", "peak_db": -8.0, "loudness_lufs": -10.0},
  {"name": "noise", "path": "b.wav", "peak_db": -8.0, "loudness_lufs": -10.0}]}' $hash >s/stems.json
sox -m -v 1 a.wav -v 1 b.wav -b 32 -e float wanted.wav
ok sfa-play s/stems.json -o stems.wav
check 'stems add up' test "$(frames stems.wav) $(residue wanted.wav stems.wav)" = '132300 0'
ok sfa-play s/stems.json --mute noise -o muted.wav
same_sound out.wav muted.wav
ok sfa-play s/stems.json --solo 1 -o solo.wav
same_sound out.wav solo.wav
ok sfa-play s/stems.json --solo tone,2 -o both.wav
same_sound stems.wav both.wav
fails 2 'no track is called drums; there are: tone, noise' sfa-play s/stems.json --mute noise,drums -o never.wav
fails 2 'no track is called 3; there are: tone, noise' sfa-play s/stems.json --solo 3 -o never.wav

# A pattern, against the same cut and joined by sox. Slices without fades: 0 to 0.1 s, 1 to 1.5 s.
sox b.wav -c 1 -b 16 source.wav
printf '{"format": "sfa.bank", "version": 1, "source": {"path": "source.wav", "sha256": "%s", "sample_rate": 44100, "channels": 1, "frames": 88200, "duration": 2.0},
 "grid": {"bpm": 120, "beats": []}, "slices": [
  {"id": 0, "begin": 0, "end": 4410, "time": 0, "duration": 0.1, "class": "noise", "note": null, "fade_in_frames": 0, "fade_out_frames": 0, "peak_db": -8, "rms_db": -20, "centroid_hz": 1000, "flatness": 0.5, "attack": 0.01},
  {"id": 1, "begin": 44100, "end": 66150, "time": 1, "duration": 0.5, "class": "noise", "note": null, "fade_in_frames": 0, "fade_out_frames": 0, "peak_db": -8, "rms_db": -20, "centroid_hz": 1000, "flatness": 0.5, "attack": 0.01}]}' $hash >bank.json
event() { printf '{"time": %s, "beat": %s, "slice": %s, "velocity": 1, "pitch": 0, "rate": 1, "reverse": %s, "pan": 0, "gate": 0, "rule": ""}' "$@"; }
printf '{"format": "sfa.events", "version": 1, "tempo": {"bpm": 120}, "bpm": 120, "meter": {"numerator": 4, "denominator": 4}, "seed": 0, "duration": 2.0, "bank": "bank.json", "mode": "seq", "rules": [], "events": [%s, %s]}' \
  "$(event 0 0 0 false)" "$(event 1 2 1 true)" >events.json
ok sfa-play events.json -o pattern.wav
sox source.wav first.wav trim 0 4410s pad 0 39690s
sox source.wav second.wav trim 44100s 22050s reverse pad 0 22050s
sox first.wav second.wav -c 2 -b 32 -e float wanted.wav
check 'slices at their frames, one reversed' test "$(frames pattern.wav) $(residue wanted.wav pattern.wav)" = '88200 0'
sed 's/"reverse": true/"stretch": 2, "reverse": false/' events.json >stretched-events.json
ok sfa-play stretched-events.json -o stretched.wav
check 'a stretched slice lasts as long as it says' test "$(frames stretched.wav)" = $((44100 + 2 * 22050))
ok bash -c 'sfa-play - -o pattern-piped.wav <events.json'
same_sound pattern.wav pattern-piped.wav
sed -e 's/"events": .*/"events": []}/' -e 's/"duration": 2.0, //' events.json >nothing.json
fails 1 ': nothing.json: has nothing to play' timeout 20 sfa-play nothing.json -o -
fails 1 ': nothing.json: has nothing to play' timeout 20 sfa-play nothing.json -o never.wav
sed '/"id": 0/d' bank.json >picked.json
sed -e 's/bank.json/picked.json/' -e 's/"slice": 0/"slice": 1/' events.json >picked-events.json
sed 's/"slice": 0/"slice": 1/' events.json >same-events.json
ok sfa-play picked-events.json -o picked.wav
ok sfa-play same-events.json -o same.wav
same_sound picked.wav same.wav  # slices keep their ids when others are taken out
sed 's/bank.json/picked.json/' events.json >lost-events.json
fails 1 ': lost-events.json: events.0.\.slice: the bank has no slice 0' sfa-play lost-events.json -o never.wav
fails 1 ': standard input: events.0.\.slice: the bank has no slice 0' bash -c 'sfa-play - -o never.wav <lost-events.json'
sed 's/"source.wav"/""/' bank.json >sourceless.json
sed 's/bank.json/sourceless.json/' events.json >sourceless-events.json
fails 1 ': sourceless-events.json: sourceless.json: source.path: names no sound' sfa-play sourceless-events.json -o never.wav
sed 's/bank.json/nowhere.json/' events.json >bankless-events.json
fails 1 ': bankless-events.json: nowhere.json: No such file' sfa-play bankless-events.json -o never.wav
sed 's/"pitch": 0, "rate": 1/"pitch": 96, "rate": 64/' events.json >fast-events.json
fails 1 ': fast-events.json: events.0.: .*speed' sfa-play fast-events.json -o never.wav
sox source.wav longer.wav pad 0 1; cp longer.wav source.wav
fails 1 'source.wav: is not the sound' sfa-play events.json -o never.wav
rm source.wav
fails 1 ': events.json: bank.json: source.wav: No such file' sfa-play events.json -o never.wav
fails 1 'bank.json: is a sfa.bank document' sfa-play bank.json -o never.wav
absent never.wav

# Mistakes.
fails 2 'FILE is required' sfa-play -o never.wav
fails 2 'api' sfa-play a.wav --api oss
fails 1 'nowhere.wav' sfa-play nowhere.wav -o never.wav
fails 1 'no/such' sfa-play a.wav -o no/such/out.wav
fails 1 '.xyz' sfa-play a.wav -o out.xyz

# Without a server there is no device, and one line says so.
export JACK_DEFAULT_SERVER=sfa-none-$$ JACK_NO_AUDIO_RESERVATION=1 JACK_NO_START_SERVER=1 PULSE_SERVER=unix:/nonexistent
fails 4 'no audio device found through jack' sfa-play a.wav --api jack
fails 4 'no audio device found through pulse' sfa-play a.wav --api pulse
fails 4 'no audio device is called Scarlett' sfa-play a.wav --api jack --device Scarlett
ok sfa-play --list-devices --api jack
check 'no devices, no lines' test -z "$out"
no_leftovers

# Devices that are not there, are taken, play at another rate, or go away, each with its own code.
source "$SFA_SOURCE/tests/cli/jack.sh"
if [ -d "$SFA_BIN/fake" ]; then
  fails 4 '^sfa-play: no audio device found through alsa$' faked none a.wav --api alsa
  fails 5 '^sfa-play: Fake: cannot be opened .*busy' faked busy a.wav --api alsa
  fails 6 '^sfa-play: Fake: does not play at 44100 Hz .it has 48000.$' faked well a.wav --api alsa --sample-rate 44100
  fails 7 '^sfa-play: Fake: the audio server went away$' faked lost a.wav --api alsa --reconnect 0
  fails 7 '^sfa-play: Fake: the audio server does not answer any more$' faked dead a.wav --api alsa --reconnect 0
  ok faked well a.wav --api alsa --duration 0.5
  capture faked lost a.wav --api alsa --reconnect 2 --duration 0.6
  check 'a device that comes back goes on' test "$code" = 0
fi

start_jack || return
ok sfa-play --list-devices --api jack
check 'the server is listed' grep -q $'^jack\tsystem\t2 channels\t48000 Hz' <<<"$out"

check 'stems live are the stems offline' live_is_offline s/stems.json --mute noise --duration 2
sox b.wav -c 1 -b 16 source.wav
check 'a pattern live is the pattern offline' live_is_offline events.json
ok bash -c 'cat a.wav | sfa-play - --start 0.1 --duration 0.2 --api jack'  # which cannot go back to its start

: >ctl
fails 1 'ctl: is there already' sfa-play a.wav --api jack --control ctl
rm ctl
fails 6 'does not play at 12345 Hz' sfa-play a.wav --api jack --sample-rate 12345

# Stems that are separated while they play.
if command -v untrained-network >/dev/null; then
  untrained-network tiny-live live.safetensors
  live_stems=(--live-stems --model live.safetensors --mute vocals)
  check 'separated live is separated offline' live_is_offline a.wav "${live_stems[@]}" --duration 0.5
fi

# Keys: mute, solo, pause, seek, volume and quit; the terminal is as before afterwards.
sox -n -r 48000 -c 2 -b 16 s/a.wav synth 30 sine 440 vol 0.4
ok on_terminal '1.5:1 0.4:s2 0.4:\x1b[A 0.4:\x1b[C 0.4:space 0.4:q' sfa-play s/stems.json --api jack
check 'q ends it well, and the echo is back' grep -qx 'status 0, raw, echo back' <<<"$out"
check '1 mutes' grep -q '1 tone M' <<<"$out"
check 's2 solos' grep -q '2 noise S' <<<"$out"
check 'up is louder' grep -q '+1 dB' <<<"$out"
check 'right is later' grep -Eq ' 0:0[6-9]\.' <<<"$out"
check 'space pauses' grep -q '|| ' <<<"$out"
check 'no colours with NO_COLOR' test "$(grep -c $'\x1b\\[[0-9]*m' <<<"$out")" = 0
for signal in SIGINT SIGTERM SIGHUP SIGSEGV; do
  # A sanitizer's handler would make an ordinary failure of a crash.
  ASAN_OPTIONS="${ASAN_OPTIONS:-}:handle_segv=0" ok on_terminal "1:$signal" sfa-play s/stems.json --api jack
  check "$signal gives the terminal back" grep -Eqx 'status -(1|2|11|15), raw, echo back' <<<"$out"
done
ok on_terminal '1:SIGTSTP 0.5:SIGCONT 0.7:q' sfa-play s/stems.json --api jack
check 'it goes on after a stop' grep -qx 'status 0, raw, echo back' <<<"$out"
ok on_terminal '1.5:q' bash -c 'sfa-play - --api jack < <(head -c 400000 a.wav; exec sleep 50 2>/dev/null </dev/null)'
check 'q ends it while a pipe stands still' grep -q '^status 0, raw' <<<"$out"
ok env TERM=dumb /usr/bin/python3 "$SFA_SOURCE/tests/cli/on_terminal.py" '1:q' sfa-play s/stems.json --api jack
check 'nothing is drawn on a dumb terminal' test "$(grep -c ' dB' <<<"$out")" = 0

if command -v untrained-network >/dev/null; then
  ok on_terminal '3:1 0.4:\x1b[C 3:\x1b[D 3:q' sfa-play s/a.wav "${live_stems[@]}" --api jack
  check 'the singer is muted from the start, the drums by a key' test "$(grep -c '1 drums M' <<<"$out")" -gt 0 -a "$(grep -c '4 vocals M' <<<"$out")" -gt 0
  check 'elsewhere a new child goes on' grep -qx 'status 0, raw, echo back' <<<"$out"
  ok on_terminal '1.5:q' bash -c 'sfa-play - --live-stems --model live.safetensors --api jack < <(head -c 400000 a.wav; exec sleep 50 2>/dev/null </dev/null)'
  check 'q ends it while the stems stand still' grep -q '^status 0, raw' <<<"$out"
fi

# The server stands still, then goes on; a signal ends what waits for it.
timeout 60 sfa-play s/stems.json --api jack </dev/null 2>still.err &
player=$!
sleep 2; pkill -STOP -P $server; sleep 5
check 'a server that stands still is waited for' grep -q 'does not answer any more: waiting for it' still.err
pkill -CONT -P $server
for _ in {1..25}; do grep -q 'is back' still.err && break; sleep 0.2; done
check 'and heard again' grep -q 'is back' still.err
pkill -STOP -P $server; sleep 0.5
kill $player
ended=no; for _ in {1..50}; do kill -0 $player 2>/dev/null || { ended=yes; break; }; sleep 0.2; done
check 'a signal ends it while the server stands still' test $ended = yes
pkill -CONT -P $server

# The server goes away and comes back, and the music goes on. libjack at times loses a lock with its server, about once
# in fifty, and then can connect to none: three tries.
for _ in 1 2 3; do
  rm -f ctl states
  timeout 60 sfa-play s/stems.json --api jack --control ctl --state states </dev/null 2>lost.err &
  player=$!
  sleep 3; stop_jack; sleep 2
  start_jack
  for _ in {1..60}; do grep -q 'is back' lost.err && break; sleep 0.2; done
  sleep 1
  kill $player; wait $player
  grep -q 'does not answer' lost.err || break
done
check 'it waited and went on' grep -q 'is back' lost.err
check 'meanwhile the position stood still' lines_are states 'len({l["time"] for l in d if not l["connected"]}) <= 2 and d[-1]["connected"] and d[-1]["playing"]'

# The server dies: one line, and no hang.
(sleep 2; kill $server) &
fails 7 'the audio server (went away|does not answer)' timeout 20 sfa-play s/stems.json --api jack --reconnect 0
wait
