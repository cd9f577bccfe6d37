# sfa-separate --model: small networks with random weights through the tool, of which only the way is judged here: that
# they compute what the reference does is for tests/separation/network_test.cpp.
fixtures=$SFA_SOURCE/tests/fixtures/separation
if sfa-separate --list-engines | grep -q '^libtorch: .*\(without\|cannot\)'; then
  check 'without libtorch a network is refused' bash -c "! sfa-separate '$fixtures/mixture.wav' --model '$fixtures/htdemucs.th'"
  return
fi
ffmpeg -v error -i "$fixtures/mixture.wav" -t 2.1 -c:a pcm_s24le song.wav  # two segments
mkdir models
cp "$fixtures"/{htdemucs,mdx_time}.th models
model=models/htdemucs.th
# One thread: two that wait for each other take long where other tests run.
separate() { sfa-separate "$@" --threads 1 --precision float32; }
sums() { check "$*" /usr/bin/python3 "$SFA_SOURCE/tests/cli/sums.py" "$@"; }
samples() { ffmpeg -v error -i "$1" -f f32le - | sha256sum; }
same_samples() { check "$1 and $2 sound the same" test "$(samples "$1")" = "$(samples "$2")"; }
facts() { for fact in -r -c -s -b; do soxi $fact "$1" 2>/dev/null; done; }
four='drums bass other vocals'

# The plain case, and again.
ok separate song.wav --model $model
valid song/stems.json sfa.stems
for stem in $four; do
  check "$stem keeps rate, channels, length and depth" test "$(facts song/$stem.wav)" = "$(facts song.wav)"
done
check 'the manifest tells the model' test "$(json song/stems.json 'd["engine"], d["network"]["model"], d["network"]["device"], d["network"]["precision"]')" = "('network', 'models/htdemucs.th', 'cpu', 'float32')"
check 'and the checkpoint' test "$(json song/stems.json 'd["network"]["networks"][0]')" = "$(sha256sum <$model | cut -d' ' -f1)"
before=$(stat -c '%n %i %y' song/*)
ok separate song.wav --model $model
check 'a second run leaves everything as it is' test "$before" = "$(stat -c '%n %i %y' song/*)"

# What is made of the stems. All of this is made of what the cache has: the network need not run again.
entries() { find "$XDG_CACHE_HOME/sfa/stems" -type f | wc -l; }
check 'one entry in the cache' test "$(entries)" = 1
ok separate song.wav --model $model -o two --two-stems vocals --bit-depth float
check 'two stems' test "$(ls two/song)" = "$(printf 'no_vocals.wav\nstems.json\nvocals.wav')"
valid two/song/stems.json sfa.stems
sums song.wav two/song/{vocals,no_vocals}.wav
ok separate song.wav --model $model -o rest --stem drums,bass --residual --bit-depth float
sums song.wav rest/song/{drums,bass,residual}.wav
ok separate song.wav --model $model -o float --residual --bit-depth float
sums song.wav float/song/{drums,bass,other,vocals,residual}.wav
same_samples two/song/vocals.wav float/song/vocals.wav
ok separate song.wav --model $model -o flac --format flac --bit-depth 16
check '16 bit' test "$(soxi -b flac/song/drums.flac)" = 16
stream() { separate song.wav --model $model --stem "$1" -o - --bit-depth float; }
check 'a stem streams' bash -c "$(declare -f separate stream); model=$model; stream vocals >streamed.wav"
same_samples streamed.wav float/song/vocals.wav
check 'one of two stems streams' bash -c "$(declare -f separate); separate song.wav --model $model --two-stems vocals --stem no_vocals -o - --bit-depth float >streamed.wav"
same_samples streamed.wav two/song/no_vocals.wav
check 'still one entry in the cache' test "$(entries)" = 1

# Beyond full scale.
ffmpeg -v error -i song.wav -af volume=4 -c:a pcm_f32le loud.wav
for mode in none clamp rescale; do
  ok separate loud.wav --model $model -o $mode --clip-mode $mode --residual
  valid $mode/loud/stems.json sfa.stems
done
peak() { /usr/bin/python3 "$SFA_SOURCE/tests/cli/sums.py" --peak "$1"; }
sums loud.wav none/loud/{drums,bass,other,vocals,residual}.wav
check 'the residual goes beyond full scale' awk "BEGIN { exit !($(peak none/loud/residual.wav) > 1) }"
check 'clamp keeps it below' awk "BEGIN { exit !($(peak clamp/loud/residual.wav) == 1) }"
gain=$(json rescale/loud/stems.json 'd["gain_db"]')
check "rescale takes $gain dB" awk "BEGIN { exit !($gain < 0) }"
ffmpeg -v error -i loud.wav -af "volume=${gain}dB:precision=double" -c:a pcm_f32le scaled.wav
sums --within 4e-6 scaled.wav rescale/loud/{drums,bass,other,vocals,residual}.wav
check 'and the largest peak is full scale' awk "BEGIN { p = $(for s in $four residual; do peak rescale/loud/$s.wav; done | sort -g | tail -1); exit !(p > 0.99999 && p <= 1) }"

# Rates and channels.
for shape in '8000 1 1000s' '22050 2 1s' '48000 3 20000s' '96000 6 60001s' '44100 1 2s'; do
  read -r rate channels length <<<"$shape"
  name=s$rate-$channels
  sox -n -r "$rate" -c "$channels" -b 16 $name.wav synth "$length" noise vol 0.1
  ok separate $name.wav --model $model
  check "$name keeps rate, channels, length and depth" test "$(facts $name/other.wav)" = "$(facts $name.wav)"
done
# Channels 1 and 2 of four are separated as if they were alone, mono as two equal channels.
ffmpeg -v error -i song.wav -af 'pan=4.0|c0=c0|c1=c1|c2=c1|c3=c0' -c:a pcm_s24le four.wav
ok separate four.wav --model $model --stem drums --bit-depth float
ffmpeg -v error -i four/drums.wav -af 'pan=stereo|c0=c0|c1=c1' -c:a pcm_f32le first.wav
same_samples first.wav float/song/drums.wav
ffmpeg -v error -i song.wav -af 'pan=mono|c0=c0' -c:a pcm_s24le mono.wav
ffmpeg -v error -i song.wav -af 'pan=stereo|c0=c0|c1=c0' -c:a pcm_s24le equal.wav
ok separate mono.wav equal.wav --model $model --stem drums --bit-depth float
ffmpeg -v error -i equal/drums.wav -af 'pan=mono|c0=0.5*c0+0.5*c1' -c:a pcm_f32le mean.wav
sums mean.wav mono/drums.wav

# Parts.
ok separate song.wav --model $model --start 1 --duration 0.5 -o part
check 'a part' test "$(json part/song/stems.json 'd["range"]["begin"], d["range"]["end"], d["source"]["frames"]')" = '(44100, 66150, 22050)'
check 'as long as it was' test "$(soxi -s part/song/drums.wav)" = 22050
ffmpeg -v error -i song.wav -af 'atrim=start_sample=44100:end_sample=66150' -c:a pcm_s24le cut.wav
ok separate cut.wav --model $model
same_samples cut/drums.wav part/song/drums.wav
sox -n -r 8000 -c 1 -b 16 quiet.wav synth 5 noise vol 0.01
sox -n -r 8000 -c 1 -b 16 louder.wav synth 2 noise vol 0.5
sox quiet.wav louder.wav quiet.wav telling.wav
ok separate telling.wav --model $model --preview 2 -o preview
check 'the preview is the loudest part' test "$(json preview/telling/stems.json 'd["range"]')" = "{'begin': 40000, 'end': 56000}"
ok sfa-separate telling.wav --preview 2 -o preview --two-stems bass --bit-depth float
check 'filters have previews, too' test "$(json preview/telling/stems.json 'd["range"]')" = "{'begin': 40000, 'end': 56000}"
ffmpeg -v error -i louder.wav -c:a pcm_f32le telling-part.wav
sums telling-part.wav preview/telling/{bass,no_bass}.wav
fails 1 'song.wav: --start 99.000 is not before its end at 2.100 s' separate song.wav --model $model --start 99 -o part
late() { cat song.wav | separate - --model $model --start 99 -o part; }
fails 1 'standard input: --start 99.000 is not before its end at 2.100 s' late
absent part/stdin/drums.wav

# Streams in.
from_pipe() { cat song.wav | separate - --model $model --bit-depth float "$@"; }
ok from_pipe -o piped
for stem in $four; do same_samples piped/stdin/$stem.wav float/song/$stem.wav; done
mkfifo pipe.wav
cat song.wav >pipe.wav &
ok separate pipe.wav --model $model --bit-depth float -o fifo
same_samples fifo/pipe/drums.wav float/song/drums.wav

# Settings that decide the stems, and those that do not.
differ() { check "$1 and $2 sound different" test "$(samples "$1")" != "$(samples "$2")"; }
for options in '--shifts 2' '--overlap 0.5' '--segment 1.5' '--shifts 2 --seed 1'; do
  # shellcheck disable=SC2086
  ok separate song.wav --model $model $options --stem drums --bit-depth float -o "${options// /}"
done
for folder in --shifts2 --overlap0.5 --segment1.5; do differ $folder/song/drums.wav float/song/drums.wav; done
differ -- ./--shifts2/song/drums.wav ./--shifts2--seed1/song/drums.wav 2>/dev/null
ok separate song.wav --model $model --shifts 2 --stem drums --bit-depth float -o again --no-cache
same_samples ./--shifts2/song/drums.wav again/song/drums.wav
fails 1 'at most' separate song.wav --model $model --segment 60 -o too-long

# Bags.
printf 'models: [htdemucs, mdx_time]\nweights: [[1, 0, 3, 1], [0, 1, 1, 0]]\n' >models/bag.yaml
ok separate song.wav --model models/bag.yaml --bit-depth float -o bag
ok separate song.wav --model models/mdx_time.th --bit-depth float -o time
same_samples bag/song/drums.wav float/song/drums.wav
same_samples bag/song/bass.wav time/song/bass.wav
ffmpeg -v error -i float/song/other.wav -i time/song/other.wav -filter_complex 'amix=weights=3 1:normalize=1' -c:a pcm_f32le mean.wav -y
sums mean.wav bag/song/other.wav
ok separate song.wav --model bag --model-dir models --bit-depth float -o named
same_samples named/song/other.wav bag/song/other.wav
mkdir partial && cp models/bag.yaml models/mdx_time.th partial
ok separate song.wav --model partial/bag.yaml --stem bass --bit-depth float -o partial-out
same_samples partial-out/song/bass.wav time/song/bass.wav
fails 1 'partial/bag.yaml: its member htdemucs is not on this machine' separate song.wav --model partial/bag.yaml --stem drums -o partial-out
echo rubbish >partial/htdemucs.th
ok separate song.wav --model partial/bag.yaml --stem bass --bit-depth float -o partial-out
printf 'models: [mdx_time]\nweights: [[1, 1]]\n' >models/odd.yaml
fails 1 'weights for 2 stems' separate song.wav --model models/odd.yaml -o none
printf 'models: 7\n' >models/odd.yaml
fails 1 'models/odd.yaml: no bag of models' separate song.wav --model models/odd.yaml -o none

# Checkpoints that are none.
ok sfa-separate --convert $model converted/h.safetensors
ok sfa-separate --convert $model converted/h.safetensors
ok separate song.wav --model converted/h.safetensors --bit-depth float -o converted
same_samples converted/song/drums.wav float/song/drums.wav
fails 1 'exists' sfa-separate --convert models/mdx_time.th converted/h.safetensors
ok sfa-separate --convert models/mdx_time.th converted/h.safetensors -f
fails 2 'does not end in' sfa-separate --convert $model converted/h.th
fails 1 'rubbish|no checkpoint' sfa-separate --convert partial/htdemucs.th converted/x.safetensors
absent converted/x.safetensors
ok sfa-separate --convert $model h.safetensors
edit() { /usr/bin/python3 "$SFA_SOURCE/tests/cli/edit_safetensors.py" "$1" h.safetensors "$1.safetensors"; }
for change in architecture missing nan sources; do edit $change; done
broken() { fails 1 "$2" separate song.wav --model "$1" -o none; }
broken architecture.safetensors 'OpenUnmix: no network of this name is known'
broken sources.safetensors 'has no sources'
broken missing.safetensors 'missing.safetensors: '
broken nan.safetensors 'nan.safetensors: .*NaN'
head -c 100000 $model >cut.th
broken cut.th 'cut.th: '
{ head -c 900000 $model; printf X; tail -c +900002 $model; } >flipped.th
broken flipped.th 'flipped.th: '
broken none.th 'none.th: No such file'
broken htdemucs 'sfa-separate --fetch-model htdemucs'
broken song.wav/ 'song.wav/'
absent none/song/stems.json none/song/drums.wav
check 'nothing is left in the cache of them' test -z "$(find "$XDG_CACHE_HOME/sfa/stems" -name '*.part')"

# Mistakes.
fails 2 'one or the other' sfa-separate song.wav --model $model --engine spectral
fails 2 '--overlap is for networks' sfa-separate song.wav --engine spectral --overlap 0.5
fails 2 'guitar is none of drums' sfa-separate song.wav --model $model --stem guitar
fails 2 'guitar is none of drums' sfa-separate song.wav --model $model --two-stems guitar
fails 2 'no residual' sfa-separate song.wav --model $model --two-stems drums --residual
fails 2 'without --start' sfa-separate song.wav --preview 2 --start 1
fails 2 'one --stem' sfa-separate song.wav --model $model -o - --two-stems drums
for bad in '--overlap 1' '--overlap nan' '--segment 0' '--shifts -1' '--precision int8' '--device tpu' '--clip-mode loud' '--preview 0'; do
  # shellcheck disable=SC2086
  fails 2 "${bad%% *}" sfa-separate song.wav --model $model $bad
done
ok sfa-separate --list-engines --model-dir models
check 'models are listed' grep -q 'models for --model: .*bag.*mdx_time' <<<"$out"

# Killed and interrupted, and two at once.
sox song.wav long.wav repeat 9
# Segments that overlap much take long enough to be killed in their midst, on a fast machine too.
late() { separate long.wav --model $model --overlap 0.9 --bit-depth float "$@"; }
ok late -o whole --no-cache
state() { find "$XDG_CACHE_HOME/sfa/stems" -name '*.state'; }
for signal in KILL INT; do
  checks=$((checks + 1))
  env --default-signal=INT sfa-separate long.wav --threads 1 --precision float32 --model $model --overlap 0.9 --bit-depth float -o $signal >/dev/null 2>&1 &
  pid=$!
  for _ in {1..200}; do [ -n "$(state)" ] && break; sleep 0.05; done
  sleep 0.3
  kill -$signal $pid
  wait $pid 2>/dev/null
  check 'what was finished is kept' test -n "$(state)"
  absent $signal/long/stems.json $signal/long/drums.wav
  if [ $signal = KILL ]; then find . -name '.*.sfa-*.tmp' -delete; else no_leftovers; fi
done
late -o one >/dev/null 2>&1 &
ok late -o other
wait $!
for stem in $four; do
  same_samples whole/long/$stem.wav one/long/$stem.wav
  same whole/long/$stem.wav other/long/$stem.wav
done
check 'all is finished' test -z "$(find "$XDG_CACHE_HOME/sfa/stems" -name '*.state' -o -name '*.part')"
# Damaged in the cache: made anew.
entry=$(ls -t "$XDG_CACHE_HOME"/sfa/stems/*.stems | head -1)
printf X | dd of="$entry" bs=1 seek=1000000 conv=notrunc status=none
ok late -o other -f
same whole/long/drums.wav other/long/drums.wav
ok separate song.wav --model $model --cache-limit 1 --overlap 0.1 -o limited
check 'the cache keeps to its limit' test "$(entries)" = 1
no_leftovers
