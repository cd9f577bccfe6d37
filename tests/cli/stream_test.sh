# sfa-separate --stream and sfa-play --live-stems, with a small causal network that nobody trained: of what it
# separates only the way is judged here.
sox -n -r 44100 -c 2 -b 16 song.wav synth 3 pinknoise sine 300 vol 0.4
if sfa-separate --list-engines | grep -q '^libtorch: .*\(without\|cannot\)'; then
  fails 1 '--stream needs libtorch' sfa-separate --stream song.wav
  fails 1 '--stream needs libtorch' sfa-play song.wav --live-stems -o never.wav
  absent never.wav
  return
fi
untrained-network tiny-live live.safetensors
stream() { sfa-separate --stream --model live.safetensors "$@"; }
streamed() { stream "${@:2}" >"$1"; }
sums() { check "sums $*" /usr/bin/python3 "$SFA_SOURCE/tests/cli/sums.py" --within 1e-5 "$@"; }
same_sound() { check "$* hold the same" /usr/bin/python3 "$SFA_SOURCE/tests/cli/same_sound.py" "$@"; }
samples() { ffmpeg -v error -i "$1" -f f32le - | sha256sum; }
same_samples() { check "$1 and $2 sound the same" test "$(samples "$1")" = "$(samples "$2")"; }
# part FROM TO CHANNELS...: some channels of a WAV
part() {
  local layout='' n=0 channel
  for channel in "${@:3}"; do layout+="|c$n=c$channel"; n=$((n + 1)); done
  ffmpeg -v error -y -i "$1" -af "pan=${n}c$layout" -c:a pcm_f32le "$2"
}
facts() { ffprobe -v error -show_entries stream=sample_rate,channels,codec_name -of csv=p=0 "$1"; }

# All stems side by side; they add up to the song.
ok streamed stems.wav song.wav
check 'eight float channels' test "$(facts stems.wav)" = pcm_f32le,44100,8
for s in 0 1 2 3; do part stems.wav stem$s.wav $((2 * s)) $((2 * s + 1)); done
sums song.wav stem{0,1,2,3}.wav

# What is asked for, in that order.
ok streamed one.wav song.wav --stem vocals
check 'one stem in stereo' test "$(facts one.wav)" = pcm_f32le,44100,2
same_samples one.wav stem3.wav
ok streamed two.wav song.wav --stem bass,drums
part stems.wav wanted.wav 2 3 0 1
same_samples two.wav wanted.wav
ok streamed karaoke.wav song.wav --stem no_vocals
sums song.wav karaoke.wav one.wav
ok streamed two.wav song.wav --two-stems vocals
part two.wav first.wav 0 1
part two.wav second.wav 2 3
same_samples first.wav one.wav
same_samples second.wav karaoke.wav
ok streamed rest.wav song.wav --two-stems vocals --stem no_vocals -o -
same rest.wav karaoke.wav
fails 2 '--stem: guitar is none of drums, bass, other, vocals' stream song.wav --stem guitar
fails 2 '--stem: drums is none of vocals, no_vocals' stream song.wav --stem drums --two-stems vocals
fails 2 '--two-stems: guitar is none of' stream song.wav --two-stems guitar

# Pipes: the same bytes however they come, and each frame 2048 frames later.
ok bash -c "$(declare -f stream); dd if=song.wav bs=777 status=none | stream - >piped.wav"
same piped.wav stems.wav
mkfifo fifo
cat song.wav >fifo &
ok streamed piped.wav fifo
same piped.wav stems.wav
latency() { /usr/bin/python3 "$SFA_SOURCE/tests/cli/stream_latency.py" "$1" 2048 "$2" sfa-separate --stream --model live.safetensors "${@:3}" -; }
for frames in 2048 5000 20479 20480; do ok latency $frames 8; done
ok latency 20479 2 --stem no_vocals
endless() { (head -c 44 <(sox -n -r 44100 -c 2 -b 16 -t wav - trim 0 1); cat /dev/zero) | stream "$@" - | head -c 3000000 | wc -c; }
check 'an endless pipe goes on until nobody reads' test "$(declare -f stream endless >f; timeout 60 bash -c '. ./f; endless')" = 3000000
interrupted() { timeout --preserve-status -s INT 3 env --default-signal=INT sfa-separate --stream --model live.safetensors <(head -c 44 song.wav; exec sleep 6) >nothing.wav; }
capture interrupted
check 'an interrupt ends it, silently' test "$code-$err" = 130-

# Shapes.
for shape in '8000 1 4000' '22050 2 10' '48000 2 20000' '48000 1 5000' '96000 3 9601'; do
  read -r rate channels length <<<"$shape"
  sox -n -r "$rate" -c "$channels" -b 16 shape.wav synth "${length}s" pinknoise vol 0.4
  ok streamed out.wav shape.wav --two-stems bass
  check "$shape keeps its shape" test "$(facts out.wav)" = "pcm_f32le,$rate,$((2 * channels))"
  part out.wav first.wav $(seq 0 $((channels - 1)))
  part out.wav second.wav $(seq $channels $((2 * channels - 1)))
  sums shape.wav first.wav second.wav
done
sox -n -r 44100 -c 2 -b 16 empty.wav trim 0 0
ok streamed out.wav empty.wav
check 'of nothing comes nothing' test "$(facts out.wav) $(wc -c <out.wav)" = 'pcm_f32le,44100,8 68'
ok streamed deep.wav song.wav --bit-depth 16 --stem drums
check '16 bits' test "$(facts deep.wav)" = pcm_s16le,44100,2
ok streamed later.wav song.wav --start 1 --duration 0.5
ffmpeg -v error -i song.wav -af atrim=start_sample=44100:end_sample=66150 -c:a pcm_s16le cut.wav
ok streamed wanted.wav cut.wav
same later.wav wanted.wav
ffmpeg -v error -i song.wav -af volume=20 -c:a pcm_f32le loud.wav
ok streamed clamped.wav loud.wav --clip-mode clamp --stem no_drums
check 'clamped' test "$(/usr/bin/python3 "$SFA_SOURCE/tests/cli/sums.py" --peak clamped.wav)" = 1.0

# What cannot be.
fails 1 'looks ahead' sfa-separate --stream song.wav --model "$SFA_SOURCE/tests/fixtures/separation/htdemucs.th"
fails 1 'none.safetensors: No such file' sfa-separate --stream song.wav --model none.safetensors
fails 1 'no such model' sfa-separate --stream song.wav --model nowhere
fails 1 'nowhere.wav: No such file' stream nowhere.wav
fails 1 'song.wav: --start 99.000 is not before its end at 3.000 s' stream song.wav --start 99
fails 2 '--stream goes without --engine' sfa-separate --stream song.wav --engine spectral
for bad in '--shifts 2' '--overlap 0.5' '--residual' '--preview 2' '--name x' '--threads 2'; do
  # shellcheck disable=SC2086
  fails 2 "--stream goes without ${bad%% *}" stream song.wav $bad
done
fails 2 'standard output only' stream song.wav -o here
fails 2 'one FILE' stream song.wav song.wav
fails 2 'no format but wav' stream song.wav --format flac
fails 2 'rescale' stream song.wav --clip-mode rescale
fails 2 'on the cpu' stream song.wav --device cuda
head -c 200000 song.wav >cut-off.wav
capture bash -c "$(declare -f stream); cat cut-off.wav | stream - >half.wav"
check 'an input that is cut short is told' grep -q 'standard input: cut short' .stderr
check 'what came of it came out' test "$(stat -c %s half.wav)" -gt 1000000

# sfa-play: the same stems as tracks.
play() { sfa-play song.wav --live-stems --model live.safetensors "$@"; }
ok play -o all.wav
sums song.wav all.wav
ok play --solo drums -o solo.wav
part stems.wav wanted.wav 0 1
same_sound solo.wav wanted.wav
ok play --mute vocals -o muted.wav
sums muted.wav karaoke.wav
ok play --mute 4 --start 1 -o part.wav
ok streamed wanted.wav song.wav --stem no_vocals --start 1
sums wanted.wav part.wav
ok play --mute vocals --sample-rate 48000 -o rate.wav
check 'at another rate' test "$(facts rate.wav) $(soxi -s rate.wav)" = 'pcm_f32le,48000,2 144000'
ok play --solo bass --loop 2 -o twice.wav
check 'twice over' test "$(soxi -s twice.wav)" = 264600
piped() { cat song.wav | sfa-play - --live-stems --model live.safetensors "$@"; }
ok piped --mute vocals -o from-pipe.wav
same_sound muted.wav from-pipe.wav
ok piped --mute vocals --start 1 -o from-pipe.wav -f
same_sound --end muted.wav from-pipe.wav
ok sfa-play <(cat song.wav) --live-stems --model live.safetensors --mute vocals -o asked.wav
same_sound muted.wav asked.wav
sox song.wav -c 1 -- -mono.wav
ok sfa-play ./-mono.wav --live-stems --model live.safetensors -o mono.wav
sums ./-mono.wav mono.wav
ok play --mute vocals -o muted.wav
fails 1 'song.wav: --start 99.000 is not before its end' play --start 99 -o never.wav
fails 2 'no track is called guitar; there are: drums, bass, other, vocals' play --mute guitar -o never.wav
fails 1 'looks ahead' sfa-play song.wav --live-stems --model "$SFA_SOURCE/tests/fixtures/separation/htdemucs.th" -o never.wav
fails 1 ': none.safetensors: No such file' sfa-play song.wav --live-stems --model none.safetensors -o never.wav
fails 1 'nowhere.wav: No such file' sfa-play nowhere.wav --live-stems -o never.wav
fails 1 'cannot be repeated' piped --loop 2 -o never.wav
fails 1 'standard input: cut short' bash -c 'cat cut-off.wav | sfa-play - --live-stems --model live.safetensors -o never.wav'
fails 2 'are for --live-stems' sfa-play song.wav --model live.safetensors -o never.wav
echo '{"format": "sfa.stems"}' >stems.json
fails 2 'not a document' sfa-play stems.json --live-stems -o never.wav

# Another sfa-separate beside it: none, one that fails, one that is killed, one that stands still.
mkdir fake && cp "$(command -v sfa-play)" fake
alone() { env PATH=/nowhere fake/sfa-play song.wav --live-stems -o never.wav; }
fails 1 'needs sfa-separate' alone
pretend() { printf '#!/bin/bash\nPATH=/usr/bin:/bin\n%s\n' "$1" >fake/sfa-separate; chmod +x fake/sfa-separate; }
pretend 'echo "sfa-separate: first" >&2; echo "sfa-separate: the strings are wet" >&2; exit 1'
fails 1 '^sfa-play: the strings are wet$' alone
pretend 'head -c 400000 stems.wav; echo "sfa-separate: no more" >&2; exit 1'
fails 1 '^sfa-play: no more$' alone
pretend 'head -c 400000 stems.wav; kill -9 $$'
fails 1 '^sfa-play: sfa-separate: ended by signal 9$' alone
pretend 'exit 0'
fails 1 'sfa-separate wrote no stems' alone
pretend ''; printf 'junk' >fake/sfa-separate
fails 1 'sfa-separate: cannot be run' alone
pretend 'head -c 400000 stems.wav; exec sleep 7654.321'
for signal in TERM INT KILL; do
  checks=$((checks + 1))
  env --default-signal=INT PATH=/nowhere fake/sfa-play song.wav --live-stems -o never.wav 2>/dev/null &
  player=$!
  for _ in {1..100}; do pgrep -f '^sleep 7654.321' >/dev/null && break; sleep 0.05; done
  check 'it runs as a child' pgrep -f '^sleep 7654.321'
  kill -$signal $player
  wait $player 2>/dev/null
  sleep 0.2
  check "SIG$signal leaves no child" bash -c "! pgrep -f '^sleep 7654.321'"
done
absent never.wav
rm -f .never.wav.sfa-*.tmp  # of SIGKILL
no_leftovers
