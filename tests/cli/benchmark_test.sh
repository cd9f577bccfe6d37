# sfa-separate --benchmark: songs whose stems are known, scored as the definitions say.
score() { sfa-separate --engine spectral --benchmark "$@"; }
"$SFA_BIN/demo-song" -o demo --seconds 6 >/dev/null || complain 'no demo song'
mkdir -p songs/{instrumental,whole,.hidden,empty}
cp demo/stems-true/{drums,bass,other,vocals}.wav songs/whole
for stem in drums bass; do sox -D demo/stems-true/$stem.wav songs/instrumental/$stem.flac trim 0 4; done
sox -D -n -r 44100 -c 2 -b 16 songs/instrumental/vocals.flac trim 0 4  # silent
cp songs/whole/drums.wav songs/.hidden
echo notes >songs/whole/README.txt

ok score songs
cp .stdout table
check 'both songs and what they come to' test "$(cut -d' ' -f1 table | grep -E 'instr|whole|mean|median|nSDR|SDR' | paste -sd' ')" = \
  'nSDR instrumental whole mean median SDR instrumental whole mean median'
check 'the table tells what separated, and how fast' grep -qE '^spectral: 2 songs, 10.0 s in all, [0-9.]+ times as fast' table
check 'an instrumental has drums and bass' grep -qE '^instrumental +separated +[-0-9.]+ +[-0-9.]+ +- +- +[-0-9.]+$' table
absent whole songs/whole/stems.json

# The document, and again.
ok score songs -o scores/scores.json
cp .stdout again
check 'the table is the same but for the speed' test "$(tail -n +2 again)" = "$(tail -n +2 table)"
valid scores/scores.json sfa.benchmark
cp scores/scores.json first.json
ok score songs -o scores/scores.json
same .stdout again
same scores/scores.json first.json
check 'paths are relative' test "$(json first.json 'd["songs"][1]["source"]["path"]')" = ../songs/whole
ok score songs -o -
cp .stdout piped.json
valid piped.json sfa.benchmark
scores() { json "$1" '[(s["name"], s["stems"], s["mean"]) for s in d["songs"]], d["mean"], d["median"]'; }
check 'the scores are the same each time' test "$(scores piped.json)" = "$(scores first.json)"
check 'on a pipe paths are absolute' test "$(json piped.json 'd["songs"][1]["source"]["path"]')" = "$PWD/songs/whole"
check 'what is silent or not there has no score' test \
  "$(json first.json '[[v for k, v in s.items() if k != "name"] for s in d["songs"][0]["stems"][2:]]')" = \
  '[[None, None, None, None], [None, None, None, None]]'

# By the definitions, in a language nobody here wrote them in, from stems that were written.
sox -D -m -v 1 songs/whole/drums.wav -v 1 songs/whole/bass.wav -v 1 songs/whole/other.wav -v 1 songs/whole/vocals.wav \
  -e float -b 32 mix.wav 2>/dev/null
ok sfa-separate mix.wav --bit-depth float --engine spectral
by_definition() {
  /usr/bin/python3 - "$@" <<'PY'
import array, json, math, statistics, subprocess, sys
stem, score = sys.argv[1:]
def samples(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-"], stdout=subprocess.PIPE, check=True)
    return array.array("f", raw.stdout)
names = ["drums", "bass", "other", "vocals"]
truth, guess = ({n: samples(f"{d}/{n}.wav") for n in names} for d in ("songs/whole", "mix"))
s, e = truth[stem], guess[stem] if "mixture" not in score else samples("mix.wav")
energies = lambda a, b: (sum(x * x for x in s[a:b]), sum((x - y) ** 2 for x, y in zip(s[a:b], e[a:b])))
if "nsdr" in score:
    want = 10 * math.log10((energies(0, len(s))[0] + 1e-7) / (energies(0, len(s))[1] + 1e-7))
else:
    second, want = 2 * 44100, []
    for a in range(0, len(s) - second + 1, second):
        if all(any(x[a:a + second]) for x in [*truth.values(), *guess.values()]):
            want.append(10 * math.log10(energies(a, a + second)[0] / energies(a, a + second)[1]))
    want = statistics.median(want)
got = next(x for x in json.load(open("first.json"))["songs"][1]["stems"] if x["name"] == stem)[score]
assert abs(got - want) < 1e-3, (got, want)
PY
}
for score in nsdr_db sdr_db mixture_nsdr_db mixture_sdr_db; do
  for stem in drums vocals; do check "$score of $stem" by_definition $stem $score; done
done

# Parts of songs, and some stems.
ok score songs --stem drums --start 1 --duration 2 -o part.json
valid part.json sfa.benchmark
check 'a part' test "$(json part.json 'd["stems"], d["songs"][0]["range"], d["songs"][0]["source"]["frames"]')" = \
  "(['drums'], {'begin': 44100, 'end': 132300}, 88200)"
mkdir -p cut/whole
for stem in drums bass other vocals; do sox -D songs/whole/$stem.wav cut/whole/$stem.wav trim 1 2; done
ok score cut -o cut.json
check 'is as if it had been cut out' test "$(json cut.json 'd["songs"][0]["stems"][0]')" = "$(json part.json 'd["songs"][1]["stems"][0]')"
ok score songs --preview 2 -o -
check 'a preview' test "$(json .stdout '[s["source"]["frames"] for s in d["songs"]]')" = '[88200, 88200]'
check 'one song has no mean over songs' test "$(score cut | grep -c '^mean')" = 0

# A mixture of its own: the sum, and another.
cp -r cut mixed
sox -D -m -v 1 cut/whole/drums.wav -v 1 cut/whole/bass.wav -v 1 cut/whole/other.wav -v 1 cut/whole/vocals.wav \
  -e float -b 32 mixed/whole/mixture.wav 2>/dev/null
ok score mixed -o mixed.json
check 'the sum of the stems is what no mixture means' /usr/bin/python3 -c '
import json
a, b = (json.load(open(f))["songs"][0]["stems"] for f in ("cut.json", "mixed.json"))
assert all(abs(x[k] - y[k]) < 1e-3 for x, y in zip(a, b) for k in x if k != "name"), (a, b)'
cp cut/whole/drums.wav mixed/whole/mixture.wav
ok score mixed -o mixed.json
check 'drums alone as the mixture are perfect drums' test "$(json mixed.json 'd["songs"][0]["stems"][0]["mixture_sdr_db"]')" = None
check 'and no bass' test "$(json mixed.json 'd["songs"][0]["stems"][1]["mixture_nsdr_db"] < 0')" = True

# A network, if this build has one.
fixtures=$SFA_SOURCE/tests/fixtures/separation
if ! sfa-separate --list-engines | grep -q '^libtorch: .*\(without\|cannot\)'; then
  ok sfa-separate --benchmark cut --model "$fixtures/htdemucs.th" --precision float32 --threads 1 --stem vocals -o net.json
  valid net.json sfa.benchmark
  check 'the document tells the network' test "$(json net.json 'd["engine"], d["network"]["precision"]')" = "('network', 'float32')"
  check 'nothing is kept' test ! -e "$XDG_CACHE_HOME/sfa/stems"
fi

# Songs that are none: the others are scored.
mkdir -p bad/{good,longer,other-rate,mono,twice,rubbish,short-mixture}
for song in bad/*; do cp cut/whole/{drums,bass}.wav "$song"; done
sox -D cut/whole/bass.wav bad/longer/other.wav pad 0 1s
sox -D cut/whole/bass.wav -r 48000 bad/other-rate/other.wav
sox -D cut/whole/bass.wav -c 1 bad/mono/other.wav
cp bad/twice/bass.wav bad/twice/bass.aiff
echo rubbish >bad/rubbish/vocals.wav
sox -D cut/whole/bass.wav bad/short-mixture/mixture.wav trim 0 1
capture score bad -o bad.json
check 'some songs failed: exit 3' test "$code" = 3
check 'a line for each' test "$(wc -l <.stderr)" = 6
for line in 'bad/longer/other.wav: has 88201 frames, bad/longer/drums.wav has 88200 frames' \
  'bad/mono/other.wav: has 1 channel, bad/mono/drums.wav has 2 channels' \
  'bad/other-rate/other.wav: has 48000 Hz, bad/other-rate/drums.wav has 44100 Hz' \
  'bad/rubbish/vocals.wav: not a sound file' \
  'bad/short-mixture/mixture.wav: has 44100 frames, bad/short-mixture/drums.wav has 88200 frames' \
  'bad/twice/bass.aiff: there is bass.wav, too'; do
  check "said: $line" grep -qxF "sfa-separate: $line" .stderr
done
valid bad.json sfa.benchmark
check 'the good one is scored' test "$(json bad.json '[s["name"] for s in d["songs"]]')" = "['good']"
capture score bad -o bad.json
check 'and what failed is tried again' test "$code" = 3
rm -r bad/good
capture score bad -o none.json
check 'all failed: exit 1' test "$code" = 1
absent none.json

# Lengths that show at the end only, as through ffmpeg.
mkdir -p late/song
ffmpeg -v error -i cut/whole/drums.wav -c:a pcm_s16le late/song/drums.mkv
ffmpeg -v error -i cut/whole/bass.wav -af atrim=0:1.5 -c:a pcm_s16le late/song/bass.mkv
fails 1 '^sfa-separate: late/song/bass.mkv: has 66150 frames, late/song/drums.mkv has more' score late
ffmpeg -v error -i cut/whole/bass.wav -c:a pcm_s16le late/song/bass.mkv -y
ok score late
ffmpeg -v error -i cut/whole/bass.wav -af atrim=0:1.5 -c:a pcm_s16le late/song/mixture.mkv
fails 1 '^sfa-separate: late/song' score late

# Names.
odd=$'odd/q"\\\e[31m'
mkdir -p "$odd" odd/$'caf\xe9'
for song in "$odd" odd/$'caf\xe9'; do cp cut/whole/drums.wav "$song"; done
ok score odd
check 'no control bytes reach the terminal' test "$(grep -c $'\e' .stdout)" = 0
capture score odd -o odd.json
check 'what JSON cannot name is told' grep -q 'not UTF-8' .stderr
check 'and the rest is done' test "$code $(json odd.json 'len(d["songs"])')" = '3 1'

# Mistakes.
fails 1 'nowhere: No such file' score nowhere
fails 1 'Not a directory' score mix.wav
fails 1 'songs/empty: no song in it' score songs/empty
fails 1 'not before its end' score cut --start 9
fails 2 'take no FILE' score songs mix.wav
fails 2 'needs a folder' score ''
fails 2 'guitar is none of drums' score songs --stem guitar
for option in '--name {stem}.{ext}' '--two-stems drums' --residual '--clip-mode clamp' '--format flac' '--bit-depth 16' \
  '--cache-dir x' '--cache-limit 1'; do
  # shellcheck disable=SC2086
  fails 2 "writes no stems: it goes without ${option%% *}" score songs $option
done
fails 1 'exists' score cut -o songs/whole/README.txt
fails 1 'is the input itself' score cut -o cut/whole/drums.wav -f
no_leftovers
