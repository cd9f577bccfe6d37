# sfa-analyze --features, --features-out and --curves: numbers over time.
/usr/bin/python3 - <<'PYTHON'
import math, struct, wave

def write(name, rate, channels, seconds, sample):
    with wave.open(name, "wb") as out:
        out.setnchannels(channels), out.setsampwidth(2), out.setframerate(rate)
        out.writeframes(b"".join(struct.pack("<h", round(32767 * sample(i / rate, c)))
                                 for i in range(int(seconds * rate)) for c in range(channels)))

# 1 kHz for two seconds, then 2 kHz: on both sides, so that the mean of the channels is the same.
write("tones.wav", 22050, 2, 4, lambda t, c: 0.25 * math.sin(2 * math.pi * (1000 if t < 2 else 2000) * t))
write("steps.wav", 48000, 2, 8, lambda t, c: (0.5 if int(t) % 3 else 0.05) * math.sin(2 * math.pi * 1000 * t))
PYTHON
npz() { /usr/bin/python3 "$SFA_SOURCE/tests/cli/read_npz.py" "$1" > "$1.json" || complain "$1 cannot be read"; }

# Statistics in the document.
ok sfa-analyze tones.wav --features rms,spectral_centroid,mfcc -o tones.json
valid tones.json sfa.analysis
check "names and rows" test "$(json tones.json '[(f["name"], f["rows"], len(f["statistics"]), "values" in f) for f in d["features"]]')" = \
  "[('rms', 1, 1, False), ('spectral_centroid', 1, 1, False), ('mfcc', 13, 13, False)]"
check "hop" test "$(json tones.json 'abs(d["features"][0]["hop"] - 512 / 22050) < 1e-6')" = True
check "a sine's level" test "$(json tones.json 'abs(d["features"][0]["statistics"][0]["median"] - 0.25 / 2 ** 0.5) < 1e-3')" = True
check "half of it at 1 kHz, half at 2" test "$(json tones.json 'abs(d["features"][1]["statistics"][0]["mean"] - 1500) < 30')" = True
ok sfa-analyze tones.wav
check "none unless asked for" test "$(grep -c '"features"' <<<"$out")" = 0

# All values in the document.
ok sfa-analyze tones.wav --features spectral_centroid,chroma_stft --curves -o curves.json
valid curves.json sfa.analysis
check "every frame" test "$(json curves.json '[len(f["values"]) for f in d["features"]]')" = "[173, 2076]"
check "at its time" test "$(json curves.json 'abs(d["features"][0]["values"][43] - 1000) < 5 and abs(d["features"][0]["values"][130] - 2000) < 5')" = True

# In a file for NumPy.
ok sfa-analyze tones.wav --features all --mfcc 20 --features-out all.npz -o all.json --start 1
valid all.json sfa.analysis
npz all.npz
check "shapes" test "$(json all.npz.json '{n: d[n]["shape"] for n in ("rms", "mfcc", "chroma_cqt", "tempogram", "start")}')" = \
  "{'rms': [130], 'mfcc': [20, 130], 'chroma_cqt': [12, 130], 'tempogram': [384, 130], 'start': []}"
check "of what they are" test "$(json all.npz.json 'd["start"]["sum"], d["sample_rate"]["sum"], round(d["hop"]["sum"] * 22050)')" = "(1.0, 22050.0, 512)"
check "as many as there are, and three numbers" test "$(json all.json 'len(d["features"])')" = "$(json all.npz.json 'len(d) - 3')"
check "the same numbers" test "$(json all.json 'next(abs(f["statistics"][0]["mean"] - json.load(open("all.npz.json"))["rms"]["sum"] / 130) < 1e-6 for f in d["features"] if f["name"] == "rms")')" = True
command -v unzip >/dev/null && check "unzip takes it" unzip -tq all.npz

# Made once; anew when something changed; never over another's file.
cp -p all.npz before.npz
ok sfa-analyze tones.wav --features all --mfcc 20 --features-out all.npz -o all.json --start 1
check "not touched" test ! all.npz -nt before.npz
rm all.npz
ok sfa-analyze tones.wav --features all --mfcc 20 --features-out all.npz -o all.json --start 1
same all.npz before.npz
ok sfa-analyze tones.wav --features rms --features-out all.npz
npz all.npz
check "made anew" test "$(json all.npz.json 'len(d)')" = 4
echo mine > mine.npz
fails 1 mine.npz sfa-analyze tones.wav --features rms --features-out mine.npz
check "left alone" test "$(cat mine.npz)" = mine
check "from a pipe" bash -c 'cat tones.wav | sfa-analyze - --features rms --features-out pipe.npz > pipe.json'
npz pipe.npz
same all.npz.json pipe.npz.json

# What is asked for wrongly.
fails 2 'no feature is called .loud.*spectral_centroid' sfa-analyze tones.wav --features loud
fails 2 'features-out needs --features' sfa-analyze tones.wav --features-out x.npz
fails 2 'one input' sfa-analyze tones.wav steps.wav --features rms --features-out x.npz
fails 2 'mel-scale' sfa-analyze tones.wav --features mfcc --mel-scale bark
fails 2 'MFCC' sfa-analyze tones.wav --features mfcc --mfcc 0
fails 2 'hop' sfa-analyze tones.wav --features rms --feature-hop 0
fails 2 'cents' sfa-analyze tones.wav --features tonnetz --feature-tuning 80
fails 2 'features-out' sfa-analyze tones.wav --features rms --features-out -
fails 1 'nowhere' sfa-analyze tones.wav --features rms --features-out nowhere/x.npz
absent x.npz

# Loudness over time, and ffmpeg's reading of it every tenth of a second.
ok sfa-analyze steps.wav --curves -o steps.json
valid steps.json sfa.analysis
check "values" test "$(json steps.json '(len(d["loudness"]["curves"]["momentary_lufs"]), len(d["loudness"]["curves"]["short_term_lufs"]), d["loudness"]["curves"]["step"])')" = "(77, 51, 0.1)"
if command -v ffmpeg >/dev/null; then
  ffmpeg -hide_banner -nostats -loglevel error -i steps.wav -af ebur128=metadata=1,ametadata=print:file=- -f null - > ffmpeg.txt
  for window in M:momentary:3 S:short_term:29; do
    IFS=: read -r letter name first <<<"$window"
    sed -n "s/^lavfi.r128.$letter=//p" ffmpeg.txt | tail -n +$((first + 1)) > peer.txt
    check "ffmpeg's $name loudness" test "$(json steps.json "max(abs(a - float(b)) for a, b in zip(d['loudness']['curves']['${name}_lufs'], open('peer.txt'), strict=True)) < 0.01")" = True
  done
fi
no_leftovers
