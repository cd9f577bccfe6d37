# sfa-play by rules: what it makes of them is what sfa-seq makes; how it is steered while it plays.
same_sound() { checks=$((checks + 1)); /usr/bin/python3 "$SFA_SOURCE/tests/cli/same_sound.py" "$@" >.stdout 2>&1 || complain "$*: $(<.stdout)"; }

sox -n -r 44100 -c 1 -b 16 source.wav synth 2 pinknoise vol 0.4
hash=$(printf '0%.0s' {1..64})
slice() {  # slice ID BEGIN END CLASS
  printf '{"id": %s, "begin": %s, "end": %s, "time": 0, "duration": 0.1, "class": "%s", "note": null, "fade_in_frames": 0, "fade_out_frames": 0, "peak_db": -8, "rms_db": -20, "centroid_hz": 1000, "flatness": 0.5, "attack": 0.01}' "$@"
}
printf '{"format": "sfa.bank", "version": 1, "source": {"path": "source.wav", "sha256": "%s", "sample_rate": 44100, "channels": 1, "frames": 88200, "duration": 2.0},
 "grid": {"bpm": 120, "beats": []}, "slices": [%s, %s]}' $hash "$(slice 0 0 4410 noise)" "$(slice 1 44100 66150 noise)" >bank.json

# Rules: live what they are offline, with the voices of one bank or of two.
mkdir other; sed 's,source.wav,../source.wav,' bank.json >other/bank.json
printf '%s\n' 'tempo 133' '[roll] every 3 @70%: ratchet 3 decay 0.7' '[low] every 5: gain -6, filter lowpass 800' \
  'voice a bank bank.json mode euclid:5/16 choice random' \
  'voice b bank other/bank.json mode prob:0.4 choice no-repeat swing 0.6' >two.rules
ok sfa-seq --rules two.rules --seed 5 --bars 2 -o two.json
ok sfa-play two.json --sample-rate 48000 -o two.wav
ok sfa-play --rules two.rules --seed 5 --bars 2 --sample-rate 48000 -o two-rules.wav
same_sound two.wav two-rules.wav
ok sfa-seq --rules two.rules --rules-format json -o two-rules.json
ok sfa-play two-rules.json --seed 5 --bars 2 --sample-rate 48000 -o two-json.wav
same_sound two.wav two-json.wav
ok bash -c 'sfa-seq bank.json --mode euclid:5/16 --rule "every 4: reverse" --bars 2 | sfa-play - -o one-voice.wav'
ok sfa-play bank.json --mode euclid:5/16 --rule 'every 4: reverse' --bars 2 -o one-rules.wav
same_sound one-voice.wav one-rules.wav
ok sfa-play two.json --solo b --sample-rate 48000 -o solo-b.wav
ok sfa-play --rules two.rules --seed 5 --bars 2 --mute a --sample-rate 48000 -o muted-a.wav
same_sound solo-b.wav muted-a.wav
check 'a voice alone is another sound' bash -c '! cmp -s two.wav solo-b.wav'
fails 2 'no track is called c; there are: a, b' sfa-play two.json --mute c -o never.wav
fails 2 'bars is for rules' sfa-play a.wav --bars 2 -o never.wav
fails 1 'line 2, column' bash -c 'printf "tempo 100\nbogus" | sfa-play bank.json --rules - -o never.wav'

# What sfa-seq takes for making patterns, as it takes it.
printf '%s\n' 'let heat = 0' 'start calm' '[hot] var heat > 2: pitch +7' '[bridge] section bridge: reverse' '[roll] fill: ratchet 4' \
  'voice a mode euclid:5/16 choice random' 'voice b scenes wild mode prob:0.7' >made.rules
printf '{"format":"sfa.analysis","version":1,"source":{"path":"source.wav","sample_rate":44100,"channels":1,"frames":88200},"duration":2,"sections":[{"time":0,"duration":0.9,"label":"A","role":"verse"},{"time":0.9,"duration":1.1,"label":"B","role":"bridge"}]}' >analysis.json
made=(--rules made.rules --analysis analysis.json --seed 3 --bars 4)
as_seq() {  # as_seq NAME OPTION...: the same sound on both ways, and another than without the options
  ok sfa-seq bank.json "${@:2}" -o "$1.json"
  ok sfa-play "$1.json" -o "$1-seq.wav"
  ok sfa-play bank.json "${@:2}" -o "$1-play.wav"
  same_sound "$1-seq.wav" "$1-play.wav"
}
as_seq plain "${made[@]}"
check 'sections are known' grep -q '"rule": "bridge"' plain.json
as_seq tempo "${made[@]}" --tempo 151
as_seq meter "${made[@]}" --meter 7/8
as_seq scene "${made[@]}" --scene wild
as_seq set "${made[@]}" --set heat=3
as_seq fill "${made[@]}" --fill 2
as_seq all "${made[@]}" --tempo 97.5 --meter 3/4 --scene wild --set heat=3 --set cold=1 --fill 3
for way in tempo meter scene set fill; do
  check "--$way is heard" bash -c "! cmp -s plain-play.wav $way-play.wav"
done
as_seq voice --mode prob:0.6 --choice random --swing 60 --gate 1 --length 5 --humanize 0.2 --steps-per-beat 3 --bars 2
as_seq choice --only noise --weights 1*4 --choice weighted --shift -0.3 --bars 1
for option in '--tempo 90' '--meter 3/4' '--scene x' '--set a=1' '--fill 2' '--bars 2' '--analysis analysis.json'; do
  fails 2 "${option%% *} is for rules" sfa-play source.wav $option -o never.wav
done
fails 2 'only one of FILE, --rules and --analysis' sfa-play bank.json --rules - --analysis - -o never.wav
fails 2 'set x: expected NAME=NUMBER' sfa-play bank.json --rules made.rules --set x -o never.wav

source "$SFA_SOURCE/tests/cli/jack.sh"
start_jack || return
check 'rules live are the rules offline' live_is_offline --rules two.rules --seed 5 --bars 2

# Steered by lines of JSON, of which the hostile ones have an answer each and do no harm.
steer() {  # steer FIRST LAST: two files of commands, a second apart, once it plays
  rm -f states
  { for _ in {1..200}; do [ -s states ] && break; sleep 0.1; done; cat "$1"; sleep 1; cat "$2"; } |
    timeout 60 sfa-play --rules two.rules --seed 5 --api jack --state states >replies
}
cat >asked <<'END'
{"type": "update_rule", "rule_id": "roll", "probability": 0.2, "request_id": 1}
{"type": "seek", "to": "3:1:1"}
{"type": "tempo", "bpm": 140}
{"type": "loop", "from": "3", "to": "5"}
{"type": "volume", "db": -6}
{"type": "fill"}
{"type": "pause"}
END
printf '%s\n' '{"type": "state", "request_id": "now"}' '{"type": "quit"}' >ends
check 'it is steered' steer asked ends
check 'each command has an answer' lines_are replies 'len(d) == 9 and all(l["error"] == "success" for l in d) and d[0]["request_id"] == 1'
check 'the state is what was asked for' lines_are replies '(lambda s: s["bpm"] == 140 and s["bars"].startswith("3:1:") and not s["playing"]
  and s["volume_db"] == -6 and s["fill"] and s["rules"][0]["probability"] == 0.2 and s["loop"] is not None)(d[7]["data"])'
check 'states come as lines' lines_are states 'len(d) > 10 and all(l["type"] == "state" for l in d) and "rules" in d[0] and "rules" not in d[-1]'
check 'nothing was late or missing' lines_are states 'd[-1]["late_events"] == 0 and d[-1]["missing_slices"] == 0'
cat >hostile <<'END'
nonsense
[1, 2]
{"type": 5}
{"type": "explode"}
{"type": "tempo"}
{"type": "tempo", "bpm": 1e999}
{"type": "tempo", "bpm": -1}
{"type": "seek", "to": "0:0:0"}
{"type": "seek", "to": 1e300}
{"type": "seek"}
{"type": "loop", "from": 5, "to": 1}
{"type": "mute", "track": "drums"}
{"type": "update_rule", "rule_id": "none", "probability": 0.5}
{"type": "update_rule", "rule_id": "roll", "probability": 7}
{"type": "set", "name": "none", "value": 1}
{"type": "scene", "name": "no name"}
{"type": "load", "rules": "nowhere.rules"}
{"type": "play", "request_id": {"a": []}}
{"type": "play", "unknown": 1}
END
{ head -c 60000 /dev/zero | tr '\0' '['; echo; head -c 300000 /dev/zero | tr '\0' '{'; echo; } >>hostile
check 'hostile lines' steer hostile ends
check 'each has one answer, and the music goes on' lines_are replies 'len(d) == 23 and all(l["error"] != "success" and chr(10) not in l["error"] for l in d[:21]) and d[21]["data"]["playing"] and d[22]["error"] == "success"'

# MIDI: in time with the sound, within a cycle of the server, and no note left hanging.
dumped() {  # dumped EXPRESSION: over the list m of (frame, bytes) that arrived
  /usr/bin/python3 - "$1" <<'END'
import re, sys
m = [(int(l.split(":")[0]), bytes.fromhex(re.match(r"([0-9a-f]{2} )+", l.split(": ", 1)[1])[0].replace(" ", ""))) for l in open("dump") if ":" in l]
on = [(f, b[1]) for f, b in m if b[0] >> 4 == 9]
off = [(f, b[1]) for f, b in m if b[0] >> 4 == 8]
sounding = set()
for _, b in m:
    if b[0] >> 4 == 9:
        assert b[:2] not in sounding, "struck twice"
        sounding.add(b[:2])
    if b[0] >> 4 == 8:
        sounding.discard(bytes([b[0] + 16, b[1]]))
assert not sounding, f"hanging: {sounding}"
assert eval(f"({sys.argv[1]})"), m
END
}
with_dump() {  # with_dump COMMAND...: what it sends
  jack_midi_dump -a >dump 2>/dev/null &
  local dumper=$!
  sleep 0.5
  "$@"
  local code=$?
  sleep 0.3; kill $dumper; wait $dumper 2>/dev/null
  return $code
}
notes=(sfa-play bank.json --only noise --mode 'pattern:1...' --rule 'always: midi note 60 value 90 channel 3, midi control 7 value 20, midi program 5, gate 3' --api jack --midi-out midi-monitor)
if command -v jack_midi_dump >/dev/null; then
  fails 1 'no MIDI port is called nowhere' sfa-play bank.json --mode seq --midi-out nowhere --api jack
  check 'rules send MIDI' with_dump "${notes[@]}" --bars 2 </dev/null
  check 'each message arrives in time' dumped 'len(on) == len(off) == 8 and {b[0] for f, b in m} == {0x92, 0x82, 0xB0, 0xC0}
    and all(abs(f - on[0][0] - 24000 * i) <= 2048 for i, (f, k) in enumerate(on)) and all(abs(e - b - 18000) <= 2048 for (b, k), (e, k) in zip(on, off))'
  ok sfa-seq bank.json --only noise --mode 'pattern:1...' --rule 'always: midi note 61' --bars 1 -o notes.json
  check 'and so does a pattern' with_dump sfa-play notes.json --api jack --midi-out midi-monitor --loop 2 </dev/null
  check 'in each pass' dumped '[k for f, k in on] == [61] * 8'
  on_and_off() {
    { sleep 1.6; for what in '"pause"' '"play"' '"seek", "to": "2:1:1"' '"stop"' '"play"' '"loop", "from": "1:1:1", "to": "1:2:1"' '"quit"'; do
        echo "{\"type\": $what}"; sleep 0.6
      done; } | "$@"
  }
  check 'steered' with_dump on_and_off "${notes[@]}"
  check 'whatever cuts a note off ends it' dumped 'len(on) == len(off) >= 5'
  killed() { timeout -s "$1" 2 "${notes[@]}" </dev/null; test $? = 124; }
  for signal in INT TERM HUP; do
    check "SIG$signal ends it" with_dump killed $signal
    check "and its notes" dumped 'len(on) == len(off) >= 1'
  done
  own_port() {
    sfa-play bank.json --mode 'pattern:1...' --rule 'always: midi note 62' --bars 2 --api jack --midi-out virtual </dev/null &
    local player=$!
    for _ in {1..50}; do jack_connect sfa-play-01:out midi-monitor:input || jack_connect sfa-play:out midi-monitor:input && break; sleep 0.1; done
    wait $player
  }
  check 'a port of its own' with_dump own_port
  check 'is heard by who connects to it' dumped 'len(on) >= 1'

  # In a loop: what is changed takes effect at the next bar, and no beat is lost or doubled on the way.
  printf '%s\n' 'tempo 240' 'let v = 0' 'start calm' '[low] var v < 1: midi note 50' '[high] var v >= 1 and scene calm: midi note 70' \
    '[wild] scene wild and not fill: midi note 80' '[filled] fill: midi note 90' '[more] @0%: midi control 7' 'voice a mode pattern:1...' >loop.rules
  looping() {
    rm -f states
    timeout 60 sfa-play bank.json --rules loop.rules --api jack --midi-out midi-monitor --control ctl --state states </dev/null &
    local player=$!
    /usr/bin/python3 - <<'END'
import os, sys, time
sys.path.insert(0, os.environ["SFA_SOURCE"] + "/tests/cli")
from steered import steer
send = steer("ctl")
def ask(**command):
    reply = send(**command)
    assert reply["error"] == "success", reply
    return reply
while ask(type="state")["data"]["time"] < 1.2: time.sleep(0.02)
ask(type="loop", **{"from": "2", "to": "4"})
time.sleep(4.5)
ask(type="set", name="v", value=1)
time.sleep(3)
ask(type="scene", name="wild")
time.sleep(3)
ask(type="fill")
time.sleep(2.5)
ask(type="fill", on=False)
time.sleep(2.5)
text = open("loop.rules").read()
open("new.rules", "w").write(text.replace("note 80", "note 81"))
os.rename("new.rules", "loop.rules")
time.sleep(3)
ask(type="update_rule", rule_id="more", probability=1)
time.sleep(3)
assert ask(type="state")["data"]["loop"] == [1.0, 3.0]
ask(type="quit")
END
    local code=$?
    wait $player && return $code
  }
  check 'rules are changed in a loop' with_dump looping
  check 'at a bar each, one after the other' dumped '(lambda keys: [k for i, k in enumerate(keys) if i == 0 or keys[i - 1] != k] == [50, 70, 80, 90, 80, 81]
    and all(i % 4 == 0 for i in range(1, len(keys)) if keys[i - 1] != keys[i]))([k for f, k in on])'
  check 'with every beat' dumped 'all(abs(b - a - 12000) <= 2048 for (a, _), (b, _) in zip(on, on[1:]))'
  check 'and a fader' dumped '(lambda more: len(more) >= 4 and {f for f, k in on if f >= more[0]} == set(more))([f for f, b in m if b[0] == 0xB0])'
  check 'and none late' lines_are states 'd[-1]["late_events"] == 0 and d[-1]["missing_slices"] == 0'
fi
fails 2 'midi-out is for patterns and rules' sfa-play source.wav --midi-out virtual --api jack

# The state and what rules say goes out by OSC, 30 times a second; taps make the tempo.
cat >heard.py <<'END'
import json, socket, struct, subprocess, time
ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear.bind(("127.0.0.1", 0)); ear.settimeout(10)
play = subprocess.Popen(["timeout", "60", "sfa-play", "bank.json", "--mode", "pattern:1...", "--rule", "always: osc /hit 3 0.5",
                         "--api", "jack", "--osc-to", "127.0.0.1:%d" % ear.getsockname()[1]],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
def messages(data):
    if not data.startswith(b"#bundle\0"): return [data]
    found, at = [], 16
    while at < len(data):
        size, = struct.unpack(">i", data[at:at + 4])
        found += messages(data[at + 4:at + 4 + size])
        at += 4 + size
    return found
def hear(seconds):
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end: found += messages(ear.recv(65536))
    return found
names = lambda found: [one[:one.index(b"\0")].decode() for one in found]
while "/hit" not in names(hear(0.1)): pass
found = names(hear(2))
assert 3 <= found.count("/hit") <= 5, found
often = max(found.count(name) for name in set(found) if name.startswith("/sfa/"))
assert 20 <= often <= 61, often
def ask(**command):
    print(json.dumps(command), file=play.stdin, flush=True)
    return json.loads(play.stdout.readline())
for _ in range(6):
    assert ask(type="tap")["error"] == "success"
    time.sleep(0.4)
bpm = ask(type="state")["data"]["bpm"]
assert 130 < bpm < 152, bpm
assert ask(type="quit")["error"] == "success"
assert play.wait() == 0
END
check 'states and messages are heard by OSC, and taps make the tempo' /usr/bin/python3 heard.py

# A Unix socket and OSC at once; an edited file; a mistake in it.
cp two.rules live.rules; rm -f states
timeout 60 sfa-play --rules live.rules --seed 5 --api jack --control ctl --osc 17717 --state states </dev/null 2>live.err &
player=$!
check 'socket, OSC and edits' /usr/bin/python3 - <<'END'
import os, socket, struct, sys, time
sys.path.insert(0, os.environ["SFA_SOURCE"] + "/tests/cli")
from steered import steer
ask = steer("ctl")
def until(what):
    end = time.monotonic() + 15
    while not what(ask(type="state")["data"]):
        assert time.monotonic() < end, ask(type="state")
        time.sleep(0.1)
assert ask(type="volume", db=-3, request_id=9) == {"request_id": 9, "error": "success"}
until(lambda s: s["time"] > 0.5)
rules = open("live.rules").read()
open("live.rules", "w").write(rules.replace("@70%", "@30%"))
until(lambda s: s["rules"][0]["probability"] == 0.3)
open("live.rules", "w").write(rules.replace("every 3", "evry 3"))
until(lambda s: "live.rules" in s["message"] and "line 2, column" in s["message"])
s = ask(type="state")["data"]
assert s["playing"] and s["rules"][0]["probability"] == 0.3
osc = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); osc.connect(("127.0.0.1", 17717)); osc.settimeout(5)
osc.send(b"/sfa/update_rule\0\0\0\0,sf\0roll\0\0\0\0" + struct.pack(">f", 0.5))
until(lambda s: s["rules"][0]["probability"] == 0.5)
osc.send(b"/sfa/bogus\0\0,\0\0\0")
assert osc.recv(2000).startswith(b"/sfa/error\0")
osc.send(b"\xff" * 100); osc.send(b"#bundle\0" + b"\0" * 9)
others = [socket.socket(socket.AF_UNIX) for _ in range(20)]
for one in others: one.connect("ctl")
others[0].close()
assert ask(type="quit") == {"error": "success"}
END
wait $player
check 'it ends well and takes its socket away' test "$? $(ls ctl 2>/dev/null)" = '0 '
check 'the mistake was told' grep -q '^sfa-play: live.rules: line 2, column .*; the rules before go on$' live.err
# Rules on a terminal: their keys, and a picture that fits.
ok on_terminal '1.5:r 0.3:- 0.3:e 0.3:f 0.3:> 0.3:1 0.5:q' sfa-play --rules two.rules --seed 5 --api jack
check 'a rule is chosen, made rarer and switched off' grep -q '> low  *off  95%' <<<"$out"
check 'place and tempo are shown' grep -Eq ' > [0-9]+:[1-4]:[1-4]  0:0[0-9].*134\.0 BPM' <<<"$out"
check 'voices are muted' grep -q '1 a M' <<<"$out"
check 'no line is wider than the terminal' test "$(sed 's/\x1b\[[0-9]*[A-Z]//g' <<<"$out" | wc -L)" -lt 80


kill $server
