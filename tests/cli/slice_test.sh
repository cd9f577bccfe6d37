# sfa-slice: a sound in, a bank out.
/usr/bin/python3 - <<'PY'
import random, struct
random.seed(1)
def wav(name, frames, rate, channels):
    data = b''.join(struct.pack('<h', s) for s in frames for _ in range(channels))
    head = struct.pack('<4sI4s4sIHHIIHH4sI', b'RIFF', 36 + len(data), b'WAVE', b'fmt ', 16, 1, channels, rate,
                       rate * channels * 2, channels * 2, 16, b'data', len(data))
    open(name, 'wb').write(head + data)
def bursts(starts, length):
    frames = [0] * length
    for start in starts:
        for i in range(2000):
            frames[start + i] = int(random.uniform(-20000, 20000) * 0.998 ** i) or 1
    return frames
starts = [8820 * k for k in range(1, 10)]
wav('loop.wav', bursts(starts, 96000), 44100, 2)
wav('wide.wav', bursts(starts, 96000), 44100, 64)
wav('slow.wav', bursts([4000, 8000, 12000], 16000), 8000, 1)
wav('fast.wav', bursts([40000, 80000, 120000], 160000), 192000, 1)
wav('silent.wav', [0] * 44100, 44100, 1)
wav('single.wav', [7], 44100, 1)
PY

# The slices begin with the bursts.
begins='all(0 <= 8820 * k - d["slices"][k]["begin"] <= 44 for k in range(1, 10)), len(d["slices"])'
ok sfa-slice loop.wav -o bank.json
valid bank.json sfa.bank
check 'every burst begins a slice' test "$(json bank.json "$begins")" = '(True, 10)'
check 'the slices cover the sound' test "$(json bank.json '[s["begin"] for s in d["slices"]][1:] + [96000] == [s["end"] for s in d["slices"]]')" = True
check 'the source is described' test "$(json bank.json '[d["source"][k] for k in ("path", "sample_rate", "channels", "frames")]')" = "['loop.wav', 44100, 2, 96000]"
ok sfa-slice wide.wav -o wide.json
check '64 channels' test "$(json wide.json "$begins")" = '(True, 10)'
for sound in slow fast; do
  ok sfa-slice $sound.wav -o $sound.json
  check "$sound" test "$(json $sound.json '(len(d["slices"]), all(0 <= d["source"]["frames"] // 4 * k - d["slices"][k]["begin"] <= d["source"]["sample_rate"] / 1000 for k in (1, 2, 3)))')" = '(4, True)'
done
if ldconfig -p | grep -q libaubio.so.5; then
  ok sfa-slice loop.wav --method aubio -o aubio.json
  check 'aubio finds the bursts too' test "$(json aubio.json "$begins")" = '(True, 10)'
fi

# Equal parts, a part of the sound, silence, a single frame.
ok sfa-slice loop.wav --at 7 -o parts.json
check 'parts are equal' test "$(json parts.json '{s["end"] - s["begin"] for s in d["slices"]} <= {13714, 13715} and len(d["slices"])')" = 7
ok sfa-slice loop.wav --at 4 --start 0.5 --duration 1 -o part.json
check 'a part in frames of the whole' test "$(json part.json '[s["begin"] for s in d["slices"]] + [d["slices"][-1]["end"], d["source"]["frames"]]')" = '[22050, 33075, 44100, 55125, 66150, 96000]'
for sound in silent single; do
  ok sfa-slice $sound.wav -o $sound.json
  valid $sound.json sfa.bank
  check "$sound is one slice" test "$(json $sound.json '[s["class"] for s in d["slices"]]')" = "['silence']"
done

# Beats come from an analysis, or are found.
printf '{"format":"sfa.analysis","version":1,"source":{"sample_rate":44100,"channels":2,"frames":96000},"container":"WAV","encoding":"x","duration":2.177,"tempo":{"bpm":120,"confidence":1},"key":{"name":"none","confidence":0},"loudness":{"integrated_lufs":-9,"range_lu":1,"true_peak_db":-1},"beats":[{"time":0,"confidence":1},{"time":0.5,"confidence":1},{"time":1.0,"confidence":1},{"time":1.5,"confidence":1}]}' >analysis.json
ok sfa-slice loop.wav --at beats --snap 0 --analysis analysis.json -o beats.json
check 'cut at the beats' test "$(json beats.json '[s["begin"] for s in d["slices"]], d["grid"]["bpm"]')" = '([0, 22050, 44100, 66150], 120.0)'
fails 1 'silent.wav: no beats' sfa-slice silent.wav --at beats

# A pipe's sound is kept in the cache; the bank says where.
piped() { sfa-slice - "$@" <loop.wav; }
ok piped --cache-dir cache
printf '%s\n' "$out" >piped.json
valid piped.json sfa.bank
check 'the same slices as from the file' test "$(json piped.json '[s["begin"] for s in d["slices"]]')" = "$(json bank.json '[s["begin"] for s in d["slices"]]')"
kept=$(json piped.json 'd["source"]["path"]')
check 'an absolute path on standard output' test "${kept:0:1}" = /
check 'what is kept is the sound' soxi "$kept"
ok sfa-slice "$kept" -o kept.json
check 'the same sound by its hash' test "$(json kept.json 'd["source"]["sha256"]')" = "$(json piped.json 'd["source"]["sha256"]')"

# Put one after another the slices are the sound again, sample for sample, in its own format.
samples() { sox "$1" -t raw -; }
/usr/bin/python3 - <<'PY'
import random, struct
random.seed(2)
def wav(name, channels, bits, frames):
    width = bits // 8
    data = b''.join(random.randrange(-1 << (bits - 3), 1 << (bits - 3)).to_bytes(width, 'little', signed=True)
                    for _ in range(frames * channels))
    open(name, 'wb').write(struct.pack('<4sI4s4sIHHIIHH4sI', b'RIFF', 36 + len(data), b'WAVE', b'fmt ', 16, 1, channels, 48000,
                                       48000 * channels * width, channels * width, bits, b'data', len(data)) + data)
wav('mono16.wav', 1, 16, 50001)
wav('stereo24.wav', 2, 24, 50001)
PY
sox loop.wav -e float -b 32 float.wav
for sound in loop mono16 stereo24 float; do
  for at in onsets 7 1/16; do
    ok sfa-slice $sound.wav --at $at --bpm 133 --wav exact-$sound --name '{n:04}.{ext}' -o exact.json -f
    sox exact-$sound/*.wav joined.wav
    check "$sound at $at: joined slices are the sound" cmp <(samples joined.wav) <(samples $sound.wav)
    check "$sound: its own bit depth" test "$(soxi -b joined.wav)" = "$(soxi -b $sound.wav)"
    rm -r exact-$sound exact.json
  done
done

# A grid that is given, sections, silences, lists of times, another sound's onsets.
begins_of() { json "$1" '[s["begin"] for s in d["slices"]]'; }
ok sfa-slice loop.wav --at sixteenths --bpm 120 --offset 0.1 --snap 0 --min-length 0 -o grid.json
check 'sixteenths of a grid' test "$(json grid.json '[s["begin"] for s in d["slices"]][:4], d["grid"]["bpm"], d["grid"]["downbeats"]')" = '([0, 4410, 9923, 15435], 120.0, [0.1, 2.1])'
ok sfa-slice loop.wav --at bars --bpm 240 --beats-per-bar 3 --snap 0 -o bars.json
check 'bars of a grid' test "$(begins_of bars.json)" = '[0, 33075, 66150]'
ok sfa-slice loop.wav --times 1,0.5 --snap 0 -o times.json
printf '# labels\n0.5\t0.6\tone\n\n 1.0\n' >times.txt
ok sfa-slice loop.wav --times-from times.txt --snap 0 -o listed.json
check 'times from a list' test "$(begins_of times.json)" = '[0, 22050, 44100]'
check 'times from a file' test "$(begins_of listed.json)" = '[0, 22050, 44100]'
ok sfa-slice silent.wav --onsets-of loop.wav --snap 0 -o others.json
check "another sound's onsets" test "$(json others.json 'all(0 <= 8820 * k - d["slices"][k]["begin"] <= 22 for k in (1, 2, 3, 4))')" = True
sox -n -r 44100 -b 16 gaps.wav synth 1 noise vol 0.3 pad 0.5@0.4 0.3
ok sfa-slice gaps.wav --at silences --snap 0 -o silences.json
check 'silence and sound by turns' test "$(json silences.json '[s["class"] == "silence" for s in d["slices"]]')" = '[False, True, False, True]'
sed 's/"beats":/"sections":[{"time":0,"duration":1,"label":"A"},{"time":1,"duration":1.177,"label":"B"}],"beats":/' analysis.json >sections.analysis.json
ok sfa-slice loop.wav --at sections --analysis sections.analysis.json --snap 0 -o sections.json
check 'sections' test "$(begins_of sections.json)" = '[0, 44100]'
fails 1 'analysis.json: has no sections' sfa-slice loop.wav --at sections --analysis analysis.json

# What is said of slices, which are kept, and in what order.
check 'attacks lie in their slices, at the bursts' test "$(json bank.json 'all(abs(d["slices"][k]["attack_frame"] - 8820 * k) < 220 and d["slices"][k]["begin"] <= d["slices"][k]["attack_frame"] < d["slices"][k]["end"] for k in range(1, 10))')" = True
check 'every slice is described' test "$(json bank.json 'all(len(s["mfcc"]) == 13 and 0 <= s["confidence"] <= 1 and s["loudness_lufs"] >= -120 and s["decay"] <= s["duration"] and s["bandwidth_hz"] >= 0 for s in d["slices"])')" = True
sox -n -r 44100 -b 16 note.wav synth 1 sawtooth 220 vol 0.4
ok sfa-slice note.wav --at 1 -o note.json
check 'a pitch' test "$(json note.json 'abs(d["slices"][0]["pitch_hz"] - 220) < 0.5 and d["slices"][0]["pitch_confidence"] > 0.95')" = True
ok sfa-slice loop.wav --order loudness --keep 3 -o loudest.json
valid loudest.json sfa.bank
check 'the loudest first' test "$(json loudest.json '(lambda l: l == sorted(l, reverse=True) and len(l))([s["loudness_lufs"] for s in d["slices"]])')" = 3
check 'numbered anew' test "$(json loudest.json '[s["id"] for s in d["slices"]]')" = '[0, 1, 2]'
ok sfa-slice loop.wav --group 0.5 -o groups.json
valid groups.json sfa.bank
check 'groups of what is alike' test "$(json groups.json 'len({s["group"] for s in d["slices"]}) < 10')" = True
ok sfa-slice loop.wav --unique 0.5 -o unique.json
check 'one of each group' test "$(json unique.json 'len(d["slices"])')" = "$(json groups.json 'len({s["group"] for s in d["slices"]})')"
ok sfa-slice loop.wav --only silence -o only.json
check 'classes picked' test "$(json only.json '{s["class"] for s in d["slices"]}')" = "{'silence'}"
ok sfa-slice loop.wav --max-length 0.05 --tail 0.01 -o short.json
check 'no longer than asked, tail and all' test "$(json short.json 'max(s["duration"] for s in d["slices"]) <= 0.0601')" = True

# Gain and fades are done in files only where they were asked for.
ok sfa-slice loop.wav --normalize -6 --fade-in 0 --fade-out 5 --wav loud -o loud.json
valid loud.json sfa.bank
check 'peaks at one level' test "$(json loud.json 'all(abs(s["peak_db"] + s["gain_db"] + 6) < 1e-9 for s in d["slices"] if s["class"] != "silence")')" = True
check 'done in the files' test "$(for f in loud/*[!e].wav; do sox "$f" -n stat 2>&1 | awk '/Maximum amp|Minimum amp/ { v = $3 < 0 ? -$3 : $3; if (v > m) m = v } END { printf "%.2f\n", m }'; done | sort -u)" = 0.50

# One file with marks, as two programs that are not ours read them.
ok sfa-slice loop.wav --cue-wav cues.wav -o cues.json
check 'the samples are the sound' cmp <(samples cues.wav) <(samples loop.wav)
/usr/bin/python3 - >marks.txt <<'PY'
import struct
data = open('cues.wav', 'rb').read()
assert struct.unpack('<I', data[4:8])[0] == len(data) - 8
at, chunks = 12, {}
while at < len(data):
    name, size = struct.unpack('<4sI', data[at:at + 8])
    if name != b'LIST' or data[at + 8:at + 12] == b'adtl':
        chunks[name] = data[at + 8:at + 8 + size]
    at += 8 + size + size % 2
assert at == len(data)
cue, smpl, adtl = chunks[b'cue '], chunks[b'smpl'], chunks[b'LIST']
count = struct.unpack('<I', cue[:4])[0]
print([struct.unpack('<6I', cue[4 + 24 * i:28 + 24 * i])[5] for i in range(count)])
print([struct.unpack('<6I', smpl[36 + 24 * i:60 + 24 * i])[3] + 1 for i in range(struct.unpack('<I', smpl[28:32])[0])])
print(adtl[:4] == b'adtl' and adtl.count(b'labl') == count and adtl.count(b'rgn ') == count)
PY
check 'cue points at the begins, loops to the ends, a label each' test "$(cat marks.txt)" = "$(json cues.json 'str([s["begin"] for s in d["slices"]]) + chr(10) + str([s["end"] for s in d["slices"]]) + chr(10) + "True"')"
if command -v ffprobe >/dev/null; then
  check 'ffprobe reads the labels' test "$(ffprobe -v error -show_chapters cues.wav | sed -n 's/^TAG:title=//p' | sed -n 2p)" = "$(json cues.json '"001-" + d["slices"][1]["class"]')"
fi
before=$(stat -c '%n %i %y' cues.wav cues.json)
ok sfa-slice loop.wav --cue-wav cues.wav -o cues.json
check 'a second run leaves it as it is' test "$before" = "$(stat -c '%n %i %y' cues.wav cues.json)"
rm cues.wav
ok sfa-slice loop.wav --cue-wav cues.wav -o cues.json
check 'what is missing is made again' test -s cues.wav
echo precious >mine.wav
fails 1 'mine.wav: exists' sfa-slice loop.wav --cue-wav mine.wav -o mine.json
fails 1 'is the input itself' sfa-slice loop.wav --cue-wav loop.wav -o mine.json
fails 1 'marks go into WAV files alone' sfa-slice loop.wav --cue-wav marked.flac -o mine.json

# Names by a template, other formats, folders.
ok sfa-slice loop.wav --wav named --name '{class}/{track}-{n:02}.flac' -o named.json
check 'named as asked' test "$(json named.json 'd["slices"][1]["path"] == "named/%s/loop-01.flac" % d["slices"][1]["class"]')" = True
check 'of that kind' test "$(soxi -t named/*/loop-01.flac)" = flac
fails 2 'name: slices 0 and 1 would both be' sfa-slice loop.wav --at 3 --wav same --name 'same.{ext}'
fails 2 'name: .no. is none of' sfa-slice loop.wav --wav same --name '{no}.wav'
fails 2 'name: .n has no closing' sfa-slice loop.wav --wav same --name '{n'

# A stream's slices are the file's own.
piped --wav streamed --cache-dir cache >/dev/null
ok sfa-slice loop.wav --wav filed -o filed.json
check 'slices of a stream' test "$(samples streamed/003-*.wav | sha256sum)" = "$(samples filed/003-*.wav | sha256sum)"

# Slices as WAV files; a second run makes nothing anew, but puts back what is missing.
mkdir sub
ok sfa-slice loop.wav --wav sub/slices -o sub/bank.json
valid sub/bank.json sfa.bank
check 'a file for each slice' test "$(json sub/bank.json 'len(d["slices"])')" = "$(ls sub/slices | wc -l)"
check 'paths relative to the bank' test "$(json sub/bank.json 'd["source"]["path"], d["slices"][0]["path"]')" = "('../loop.wav', 'slices/000-silence.wav')"
check 'as long as the slice' test "$(soxi -s sub/slices/003-*.wav)" = "$(json sub/bank.json 'd["slices"][3]["end"] - d["slices"][3]["begin"]')"
before=$(stat -c '%n %i %y' sub/bank.json sub/slices/*)
ok sfa-slice loop.wav --wav sub/slices -o sub/bank.json
check 'a second run leaves everything as it is' test "$before" = "$(stat -c '%n %i %y' sub/bank.json sub/slices/*)"
cp -r sub again
rm sub/slices/004-*
ok sfa-slice loop.wav --wav sub/slices -o sub/bank.json
check 'what is missing is made again, with the same bytes' diff -r sub again
rm -r sub/slices sub/bank.json
mkdir sub/slices
echo precious >sub/slices/000-silence.wav
fails 1 '000-silence.wav: exists' sfa-slice loop.wav --wav sub/slices -o sub/bank.json
check "somebody else's file is left alone, and nothing is written beside it" test "$(ls sub/slices) $(cat sub/slices/*)" = '000-silence.wav precious'
absent sub/bank.json
ok sfa-slice loop.wav --wav sub/slices -o sub/bank.json -f
check 'unless -f says so' diff -r sub again

# A slice that sfa-slice made is not overwritten by its own slices.
ok sfa-slice sub/slices/000-silence.wav --at 1 --wav own -o own.json
cp own/000-silence.wav kept.wav
fails 1 'is the input itself' sfa-slice own/000-silence.wav --at 1 --duration 0.01 --wav own -o other.json
same own/000-silence.wav kept.wav

# Mistakes.
fails 2 'at: must be' sfa-slice loop.wav --at 0
fails 2 'at: must be' sfa-slice loop.wav --at bar
fails 2 'sensitivity' sfa-slice loop.wav --sensitivity 2
fails 2 'min-length' sfa-slice loop.wav --min-length -1
fails 1 'single.wav: .*more parts .2. than it has frames .1.' sfa-slice single.wav --at 2
fails 1 'none.wav: No such file' sfa-slice none.wav
fails 1 'none.wav: No such file' sfa-slice loop.wav --onsets-of none.wav
fails 1 'none.txt: No such file' sfa-slice loop.wav --times-from none.txt
printf '0.5\nsoon\n' >bad.txt
fails 1 'bad.txt: line 2: must begin with a time' sfa-slice loop.wav --times-from bad.txt
fails 1 'loop.wav: line 1: must begin with a time' sfa-slice loop.wav --times-from loop.wav
fails 2 'take one of them' sfa-slice loop.wav --times 1 --onsets-of loop.wav
fails 2 'take one of them' sfa-slice loop.wav --bpm 100 --analysis analysis.json
fails 2 'goes with --bpm' sfa-slice loop.wav --offset 1
fails 2 'needs --analysis' sfa-slice loop.wav --at sections
fails 2 'only: no class' sfa-slice loop.wav --only drums
fails 2 'cue-wav: needs a file' sfa-slice loop.wav --cue-wav -
for bad in '--bpm 0' '--bpm nan' '--keep 0' '--unique 1.1' '--group -1' '--normalize 1' '--tail -1' '--max-length 0' '--beats-per-bar 0' '--times -1' '--silence 1' '--order size'; do
  fails 2 "${bad%% *}" sfa-slice loop.wav $bad
done
fails 1 'bank.json' sfa-slice loop.wav --analysis bank.json --at beats
fails 1 'loop.wav/slices: ' sfa-slice loop.wav --wav loop.wav/slices
no_leftovers
