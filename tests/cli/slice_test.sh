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
fails 2 'at: must be' sfa-slice loop.wav --at bars
fails 2 'sensitivity' sfa-slice loop.wav --sensitivity 2
fails 2 'min-length' sfa-slice loop.wav --min-length -1
fails 1 'single.wav: .*more parts .2. than it has frames .1.' sfa-slice single.wav --at 2
fails 1 'none.wav: No such file' sfa-slice none.wav
fails 1 'bank.json' sfa-slice loop.wav --analysis bank.json --at beats
fails 1 'loop.wav/slices: ' sfa-slice loop.wav --wav loop.wav/slices
no_leftovers
