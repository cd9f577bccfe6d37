# sfa-analyze: one song or many in, sfa.analysis out.
/usr/bin/python3 - <<'EOF'
import math, struct, wave

def tone(t, notes):
    return sum(math.sin(2 * math.pi * 440 * 2 ** ((n - 69) / 12) * t) for n in notes) * 0.05

def write(name, rate, channels, seconds, bpm, notes, frames=None):
    with wave.open(name, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        data = bytearray()
        for i in range(int(seconds * rate)):
            t = i / rate
            since = t % (60 / bpm)
            value = tone(t, notes) + 0.6 * math.exp(-since * 60) * math.sin(2 * math.pi * 1000 * since)
            data += struct.pack("<h", round(32767 * value)) * channels
        out.writeframes(bytes(data))

write("a.wav", 22050, 2, 10, 120, [57, 60, 64, 69])
write("b.wav", 8000, 1, 10, 90, [60, 64, 67, 72])
with wave.open("silence.wav", "wb") as out:
    out.setnchannels(1), out.setsampwidth(2), out.setframerate(44100), out.writeframes(b"\0" * 88200)
with wave.open("empty.wav", "wb") as out:
    out.setnchannels(1), out.setsampwidth(2), out.setframerate(44100)
EOF
echo 'no sound at all' > bad.wav

ok sfa-analyze a.wav
printf '%s\n' "$out" > a.json
valid a.json sfa.analysis
check "tempo" test "$(json a.json 'abs(d["tempo"]["bpm"] - 120) < 0.5')" = True
check "beats" test "$(json a.json 'len(d["beats"]) == 20 and all(abs(b["time"] - i / 2) < 0.02 for i, b in enumerate(d["beats"]))')" = True
check "key" test "$(json a.json '(d["key"]["name"], d["key"]["camelot"], d["key"]["tonic"], d["key"]["mode"])')" = "('A minor', '8A', 9, 'minor')"
check "format" test "$(json a.json '(d["container"], d["encoding"], d["duration"], d["source"]["frames"], d["source"]["channels"])')" = "('WAV', '16-bit PCM', 10.0, 220500, 2)"
check "pretty" test "$(wc -l < a.json)" -gt 20

# The peers' loudness of the same file.
if command -v ffmpeg >/dev/null; then
  peer=$(ffmpeg -hide_banner -nostats -i a.wav -af ebur128 -f null - 2>&1 | sed -n 's/^ *I: *\(-[0-9.]*\) LUFS.*/\1/p' | tail -1)
  check "ffmpeg measures $peer LUFS" test "$(json a.json "abs(d['loudness']['integrated_lufs'] - ($peer)) <= 0.2")" = True
fi

# A pipe has the same sound, but no path.
check 'from a pipe' bash -c 'cat a.wav | sfa-analyze - > pipe.json'
valid pipe.json sfa.analysis
check "same sound" test "$(json pipe.json 'd["source"]["sha256"], d["source"].get("path", "")')" = "('$(json a.json 'd["source"]["sha256"]')', '')"
check "same beats" test "$(json pipe.json 'd["beats"]')" = "$(json a.json 'd["beats"]')"

# Several inputs are JSON Lines in the inputs' order, for any number of jobs.
ok sfa-analyze a.wav b.wav silence.wav -j 1
printf '%s\n' "$out" > one.jsonl
ok sfa-analyze a.wav b.wav silence.wav -j 3
printf '%s\n' "$out" > three.jsonl
same one.jsonl three.jsonl
valid one.jsonl sfa.analysis
check "a line each" test "$(wc -l < one.jsonl)" = 3
sed -n 2p one.jsonl > b.json
check "in order" test "$(json b.json 'd["source"]["path"].split("/")[-1]')" = b.wav
check "b's tempo and key" test "$(json b.json 'round(d["tempo"]["bpm"]), d["key"]["name"]')" = "(90, 'C major')"
sed -n 3p one.jsonl > silence.json
check "silence" test "$(json silence.json 'd["tempo"]["bpm"], d["beats"], d["key"]["name"], d["loudness"]["integrated_lufs"], d["loudness"]["true_peak_db"]')" = "(0.0, [], 'none', None, None)"

# A bad file among good ones is reported, and the rest is done.
capture sfa-analyze a.wav bad.wav missing.wav b.wav
check "exit 3" test "$code" = 3
check "two complaints" test "$(wc -l < .stderr)" = 2
check "two lines" test "$(wc -l <<<"$out")" = 2
for i in 1 2; do  # the second time, too: an incomplete file is no reason to do nothing
  capture sfa-analyze a.wav bad.wav -o some.jsonl
  check "exit 3 with a file" test "$code" = 3
  check "complaint" grep -q 'bad.wav' .stderr
done
valid some.jsonl sfa.analysis
fails 1 'missing.wav: No such file' sfa-analyze missing.wav
fails 1 'bad.wav' sfa-analyze bad.wav
fails 2 . sfa-analyze

# A part: times count from the beginning of the input.
ok sfa-analyze a.wav --start 2.2 --duration 5 -o part.json
valid part.json sfa.analysis
check "the part" test "$(json part.json 'd["start"], d["duration"], d["source"]["frames"]')" = "(2.2, 5.0, 220500)"
check "its beats" test "$(json part.json 'len(d["beats"]) == 10 and all(abs(b["time"] - 2.5 - i / 2) < 0.02 for i, b in enumerate(d["beats"]))')" = True
check 'a part of a pipe' bash -c 'cat a.wav | sfa-analyze - --start 2.2 --duration 5 > part-pipe.json'
check "same beats" test "$(json part-pipe.json 'd["beats"]')" = "$(json part.json 'd["beats"]')"
ok sfa-analyze empty.wav

# What is asked for.
ok sfa-analyze a.wav --bpm-range 50-80
printf '%s\n' "$out" > slow.json
check "tempos to look for" test "$(json slow.json '50 <= d["tempo"]["bpm"] <= 80')" = True
for range in 80 80- -80 80-70 80-81 10-90 x-y 80-160x; do fails 2 bpm-range sfa-analyze a.wav --bpm-range=$range; done
ok sfa-analyze a.wav --curves -o curves.json
valid curves.json sfa.analysis
check "a value each 0.1 s of whole windows" test \
  "$(json curves.json 'len(d["loudness"]["curves"]["momentary_lufs"]), len(d["loudness"]["curves"]["short_term_lufs"])')" = "(97, 71)"
check "none unless asked for" test "$(json a.json '"curves" in d["loudness"]')" = False
ok sfa-analyze a.wav --cues first_beat,drop
printf '%s\n' "$out" > cues.json
check "only such cues" test "$(json cues.json 'set(c["type"] for c in d["cues"]) <= {"first_beat", "drop"}')" = True
fails 2 'there is no chorus' sfa-analyze a.wav --cues drop,chorus
ok sfa-analyze --summary a.wav silence.wav
check "for people" grep -q '^  tempo  *1[12][0-9]\.[0-9][0-9] bpm' <<<"$out"
check "a paragraph each" test "$(grep -c '^[^ ]' <<<"$out")" = 2
check "silence" grep -q '^  loudness  silent' <<<"$out"
fails 2 'standard output' sfa-analyze --summary a.wav -o summary.txt

# Stems: beats from the drums, and how clean they are.
sox -n -r 44100 -c 2 -b 16 drums.wav synth 12 sine 60 tremolo 2 100 2>/dev/null
sox -n -r 44100 -c 2 -b 16 other.wav synth 12 sine 440 sine 523.25 sine 659.26 gain -6 2>/dev/null
cat > stems.json <<'END'
{"format": "sfa.stems", "version": 1, "source": {"path": "song.wav", "sample_rate": 44100, "channels": 2, "frames": 529200},
 "engine": "spectral", "stems": [{"name": "drums", "path": "drums.wav"}, {"name": "other", "path": "other.wav"}]}
END
valid stems.json sfa.stems
ok sfa-analyze stems.json -o sub-stems.json
valid sub-stems.json sfa.analysis
check "the stems" test "$(json sub-stems.json '[(s["name"], s["path"]) for s in d["stems"]]')" = "[('drums', 'drums.wav'), ('other', 'other.wav')]"
check "what they were made of" test "$(json sub-stems.json 'd["source"]["path"], d["duration"]')" = "('song.wav', 12.0)"
check 'down a pipe' bash -c 'cat stems.json | sfa-analyze - > pipe-stems.json'
check "the same" test "$(json pipe-stems.json 'd["beats"], d["key"], d["chords"]')" = "$(json sub-stems.json 'd["beats"], d["key"], d["chords"]')"
ok bash -c 'sfa-analyze - < stems.json'
first=$out
sox drums.wav louder.wav vol 0.5 && mv louder.wav drums.wav
ok bash -c 'sfa-analyze - < stems.json'
check "another drum, another analysis" test "$out" != "$first"
cp a.wav other.wav
fails 1 'other.wav: has another rate' sfa-analyze stems.json

# What was found before comes from the cache, whatever the file is called now; a broken entry is no harm.
entries() { find "$XDG_CACHE_HOME/sfa/documents" -name '*.json' | wc -l; }
rm -rf "$XDG_CACHE_HOME/sfa/documents"
ok sfa-analyze a.wav
first=$out
cp a.wav renamed.wav
ok sfa-analyze renamed.wav
check "one entry" test "$(entries)" = 1
check "another name" test "${out//renamed.wav/a.wav}" = "$first"
echo '{' > "$(find "$XDG_CACHE_HOME/sfa/documents" -name '*.json')"
ok sfa-analyze a.wav
check "made anew" test "$out" = "$first"
ok sfa-analyze a.wav --cues drop
ok sfa-analyze a.wav --summary
check "what is shown of it is no other analysis" test "$(entries)" = 1
ok sfa-analyze a.wav --start 1
check "another part, another entry" test "$(entries)" = 2
rm "$XDG_CACHE_HOME"/sfa/documents/*
ok sfa-analyze a.wav --curves --features rms --features-out rms.npz
ok sfa-analyze a.wav --curves --features rms
first=$out
check "values where they have no file of their own" grep -q '"values"' <<<"$out"
ok sfa-analyze a.wav --curves --features rms
check "from the cache as they were found" test "$out" = "$first"
ok sfa-analyze a.wav --curves --features rms --features-out rms.npz -o features.json
ok sfa-analyze a.wav --curves --features rms -o features.json
check "also in a document that was without" test "$(json features.json 'len(d["features"][0]["values"]) > 0')" = True

# A cache that cannot be had costs time alone.
ok env -u XDG_CACHE_HOME -u HOME sfa-analyze -q a.wav
without=$out
ok sfa-analyze a.wav
check "the same without a cache" test "$out" = "$without"
echo 'no folder' > no-folder
ok sfa-analyze -q a.wav --cache-dir no-folder/inside
check "and where it cannot be made" test "$out" = "$without"

# Outputs: made once, made anew when the sound changes, never over another's file.
ok sfa-analyze a.wav -o out.json
cp -p out.json before.json
ok sfa-analyze a.wav -o out.json
same out.json before.json
check "not touched" test ! out.json -nt before.json
cp b.wav a2.wav; ok sfa-analyze a2.wav -o out2.json
cp a.wav a2.wav; ok sfa-analyze a2.wav -o out2.json
check "made anew" test "$(json out2.json 'round(d["tempo"]["bpm"])')" = 120
echo mine > mine.txt
fails 1 mine.txt sfa-analyze a.wav -o mine.txt
check "left alone" test "$(cat mine.txt)" = mine
ok sfa-analyze a.wav -o mine.txt -f
valid mine.txt sfa.analysis
mkdir -p sub
ok sfa-analyze a.wav -o sub/out.json
check "path relative to the document" test "$(json sub/out.json 'd["source"]["path"]')" = ../a.wav
no_leftovers
