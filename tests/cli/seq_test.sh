# sfa-seq: a bank in, events out.
/usr/bin/python3 - <<'PY'
import json
kinds = ['kick', 'hat', 'snare', 'hat', 'silence', 'tonal']
def bank(name, **change):
    document = {'format': 'sfa.bank', 'version': 1,
                'source': {'path': 'drums.wav', 'sample_rate': 44100, 'channels': 2, 'frames': 441000},
                'grid': {'bpm': 100, 'beats': []},
                'slices': [{'id': i, 'begin': i * 11025, 'end': (i + 1) * 11025, 'class': kind, 'rms_db': -10 - i}
                           for i, kind in enumerate(kinds)]}
    document.update(change)
    json.dump(document, open(name, 'w'))
bank('bank.json')
bank('empty.json', slices=[])
bank('silent.json', slices=[{'id': 0, 'begin': 0, 'end': 10, 'class': 'silence'}])
PY
valid bank.json sfa.bank

ok sfa-seq bank.json --mode euclid:5/16 --bars 2 --seed 7 -o events.json
valid events.json sfa.events
check 'E(5,16) falls where Toussaint says' \
  test "$(json events.json '[round(e["beat"] * 4) for e in d["events"]]')" = '[0, 3, 6, 9, 12, 16, 19, 22, 25, 28]'
check "the tempo is the bank's" test "$(json events.json '(d["bpm"], round(d["duration"], 9))')" = '(100.0, 4.8)'
check 'times are beats at the tempo' test "$(json events.json 'all(abs(e["time"] - e["beat"] * 0.6) < 1e-9 for e in d["events"])')" = True
check 'silence is left out' test "$(json events.json '[e["slice"] for e in d["events"]]')" = '[0, 1, 2, 3, 5, 0, 1, 2, 3, 5]'

# The bank goes along: by a path from where the document lies, absolutely on a pipe, or whole.
mkdir sub
ok sfa-seq bank.json -o sub/events.json
check 'the path leads from the document to the bank' test "$(json sub/events.json 'd["bank"]')" = ../bank.json
ok sfa-seq bank.json
check 'on a pipe the path is absolute' grep -qF "\"bank\": \"$PWD/bank.json\"" <<<"$out"
from_pipe() { sfa-seq - "$@" <bank.json; }
ok from_pipe --bars 1
printf '%s\n' "$out" >inline.json
valid inline.json sfa.events
check 'a bank from a pipe is held inline' test "$(json inline.json 'd["bank"]["format"], len(d["bank"]["slices"])')" = "('sfa.bank', 6)"
check 'its source can be found from anywhere' test "$(json inline.json 'd["bank"]["source"]["path"]')" = "$PWD/drums.wav"

# Rules.
ok sfa-seq bank.json --rule 'every 4: reverse' --rule 'class snare: pitch -5, pan 0.5' --only kick,snare --only hat -o rules.json
valid rules.json sfa.events
check 'every 4 is each fourth' test "$(json rules.json '[i for i, e in enumerate(d["events"]) if e["reverse"]][:3]')" = '[3, 7, 11]'
check 'a class is a condition' test "$(json rules.json '{(e["slice"], e["pitch"], e["pan"]) for e in d["events"] if e["pitch"]}')" = '{(2, -5.0, 0.5)}'
check 'events name the rules that changed them' test "$(json rules.json '[e.get("rule", "") for e in d["events"]][:4]')" = "['', '', 'r2', 'r1']"
check 'the rules stand in the document' test "$(json rules.json 'd["rules"]')" = "['every 4: reverse', 'class snare: pitch -5, pan 0.5']"

# The same gives the same, and nothing is made twice.
ok sfa-seq bank.json --mode random --seed 3 --rule '@30%: ratchet 3' -o one.json
cp one.json two.json
before=$(stat -c '%i %y' one.json)
ok sfa-seq bank.json --mode random --seed 3 --rule '@30%: ratchet 3' -o one.json
check 'a second run leaves it as it is' test "$before" = "$(stat -c '%i %y' one.json)"
ok sfa-seq bank.json --mode random --seed 3 --rule '@30%: ratchet 3' -o one.json -f
same one.json two.json
ok sfa-seq bank.json --mode random --seed 4 --rule '@30%: ratchet 3' -o one.json
check 'another seed gives another pattern' bash -c '! cmp -s one.json two.json'

# Mistakes: one line, and where they are.
fails 2 'rule "every x: skip", column 7: expected a whole number from 1 to 9999, found "x"' sfa-seq bank.json --rule 'every x: skip'
fails 2 'column 7: expected a class \(.*kick, snare, .*found "snaer"' sfa-seq bank.json --rule 'class snaer: skip'
fails 2 'mode "euclid:9/8", column 8: pulses of a Euclidean rhythm must be from 1 to 8' sfa-seq bank.json --mode euclid:9/8
fails 2 'meter "4/5"' sfa-seq bank.json --meter 4/5
fails 2 'no class "drum"' sfa-seq bank.json --only drum
fails 2 'tempo' sfa-seq bank.json --tempo nan
fails 2 'seed' sfa-seq bank.json --seed -1
fails 2 'seed' sfa-seq bank.json --seed 18446744073709551616
fails 2 'million seconds' sfa-seq bank.json --bars 9999 --meter 64/1
fails 2 '400000 events' sfa-seq bank.json --bars 9999 --steps-per-beat 16
fails 1 'empty.json: has no slices to play' sfa-seq empty.json
fails 1 'silent.json: has no slices to play' sfa-seq silent.json
sed 's/"bpm": [0-9.]*/"bpm": 5/' bank.json >slow.json
fails 1 'slow.json: grid.bpm: .*--tempo' sfa-seq slow.json
ok sfa-seq slow.json --tempo 90
fails 1 'events.json: is a sfa.events document, wanted sfa.bank' sfa-seq events.json
printf 'mine' >theirs.json
fails 1 'theirs.json: .*-f' sfa-seq bank.json -o theirs.json
check 'it is left alone' test "$(<theirs.json)" = mine
no_leftovers
