# sfa-separate: stems that add up to the song, under the names, in the formats and streams asked for.
"$SFA_BIN/demo-song" -o demo --seconds 6 >/dev/null || complain 'no demo song'
cp demo/demo-song.wav song.wav

# By the engine that every build has: what stems are made of is not looked at here.
separate() { sfa-separate "$@" --engine spectral; }

# sums_up MIX STEM...: the stems' sum is the mix within a rounding to 24 bits.
sums_up() {
  local mix=$1; shift
  sox -m $(printf -- '-v 1 %s ' "$@") -v -1 "$mix" -e float -b 32 difference.wav 2>/dev/null
  check "$* add up to $mix" awk "BEGIN { exit !($(sox difference.wav -n stat 2>&1 | sed -n 's/^Maximum amplitude: *//p') < 0.000002) }"
}
facts() { for fact in -r -c -s; do soxi $fact "$1" 2>/dev/null; done; }

# The plain case: a folder with the track's name.
ok separate song.wav
cp .stdout piped.json
valid song/stems.json sfa.stems
valid piped.json sfa.stems
check 'four stems in the manifest' test "$(json song/stems.json '[s["path"] for s in d["stems"]]')" = "['drums.wav', 'bass.wav', 'other.wav', 'vocals.wav']"
check 'the manifest knows the song' test "$(json song/stems.json 'd["source"]["path"]')" = ../song.wav
check 'on a pipe paths are absolute' test "$(json piped.json 'd["stems"][0]["path"]')" = "$PWD/song/drums.wav"
for stem in drums bass other vocals; do
  check "$stem keeps rate, channels and length" test "$(facts song/$stem.wav)" = "$(facts song.wav)"
  check "$stem keeps the bit depth" test "$(soxi -b song/$stem.wav 2>/dev/null)" = "$(soxi -b song.wav)"
done
sums_up song.wav song/{drums,bass,other,vocals}.wav
check 'the manifest says what the engine is' grep -q 'without a trained network' song/stems.json

# The manifest's loudness is that of ffmpeg, an implementation nobody here wrote.
measured=$(ffmpeg -nostats -i song/drums.wav -af ebur128 -f null - 2>&1 | sed -n 's/^ *I: *\(-[0-9.]*\) LUFS/\1/p' | tail -1)
check "ffmpeg measures the drums' loudness: $measured" awk "BEGIN { d = $measured - $(json song/stems.json 'd["stems"][0]["loudness_lufs"]'); exit !(d * d < 0.02) }"

# Again: nothing is made anew, and the same is said.
before=$(stat -c '%n %i %y' song/*)
ok separate song.wav
same .stdout piped.json
check 'a second run leaves everything as it is' test "$before" = "$(stat -c '%n %i %y' song/*)"
rm song/bass.wav
ok separate song.wav
check 'what was removed comes back' test -f song/bass.wav
mkdir first second
ok separate song.wav -o first
ok separate song.wav -o second
for file in stems.json {drums,bass,other,vocals}.wav; do same first/song/$file second/song/$file; done
mkdir moved && cp song.wav moved/the-same.wav
ok separate moved/the-same.wav -o first --name 'song/{stem}.{ext}'
check 'the same sound under another name is another source' test "$(json first/song/stems.json 'd["source"]["path"]')" = ../../moved/the-same.wav
before=$(stat -c %i song/drums.wav)
ok separate song.wav -f
check '-f makes it anew' test "$before" != "$(stat -c %i song/drums.wav)"

# Names, formats, depths.
ok separate song.wav -o flat --name '{track}-{stem}.{ext}' --format flac --bit-depth 16 --stem vocals,drums
check 'only the stems asked for' test "$(ls flat)" = "$(printf 'song-drums.flac\nsong-stems.json\nsong-vocals.flac')"
valid flat/song-stems.json sfa.stems
check '16 bit' test "$(soxi -b flat/song-drums.flac)" = 16
for format in wav flac aiff caf w64 rf64 au ogg mp3; do
  ok separate song.wav -o formats --name "$format/{stem}.{ext}" --format $format --stem drums
  check "ffmpeg reads $format" ffmpeg -v error -i formats/$format/drums.$format -f null -
  made=$(stat -c %i formats/$format/drums.$format)
  ok separate song.wav -o formats --name "$format/{stem}.{ext}" --format $format --stem drums
  check "$format is left as it is" test "$made" = "$(stat -c %i formats/$format/drums.$format)"
done
sox -n -r 48000 -c 1 -b 24 mono.wav synth 1 pinknoise vol 0.5
ok separate mono.wav --format opus
check 'ffmpeg reads opus' ffmpeg -v error -i mono/vocals.opus -f null -
ok separate mono.wav --bit-depth 24
sums_up mono.wav mono/{drums,bass,other,vocals}.wav

ok separate mono.wav --bit-depth float
check 'float' grep -q 'Floating Point' <<<"$(soxi mono/drums.wav 2>/dev/null)"
sox mono.wav -b 16 sixteen.wav
ok separate sixteen.wav
check '16 bit are kept' test "$(soxi -b sixteen/drums.wav)" = 16
ok separate sixteen.wav --format flac
check 'in FLAC, too' test "$(soxi -b sixteen/drums.flac)" = 16
ffmpeg -v error -i mono.wav lossy.mp3
ok separate lossy.mp3
check 'what had no depth becomes float' grep -q 'Floating Point' <<<"$(soxi lossy/drums.wav 2>/dev/null)"
ok separate mono.wav -o two --two-stems bass --bit-depth float
sums_up mono.wav two/mono/{bass,no_bass}.wav
ok separate mono.wav -o rest --stem bass,drums --residual --bit-depth float
sums_up mono.wav rest/mono/{bass,drums,residual}.wav

# Shapes.
for shape in '8000 1 100s' '192000 2 2000s' '44100 6 5000s' '44100 2 1s'; do
  read -r rate channels length <<<"$shape"
  name=s$rate-$channels
  sox -n -r "$rate" -c "$channels" -b 24 $name.wav synth "$length" noise vol 0.1
  ok separate $name.wav
  check "$name keeps rate, channels and length" test "$(facts $name/other.wav)" = "$(facts $name.wav)"
  sums_up $name.wav $name/{drums,bass,other,vocals}.wav
done
sox -D -n -r 44100 -c 2 -b 16 silence.wav trim 0 1
ok separate silence.wav
valid silence/stems.json sfa.stems
check 'silence has no level' test "$(json silence/stems.json 'd["stems"][0]["peak_db"], d["stems"][0]["loudness_lufs"]')" = '(None, None)'

# Streams.
from_pipe() { cat song.wav | sfa-separate - --engine spectral "$@"; }
ok from_pipe -o piped
check 'a pipe has no path' test "$(json piped/stdin/stems.json 'd["source"]["path"]')" = ''
check 'and the same audio' test "$(json piped/stdin/stems.json 'd["source"]["sha256"]')" = "$(json song/stems.json 'd["source"]["sha256"]')"
sums_up song.wav piped/stdin/{drums,bass,other,vocals}.wav
to_pipe() { sfa-separate song.wav --engine spectral --stem drums -o - >drums.wav; }
ok to_pipe
samples() { ffmpeg -v error -i "$1" -f f32le - | sha256sum; }
check 'a streamed stem has the samples of a written one' test "$(samples drums.wav)" = "$(samples song/drums.wav)"
check 'and nothing else is written' test ! -e stems.json

# Progress, whatever the sound is called.
odd=$'q"\\\e[31m.wav'
sox song.wav "$odd" trim 0 1
capture separate "$odd" -o odd --progress json
check 'each line is JSON and names the sound' /usr/bin/python3 -c '
import json
lines = [json.loads(line) for line in open(".stderr", encoding="utf-8")]
assert lines and all("q\"\\\x1b[31m" in line["stage"] for line in lines), lines'
capture separate "$odd" -o odd --progress bar -f
check 'the bar is drawn' grep -q '100 %' <<<"$err"
check 'no control bytes of its name reach the terminal' test "$(grep -c $'\e\[31m' <<<"$err")" = 0

capture bash -c 'cat song.wav | sfa-separate - --engine spectral -o odd --progress json'
check 'standard input has a name, too' grep -q '"stage":"separating standard input"' .stderr

# A name that is not UTF-8 cannot stand in the manifest; that shows before any work.
odd=$'caf\xe9.wav'
cp song.wav "$odd"
fails 1 '^sfa-separate: caf' separate "$odd" -o odd
check 'what is wrong with the name' grep -q 'not UTF-8' .stderr
absent odd/$'caf\xe9'
capture separate "$odd" --stem drums -o - --progress json
check 'progress tells it all the same' /usr/bin/python3 -c '
import json
assert all("caf\ufffd" in json.loads(line)["stage"] for line in open(".stderr", encoding="utf-8"))'

# Many.
mkdir elsewhere && cp song.wav elsewhere
fails 2 'song.wav and elsewhere/song.wav .* many/song/stems.json: .* one at a time' separate song.wav elsewhere/song.wav -o many
absent many
cp song.wav other-song.wav
capture separate song.wav missing.wav other-song.wav -o many
check 'some failed: exit 3' test "$code" = 3
check 'one line each' test "$(wc -l <<<"$out")" = 2
check 'the last is there' test -f many/other-song/stems.json
fails 2 'one at a time' separate song.wav demo/../song.wav -o many
fails 2 'written to stems.json: separate them one at a time' separate song.wav other-song.wav --name '{stem}.{ext}'

# Mistakes.
fails 2 'FILE' sfa-separate
fails 2 'guitar is none of drums' separate song.wav --stem guitar
fails 1 'magic: no such engine' sfa-separate song.wav --engine magic
fails 2 '--format' separate song.wav --format midi
fails 2 '--bit-depth' separate song.wav --bit-depth 12
fails 2 '\{artist\}' separate song.wav --name '{artist}/{stem}.{ext}'
fails 2 'needs \{stem\}' separate song.wav --name '{track}.{ext}'
fails 2 'one --stem' separate song.wav -o -
fails 2 'one input' separate song.wav other-song.wav --stem drums -o -
fails 1 'mp3' separate song.wav --format mp3 --bit-depth 24
mkdir theirs && cp mono.wav theirs/drums.wav
fails 1 'exists.*-f' separate song.wav -o theirs --name '{stem}.{ext}'
same mono.wav theirs/drums.wav
absent theirs/stems.json theirs/bass.wav
fails 1 'is the input itself' separate song/drums.wav -o song --name '{stem}.{ext}' -f

# Engines.
ok sfa-separate --list-engines
check 'spectral is listed with its score' grep -q '^spectral: drums.*nSDR' <<<"${out//$'\n'/ }"
check 'and so is libtorch' grep -q 'libtorch: ' <<<"$out"
no_leftovers
