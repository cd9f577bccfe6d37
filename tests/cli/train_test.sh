# sfa-train on songs of a few seconds with a network of a few hundred weights: that it learns at all, goes on where it
# was ended, and says what is wrong. How well it separates is for the model card.
if [ ! -x "$SFA_BIN/sfa-train" ]; then
  check 'this build has no trainer' grep -q '^SFA_BUILD_TRAINER:BOOL=OFF' "$SFA_BUILD/CMakeCache.txt"
  return
fi
fixtures=$SFA_SOURCE/tests/fixtures/separation

# song FOLDER PITCH: bursts of noise, a low tone, a chord, and a wavering tone.
song() {
  mkdir -p "$1"
  local made=(sox -R -n -r 44100 -c 2 -b 16)
  "${made[@]}" "$1/drums.wav" synth 4 pinknoise tremolo 4 95 vol 0.5
  "${made[@]}" "$1/bass.wav" synth 4 sine $((60 + $2)) vol 0.4
  "${made[@]}" "$1/other.flac" synth 4 pluck $((300 + $2)) pluck $((500 + $2)) vol 0.4
  "${made[@]}" "$1/vocals.wav" synth 4 sine $((1200 + 10 * $2)) tremolo 6 60 vol 0.3
}
song songs/one 5
song songs/two 11
song held-out/three 8
mkdir songs/no-song songs/.hidden
cp songs/one/drums.wav songs/.hidden

# shellcheck disable=SC2054
small=(--channels 4,6 --blocks 1 --mixes 1 --mix 4 --mix-depth 1 --bands 64 --songs 2 --frames 16 --warmup 4
  --learning-rate 0.02 --average 0.9 --threads 1 --precision float32 --report-every 5)
train() { sfa-train songs "${small[@]}" "$@"; }
# lines LOG EXPRESSION: a python expression over the list d of a log's objects, printed.
lines() { /usr/bin/python3 -c 'import json,sys; d=[json.loads(l) for l in open(sys.argv[1])]; print(eval(sys.argv[2]))' "$1" "$2"; }

# It learns.
ok train -o run --steps 40 --validation held-out --validate-every 20
check 'a network, a state and a log' test "$(ls -A run)" = "$(printf 'log.jsonl\nnetwork.safetensors\nstate.safetensors')"
check 'nothing but the log tells of it' test -z "$out"
check 'the loss falls' test "$(lines run/log.jsonl '(lambda l: l[-1] < l[0] - 1)([x["loss_db"] for x in d if "loss_db" in x])')" = True
check 'reports come when they should' test "$(lines run/log.jsonl '[x["step"] for x in d if "loss_db" in x]')" = '[5, 10, 15, 20, 25, 30, 35, 40]'
check 'judgements, too' test "$(lines run/log.jsonl '[(x["step"], sorted(x["nsdr_db"])) for x in d if "nsdr_db" in x]')" = \
  "[(20, ['bass', 'drums', 'mean', 'other', 'vocals']), (40, ['bass', 'drums', 'mean', 'other', 'vocals'])]"
check 'the log begins with what is trained' test "$(lines run/log.jsonl 'd[0]["step"], d[0]["songs"], d[0]["steps"], d[0]["seed"]')" = '(0, 2, 40, 0)'
sox -M -v 0.5 songs/one/drums.wav -v 0.5 songs/one/vocals.wav -c 2 song.wav 2>/dev/null
ok sfa-separate song.wav --model run/network.safetensors
valid song/stems.json sfa.stems
check 'the network separates' test "$(ls song)" = "$(printf 'bass.wav\ndrums.wav\nother.wav\nstems.json\nvocals.wav')"

# The same again, and nothing once all is done.
before=$(stat -c '%n %i %y' run/*)
ok train -o run --steps 40 --validation held-out --validate-every 20
check 'a finished run is left as it is' test "$before" = "$(stat -c '%n %i %y' run/*)"
ok train -o again --steps 40 --validation held-out --validate-every 20 --workers 3
same run/network.safetensors again/network.safetensors
same run/state.safetensors again/state.safetensors
ok train -o seeded --steps 5 --seed 1
ok train -o unseeded --steps 5
check 'another seed, another network' bash -c '! cmp -s seeded/network.safetensors unseeded/network.safetensors'
ok train -o seeded --steps 5 -f
same seeded/network.safetensors unseeded/network.safetensors
check 'begun anew, the log is, too' test "$(lines seeded/log.jsonl 'len(d)')" = 2

# Ended at any moment, it goes on.
long=(--steps 80 --accumulate 2 --checkpoint-minutes 0 --validation held-out --validate-every 20)
ok train "${long[@]}" -o whole
for signal in KILL INT TERM; do
  checks=$((checks + 1))
  env --default-signal=INT sfa-train songs "${small[@]}" "${long[@]}" -o $signal >/dev/null 2>&1 &
  pid=$!
  for _ in {1..600}; do [ "$(grep -sc loss_db $signal/log.jsonl)" -ge 3 ] 2>/dev/null && break; sleep 0.05; done
  check "$signal ends it midway" kill -0 $pid
  kill -$signal $pid
  wait $pid 2>/dev/null
  if [ $signal = KILL ]; then find . -name '.*.sfa-*.tmp' -delete; else no_leftovers; fi
  printf '{"step":79,"loss_db":7}\n{"step":80,"lo' >>$signal/log.jsonl  # as if it had been ended long after its last state
  ok train "${long[@]}" -o $signal
  same $signal/network.safetensors whole/network.safetensors
  same $signal/state.safetensors whole/state.safetensors
  for kind in loss_db nsdr_db; do
    check "$kind is reported once for each step" test "$(lines $signal/log.jsonl "[x['step'] for x in d if '$kind' in x]")" = \
      "$(lines whole/log.jsonl "[x['step'] for x in d if '$kind' in x]")"
  done
done
# By default as many threads as there are cores, and bfloat16 where the processor has it.
defaults=("${small[@]/--threads/--workers}")
defaults=("${defaults[@]/float32/auto}")
ok sfa-train songs "${defaults[@]}" --steps 10 -o default
ok sfa-train songs "${defaults[@]}" --steps 10 -o default-again
same default/network.safetensors default-again/network.safetensors

# Tuned further.
ok sfa-train songs --from run/network.safetensors -o tuned --steps 5 --songs 2 --frames 16 --threads 1
ok sfa-train songs --from run/network.safetensors -o tuned --steps 5 --songs 2 --frames 16 --threads 1
ok sfa-separate song.wav --model tuned/network.safetensors -o tuned-stems
[ ! -f "$SFA_BUILD/share/sfa/models/sfa.safetensors" ] ||
  ok sfa-train songs --from sfa -o from-sfa --steps 1 --songs 1 --frames 8 --threads 1
fails 2 '--channels is for new networks' sfa-train songs --from run/network.safetensors --channels 4,6 -o none
fails 1 'htdemucs.th: HTDemucs: a network of this kind cannot be trained' sfa-train songs --from "$fixtures/htdemucs.th" -o none
fails 1 'run/network.safetensors: is the input itself' sfa-train songs --from run/network.safetensors -o run -f
fails 1 'unheard-of' sfa-train songs --from unheard-of -o none
fails 1 'none.safetensors: No such file' sfa-train songs --from none.safetensors -o none

# Songs of all kinds.
mkdir -p odd/mixed odd/lone
sox songs/one/drums.wav -r 48000 -c 1 odd/mixed/drums.flac
sox songs/one/bass.wav -r 22050 odd/mixed/bass.wav
sox songs/one/vocals.wav -r 96000 -c 6 odd/mixed/vocals.wav
sox songs/one/other.flac odd/mixed/other.mp3 trim 0 1
sox songs/one/vocals.wav odd/lone/vocals.ogg trim 0 0.01
ok sfa-train odd songs "${small[@]}" -o odd-run --steps 3 --validation odd
check 'all songs are learnt from' test "$(lines odd-run/log.jsonl 'd[0]["songs"]')" = 4

# What cannot be.
fails 1 'none: No such file' sfa-train none -o none
fails 1 'songs/one: no song in it' sfa-train songs/one -o none
fails 1 'none: No such file' train -o none --validation none
fails 2 'FILE is required' sfa-train -o none
for folder in '' -; do fails 2 "-o names the run's folder" sfa-train songs ${folder:+-o $folder}; done
for bad in '--channels 4,0' '--channels 4,x' '--channels 4,5,6,7,8,9,10,11,12' '--bands 63' '--bands 1' '--steps 0' '--songs 0' \
  '--songs 5000' '--frames 1' '--learning-rate 0' '--learning-rate nan' '--average 1' '--speed -1' '--threads 0' '--workers 0' \
  '--device tpu' '--precision int8' '--seed -1' '--checkpoint-minutes -1' '--report-every 0'; do
  # shellcheck disable=SC2086
  fails 2 '^sfa-train: ' sfa-train songs -o none $bad
done
fails 2 'bands cannot be halved' sfa-train songs -o none --channels 4,6,8 --bands 66
fails 2 'too large' sfa-train songs -o none --channels 1024,1024 --mix 4096 --bands 2048
absent none
other=("${small[@]/4,6/8,8}")
other=("${other[@]/64/32}")
fails 1 'run/state.safetensors: its network has other values of bands, channels$' \
  sfa-train songs "${other[@]}" -o run --steps 50
mkdir -p bad/song foreign-network foreign-log
for broken in empty text cut nan; do
  case $broken in
    empty) : >bad/song/drums.wav ;;
    text) echo hello >bad/song/drums.wav ;;
    cut) head -c 100000 songs/one/drums.wav >bad/song/drums.wav ;;
    nan) /usr/bin/python3 -c '
import struct; data = struct.pack("<f", float("nan")) * 88200
open("bad/song/drums.wav", "wb").write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " +
  struct.pack("<IHHIIHH", 16, 3, 2, 44100, 352800, 8, 32) + b"data" + struct.pack("<I", len(data)) + data)' ;;
  esac
  fails 1 '^sfa-train: bad/song/drums.wav: ' sfa-train bad "${small[@]}" -o bad-run-$broken --steps 3
done
cp bad/song/drums.wav bad/song/drums.flac
fails 1 'bad/song/drums.flac: there is drums.wav, too' sfa-train bad "${small[@]}" -o none
echo mine >foreign-network/network.safetensors
echo mine >foreign-log/log.jsonl
fails 1 'foreign-network/network.safetensors: exists' train -o foreign-network --steps 2
fails 1 'foreign-log/log.jsonl: exists' train -o foreign-log --steps 2
check 'they are as they were' grep -qx mine foreign-network/network.safetensors foreign-log/log.jsonl
ok train -o foreign-network --steps 2 -f
cp -r run damaged
head -c 3000 run/state.safetensors >damaged/state.safetensors
fails 1 'damaged/state.safetensors: ' train -o damaged --steps 50
cp run/network.safetensors damaged/state.safetensors
fails 1 'damaged/state.safetensors: is no training state' train -o damaged --steps 50
echo >file
fails 1 'file: ' train -o file --steps 2
limited() { (ulimit -f 8; sfa-train songs "${small[@]}" --steps 3 -o limited); }  # 8 KiB
fails 1 'limited/network.safetensors: File too large' limited
absent limited/network.safetensors limited/state.safetensors
no_leftovers

# Curves.
ok sfa-train --plot run -o pictures/curves.svg
check 'a curve for the loss, the rate, each stem and their mean' /usr/bin/python3 -c '
import xml.dom.minidom as x
assert len(x.parse("pictures/curves.svg").getElementsByTagName("polyline")) == 7'
before=$(stat -c '%n %i %y' pictures/*)
ok sfa-train --plot run -o pictures/curves.svg
check 'a picture of the same log is left as it is' test "$before" = "$(stat -c '%n %i %y' pictures/*)"
ok sfa-train --plot run/log.jsonl
check 'on standard output, too' test "$(head -c 5 <<<"$out")" = '<?xml'
cp song.wav mine.svg
fails 1 'mine.svg: exists' sfa-train --plot run -o mine.svg
fails 1 'run/log.jsonl: is the input itself' sfa-train --plot run -o run/log.jsonl -f
fails 1 'songs/log.jsonl: No such file' sfa-train --plot songs
fails 1 'foreign-log/log.jsonl: line 1: is no report' sfa-train --plot foreign-log
fails 1 'early.jsonl: has nothing to draw yet' bash -c 'head -1 run/log.jsonl >early.jsonl; exec sfa-train --plot early.jsonl'
fails 2 'takes no FILE' sfa-train songs --plot run
