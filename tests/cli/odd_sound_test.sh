# Sounds that are no music, and music in odd forms: what has no pulse gets no tempo, what has no pitch no key.
/usr/bin/python3 - <<'EOF'
import math, random, struct

def write(name, samples, rate=11025):
    data = b"".join(struct.pack("<h", round(32767 * max(-1.0, min(1.0, value)))) for value in samples)
    head = struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(data)) + data
    open(name, "wb").write(b"RIFF" + struct.pack("<I", len(body)) + body)

def note(samples, begin, pitch, seconds, level, rate=11025):
    hz = 440 * 2 ** ((pitch - 69) / 12)
    for i in range(min(int(seconds * rate), len(samples) - begin)):
        t = i / rate
        tone = sum(math.sin(2 * math.pi * hz * h * t) / h for h in (1, 2, 3))
        samples[begin + i] += level * math.exp(-3 * t) * min(1, t / 0.005) * tone

def at_random(seed, rate=11025, length=20):
    chance, samples, at = random.Random(seed), [0.0] * (length * rate), 0.0
    while at < length:
        note(samples, int(at * rate), chance.randrange(36, 84), chance.uniform(0.1, 1.0), chance.uniform(0.05, 0.2))
        at += chance.expovariate(3)
    return samples

for seed in range(3):
    write(f"random-{seed}.wav", at_random(seed))
clicks = [0.0] * (20 * 11025)
for beat in range(40):
    for i in range(40):
        clicks[int(beat * 0.5 * 11025) + i] = 0.8 * math.exp(-i / 8) * math.cos(i)
write("clicks.wav", clicks)
song = [0.0] * (16 * 11025)
for beat in range(32):
    bar = beat // 4 % 4
    root = (60, 65, 67, 60)[bar]
    for step in (0, 4, 7):
        note(song, int(beat * 0.5 * 11025), root + step, 0.5, 0.06)
    note(song, int(beat * 0.5 * 11025), root - 24, 0.5, 0.15)
    hiss = random.Random(beat)
    for i in range(600):
        song[int(beat * 0.5 * 11025) + i] += hiss.uniform(-0.3, 0.3) * math.exp(-i / (150 if beat % 2 else 60))
write("song.wav", song)
EOF
sox -n -r 22050 -c 1 -b 16 silence.wav trim 0 12
sox -R -n -r 44100 -c 1 -b 16 white.wav synth 12 whitenoise vol 0.3
sox -R -n -r 44100 -c 1 -b 16 pink.wav synth 12 pinknoise vol 0.3
sox -n -r 22050 -c 1 -b 16 sine.wav synth 12 sine 440 vol 0.5
sox -n -r 22050 -c 1 -b 16 hum.wav synth 12 sine 50 vol 0.3
sox -n -r 44100 -c 2 -b 16 short.wav synth 0.1 sine 440 vol 0.5

analysed() { ok sfa-analyze "$1" -o "$1.json"; valid "$1.json" sfa.analysis; }
has_no_tempo() {
  check "$1 has no tempo" test "$(json "$1.json" 'd["tempo"]["bpm"], d["tempo"]["confidence"], d["beats"], d["meter"]["beats_per_bar"], d["cues"]')" = '(0.0, 0.0, [], 0, [])'
}
for sound in silence white pink sine hum short; do
  analysed $sound.wav
  has_no_tempo $sound.wav
  check "$sound has no key" test "$(json $sound.wav.json 'd["key"]["name"], d["key"]["confidence"]')" = "('none', 0.0)"
  check "$sound has no chord" test "$(json $sound.wav.json 'set(c["name"] for c in d["chords"]) <= {"N"}')" = True
  check "$sound has no verse" test "$(json $sound.wav.json 'set(s["role"] for s in d["sections"]) <= {""}')" = True
done
for seed in 0 1 2; do
  analysed random-$seed.wav
  has_no_tempo random-$seed.wav
  check "random notes have hardly a key" test "$(json random-$seed.wav.json 'd["key"]["confidence"] < 0.7')" = True
done
analysed clicks.wav
check 'clicks have a tempo' test "$(json clicks.wav.json 'abs(d["tempo"]["bpm"] - 120) < 0.5 and d["tempo"]["confidence"] > 0.8')" = True
check 'and no key' test "$(json clicks.wav.json 'd["key"]["name"]')" = none

# The same song at other rates and in more channels.
analysed song.wav
song_is_known() {
  check "$1: tempo and key" test "$(json "$1.json" 'abs(d["tempo"]["bpm"] - 120) < 0.5, d["key"]["name"], len(d["beats"]) >= 31')" = "(True, 'C major', True)"
}
song_is_known song.wav
for rate in 8000 96000 192000; do
  sox song.wav -r $rate at-$rate.wav
  analysed at-$rate.wav
  song_is_known at-$rate.wav
done
for channels in 6 64; do
  # shellcheck disable=SC2046
  sox song.wav in-$channels.wav remix $(yes 1 | head -n $channels)
  analysed in-$channels.wav
  song_is_known in-$channels.wav
  check "$channels channels" test "$(json in-$channels.wav.json 'd["source"]["channels"]')" = $channels
done

# Slices of the same: all of the sound, and classes with a confidence.
for sound in silence white pink sine short random-0 at-8000 at-192000 in-64; do
  ok sfa-slice $sound.wav -o $sound.bank.json
  valid $sound.bank.json sfa.bank
  check "$sound is sliced" test "$(json $sound.bank.json 'all(0 <= s.get("confidence", 0) <= 1 and 0 <= s["begin"] < s["end"] <= d["source"]["frames"] for s in d["slices"])')" = True
done
check 'silence is silent' test "$(json silence.bank.json 'set(s["class"] for s in d["slices"]) <= {"silence"}')" = True
check 'noise is noise' test "$(json white.bank.json 'sum(s["class"] == "noise" for s in d["slices"]) * 2 > len(d["slices"])')" = True
no_leftovers
