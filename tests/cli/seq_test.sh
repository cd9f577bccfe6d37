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

# Several voices, in lines and as JSON, with banks of their own.
cat >groove.rules <<'RULES'
# a loop that plays itself
tempo 96
let rolls = 0
[pan] every 3: pan 0.5
voice drums only kick,snare mode euclid:7/16 swing 0.6
  [roll] class snare: ratchet 3 decay 0.7, set rolls += 1
  [answer] var rolls >= 3: pitch +7, set rolls = 0
voice echo bank sub/other.json mode follow:drums/delay=-0.5/choice=nearest
  always: filter highpass 2000, midi note 42, osc /hit 1, mute_group 2, gain -6 @70%
RULES
cp bank.json sub/other.json
ok sfa-seq --rules groove.rules bank.json --seed 2 -o groove.json
valid groove.json sfa.events
check 'voices stand in the document with their banks' test "$(json groove.json '[(v["name"], v.get("bank")) for v in d["voices"]]')" = "[('drums', None), ('echo', 'sub/other.json')]"
check 'each event says whose it is' test "$(json groove.json 'sorted({e["voice"] for e in d["events"]})')" = "['drums', 'echo']"
check 'none is before the start, all have ids' test "$(json groove.json 'all(e["time"] >= 0 for e in d["events"]) and [e["id"] for e in d["events"]] == list(range(len(d["events"])))')" = True
check 'the answer comes to the third roll' test "$(json groove.json 'any("answer" in e.get("rule", "") and e["pitch"] == 7 for e in d["events"])')" = True
ok sfa-seq --rules groove.rules --rules-format json -o groove.rules.json
valid groove.rules.json sfa.rules
ok sfa-seq --rules groove.rules.json --rules-format text -o groove.again
ok sfa-seq --rules groove.again --rules-format text -o groove.again
ok sfa-seq --rules groove.again --rules-format json -o groove.again.json -f
check 'lines and JSON are made into one another without loss' test "$(json groove.rules.json '{**d, "made_by": 0}')" = "$(json groove.again.json '{**d, "made_by": 0}')"
ok sfa-seq --rules groove.rules.json bank.json --seed 2 -o groove.same.json
check 'both make the same events' test "$(json groove.json 'd["events"]')" = "$(json groove.same.json 'd["events"]')"
rules_from_pipe() { sfa-seq bank.json --rules - "$@" <groove.rules; }
ok rules_from_pipe --seed 2 -o groove.pipe.json
check 'rules come down a pipe' test "$(json groove.json 'len(d["events"])')" = "$(json groove.pipe.json 'len(d["events"])')"
ok sfa-seq bank.json --rules groove.rules --rule '[more] every 2: reverse' --set rolls=2 --scene night --fill 4 --tempo 100
ok sfa-seq --mode euclid:5/16 --rule 'every 4 and class snare: ratchet 3 decay 0.7 @30%' --rules-format text
check 'options are made into lines' grep -qxF 'every 4 and class snare @30%: ratchet 3 decay 0.7' <<<"$out"
for seed in 1 2; do
  ok sfa-seq bank.json --mode markov:2 --rule '@40%: pitch 7' --seed $seed -o plain.json
  ok sfa-seq bank.json --mode markov:2 --rule '@40%: pitch 7' --rule '@50%: reverse' --seed $seed -o more.json
  check 'one rule more leaves the dice of the others' test "$(json plain.json '[(e["slice"], e["pitch"]) for e in d["events"]]')" = "$(json more.json '[(e["slice"], e["pitch"]) for e in d["events"]]')"
done

# Why.
ok sfa-seq bank.json --rule '[roll] always: ratchet 2 @70%' --explain --seed 7 -o why.json
valid why.json sfa.events
check 'each draw is told' test "$(json why.json 'all(("roll fired: 0." in e["explain"][0] and e["explain"][0].endswith(" < 0.700")) == ("rule" in e) for e in d["events"])')" = True

# Sections of the song.
printf '{"format":"sfa.analysis","version":1,"source":{"path":"drums.wav","sample_rate":44100,"channels":2,"frames":441000},"duration":10,"sections":[{"time":0,"duration":0.5,"label":"A","role":"verse"},{"time":0.5,"duration":9.5,"label":"B"}]}' >analysis.json
ok sfa-seq bank.json --analysis analysis.json --rule 'section B: pan 1' --rule 'section verse: pan -1' -o sections.json
check 'a slice knows its section and its role' test "$(json sections.json 'sorted({(e["slice"], e["pan"]) for e in d["events"]})')" = '[(0, -1.0), (1, -1.0), (2, 1.0), (3, 1.0), (5, 1.0)]'
fails 2 'section: no sections' sfa-seq bank.json --rule 'section B: skip'

# On and on: the same events, in lines; no more memory after a hundred thousand bars than after a hundred.
ok sfa-seq bank.json --rules groove.rules --bars 8 --stream
printf '%s\n' "$out" >stream.jsonl
ok sfa-seq bank.json --rules groove.rules --bars 8 -o whole.json
check 'a stream has the events of the document' /usr/bin/python3 -c 'import json
head, *events = map(json.loads, open("stream.jsonl"))
whole = json.load(open("whole.json"))
assert head["stream"] and head["bpm"] == 96 and events == whole["events"]'
# A sanitizer keeps what is freed for a while.
check 'it goes on, its memory does not grow, and it ends when its reader or Ctrl-C says' \
  env ASAN_OPTIONS="${ASAN_OPTIONS:-}:quarantine_size_mb=0:thread_local_quarantine_size_kb=0" /usr/bin/python3 -c 'import json, signal, subprocess
def memory(pid): return int(next(l for l in open(f"/proc/{pid}/status") if l.startswith("VmRSS")).split()[1])
run = lambda: subprocess.Popen(["sfa-seq", "bank.json", "--rules", "groove.rules", "--bars", "inf"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
seq = run()
for _ in range(5000): seq.stdout.readline()
early = memory(seq.pid)
for _ in range(300000): last = seq.stdout.readline()
assert json.loads(last)["id"] == 304998, last
assert memory(seq.pid) < early + 1024, (early, memory(seq.pid))
seq.send_signal(signal.SIGINT)
assert seq.wait(10) == -signal.SIGINT
assert seq.stderr.read() == b""
seq = run()
seq.stdout.readline()
seq.stdout.close()
assert seq.wait(10) == -signal.SIGPIPE
assert seq.stderr.read() == b""'
fails 2 'standard output alone' sfa-seq bank.json --bars inf -o endless.json
absent endless.json

# Mistakes: one line, and where they are.
printf 'tempo 120\nvoice a mode euclid:5/16\n  every 4: revers\n' >wrong.rules
fails 1 'wrong.rules: line 3, column 12: expected an action \(skip, .*found "revers"' sfa-seq bank.json --rules wrong.rules
printf '{"format": "sfa.rules", "version": 1,\n "rules": [{"do": {"rachet": 3}}]}' >wrong.json
fails 1 'wrong.json: line 2, column 19: rules\[0\].do: must be one action .*"rachet"' sfa-seq bank.json --rules wrong.json
printf 'class snaer: skip' >wrong.rules
fails 1 'wrong.rules: line 1, column 7: expected a class .*snaer' sfa-seq bank.json --rules wrong.rules
printf 'voice a mode follow:b\nvoice b mode follow:a' >wrong.rules
fails 1 'wrong.rules: voice a: follows in a circle' sfa-seq bank.json --rules wrong.rules
printf 'voice a mode pattern:77' >wrong.rules
fails 1 'wrong.rules: voice a: there is no slice 77' sfa-seq bank.json --rules wrong.rules
fails 1 'events.json: is a sfa.events document, wanted sfa.rules' sfa-seq bank.json --rules events.json
fails 1 'missing.rules' sfa-seq bank.json --rules missing.rules
/usr/bin/python3 -c 'import random, sys; sys.stdout.buffer.write(random.Random(1).randbytes(3000))' | tr -d '{' >noise.rules
fails 1 'noise.rules: line [0-9]+, column' sfa-seq bank.json --rules noise.rules
/usr/bin/python3 -c 'print("[" * 2000000)' >deep.rules
fails 1 'deep.rules: ' sfa-seq bank.json --rules deep.rules
fails 2 'mode: the rules have voices' sfa-seq bank.json --rules groove.rules --mode seq
fails 2 'FILE is required' sfa-seq
fails 2 'FILE is required: voice drums' sfa-seq --rules groove.rules
fails 2 'set x: expected NAME=NUMBER' sfa-seq bank.json --set x
fails 2 'no variable called "x"' sfa-seq bank.json --rule 'var x 1: skip'
fails 2 'bars: must be a whole number' sfa-seq bank.json --bars 0
fails 2 'only one of' sfa-seq - --rules -
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
