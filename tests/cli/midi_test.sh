# sfa-midi: what others read in its files.
/usr/bin/python3 - <<'PY'
import json
kinds = ['kick', 'hat', 'snare', 'silence']
bank = {'format': 'sfa.bank', 'version': 1,
        'source': {'path': 'drums.wav', 'sample_rate': 48000, 'channels': 1, 'frames': 480000},
        'slices': [{'id': i, 'begin': i * 12000, 'end': (i + 1) * 12000, 'class': kind} for i, kind in enumerate(kinds)]}
json.dump(bank, open('bank.json', 'w'))
events = {'format': 'sfa.events', 'version': 1, 'bpm': 125, 'meter': {'numerator': 3, 'denominator': 4}, 'duration': 2.88,
          'mode': 'by hand', 'rules': ['always: pitch 2'], 'bank': 'bank.json',
          'events': [{'time': 0, 'slice': 0}, {'time': 0.24, 'slice': 1, 'velocity': 0.5}, {'time': 0.48, 'slice': 2, 'gate': 0.12},
                     {'time': 0.96, 'slice': 3}, {'time': 1.44, 'slice': 0, 'velocity': 0}]}
json.dump(events, open('events.json', 'w'))
json.dump(dict(events, bank=bank), open('inline.json', 'w'))
json.dump(dict(events, events=[{'time': 0, 'slice': 9}]), open('no-slice.json', 'w'))
json.dump({k: v for k, v in events.items() if k != 'bank'}, open('no-bank.json', 'w'))
json.dump(dict(events, bank='missing.json'), open('lost-bank.json', 'w'))
json.dump(dict(events, bpm=1), open('slow.json', 'w'))
json.dump(dict(events, bpm=10000, duration=1e6), open('long.json', 'w'))
beats = [0.75 + 0.5 * i + 0.01 * (i % 3) for i in range(40)]
analysis = {'format': 'sfa.analysis', 'version': 1, 'duration': 21.0,
            'source': {'path': 'song.wav', 'sample_rate': 44100, 'channels': 2, 'frames': 926100},
            'tempo': {'bpm': 120.0, 'confidence': 0.9}, 'beats': [{'time': t, 'confidence': 0.8} for t in beats],
            'key': {'tonic': 9, 'mode': 'minor', 'name': 'A minor', 'camelot': '8A', 'confidence': 0.5},
            'loudness': {'integrated_lufs': -14.0, 'range_lu': 5.0, 'true_peak_db': -1.0}}
json.dump(analysis, open('analysis.json', 'w'))
json.dump(dict(analysis, beats=[]), open('no-beats.json', 'w'))
PY
valid events.json sfa.events

# A pattern as General MIDI drums: 480 ticks a quarter note of 0.48 s.
ok sfa-midi events.json -o drums.mid
midicsv drums.mid >drums.csv
has() { check "$1 has '$2'" grep -qE "^$2" "$1"; }
has drums.csv '0, 0, Header, 1, 4, 480'
has drums.csv '1, 0, Tempo, 480000'
has drums.csv '1, 0, Time_signature, 3, 2, 24, 8'
has drums.csv '1, 0, Title_t, "by hand"'
has drums.csv '1, 0, Text_t, "sfa-midi [0-9.]+ [0-9a-f]{32}"'
has drums.csv '1, 0, Text_t, "rule 1: always: pitch 2"'
has drums.csv '1, 0, Marker_t, "bar 1"'
has drums.csv '1, 1440, Marker_t, "bar 2"'
has drums.csv '2, 0, Title_t, "kick"'
check 'the notes are where the events are' test "$(grep -hE 'Note_on_c' drums.csv | cut -d, -f2,4-6 | sort -n)" = ' 0, 9, 36, 127
 240, 9, 42, 64
 480, 9, 38, 127
 1440, 9, 36, 1'
check 'and end with gate or slice' test "$(grep -hE 'Note_off_c' drums.csv | cut -d, -f2,5 | sort -n)" = ' 250, 36
 490, 42
 600, 38
 1690, 36'
check 'all tracks end with the pattern' test "$(grep -c ', 2880, End_track' drums.csv)" = 4

# As ascending notes, in other ticks, and from other forms of the same pattern.
ok sfa-midi events.json --map notes --ticks-per-quarter 96 -o notes.mid
midicsv notes.mid >notes.csv
check 'slices are ascending notes' test "$(grep -hE 'Note_on_c' notes.csv | cut -d, -f2,4-5 | sort -n)" = ' 0, 0, 36
 48, 0, 37
 96, 0, 38
 192, 0, 39
 288, 0, 36'
ok sfa-midi inline.json -o inline.mid
midicsv inline.mid | grep -v Text_t >inline.csv
grep -v Text_t drums.csv >path.csv
same inline.csv path.csv
mkdir elsewhere
check 'the bank is looked for beside the document' bash -c 'cd elsewhere && sfa-midi ../events.json -o events.mid'
piped() { sfa-midi - <events.json >piped.mid; }
ok piped
same piped.mid elsewhere/events.mid
ok sfa-midi no-bank.json --map notes -o no-bank.mid

# Other programs take it: mido as a third reader, and a synthesiser that makes sound of it.
mido() { /usr/bin/python3 -c 'import mido,sys; f = mido.MidiFile(sys.argv[1]); print(f.type, f.ticks_per_beat, round(f.length, 3))' "$1"; }
check 'mido reads the same length' test "$(mido drums.mid)" = '1 480 2.88'
check 'fluidsynth renders it' fluidsynth -ni -F drums.wav -r 44100 /usr/share/sounds/sf2/TimGM6mb.sf2 drums.mid
check 'to sound' awk "BEGIN { exit !($(sox drums.wav -n stat 2>&1 | sed -n 's/^Maximum amplitude: *//p') > 0.01) }"

# A song's beats: a tempo map on which they are whole quarter notes.
ok sfa-midi analysis.json -o beats.mid
midicsv beats.mid >beats.csv
check 'beats are on quarter notes' bash -c '! grep Note_on_c beats.csv | cut -d, -f2 | awk "\$1 % 480 { bad = 1 } END { exit !bad }"'
times() {
  /usr/bin/python3 - <<'PY'
import json, mido
now, got = 0.0, []
for message in mido.MidiFile('beats.mid'):
    now += message.time
    if message.type == 'note_on': got.append(now)
want = [b['time'] for b in json.load(open('analysis.json'))['beats']]
assert len(got) == len(want) and max(abs(a - b) for a, b in zip(got, want)) < 2e-6, (got, want)
PY
}
check 'mido plays them at their times' times

# Nothing twice, nothing of others, nothing wrong.
before=$(stat -c '%i %y' drums.mid)
ok sfa-midi events.json -o drums.mid
check 'a second run leaves it as it is' test "$before" = "$(stat -c '%i %y' drums.mid)"
ok sfa-midi events.json -o again.mid
same drums.mid again.mid
sed -i 's/"snare"/"tom"/' bank.json
ok sfa-midi events.json -o drums.mid
check 'another bank gives another file' bash -c 'midicsv drums.mid | grep -q "\"tom\""'
printf 'MThd of another' >theirs.mid
fails 1 'theirs.mid: .*-f' sfa-midi events.json -o theirs.mid
fails 1 'no-slice.json: events\[0\].slice: the bank has no slice 9' sfa-midi no-slice.json
fails 1 'no-bank.json: without a bank' sfa-midi no-bank.json
cp bank.json kept.json
for way in '-o bank.json -f' '-o events.json -f'; do
  fails 1 'is the input itself' sfa-midi events.json $way
done
same bank.json kept.json
fails 1 'missing.json: No such file' sfa-midi lost-bank.json
fails 1 'slow.json: .*tempo' sfa-midi slow.json
fails 1 'long.json: .*longer than a MIDI file' sfa-midi long.json
fails 1 'no-beats.json: there are less than two beats' sfa-midi no-beats.json
fails 1 'bank.json: is a sfa.bank document, wanted sfa.events or sfa.analysis' sfa-midi bank.json
fails 2 'map' sfa-midi events.json --map drums
fails 2 'ticks' sfa-midi events.json --ticks-per-quarter 0
check 'nothing binary goes to a terminal' bash -c 'script -qec "sfa-midi events.json" /dev/null | grep -q "will not write"'
no_leftovers
