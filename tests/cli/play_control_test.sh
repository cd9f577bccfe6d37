# sfa-play on a device that is none: what others say to it, and what it tells them.
source "$SFA_SOURCE/tests/cli/jack.sh"
[ -d "$SFA_BIN/fake" ] || { check 'no fake device' true; return; }
sox -n -r 48000 -c 2 -b 16 a.wav synth 30 sine 440 vol 0.4
sox a.wav short.wav trim 0 0.5

# States take the place of nothing that somebody may want.
cp short.wav kept.wav
for force in '' -f; do
  fails 1 'kept.wav: is the input itself' faked well kept.wav --api alsa --state kept.wav $force
done
same short.wav kept.wav
fails 1 'kept.wav: exists .-f overwrites it' faked well short.wav --api alsa --state kept.wav
fails 4 'no audio device' faked none short.wav --api alsa --state kept.wav -f
same short.wav kept.wav
ok faked well short.wav --api alsa --state kept.wav -f
check 'states are written over it with -f' lines_are kept.wav 'all(l["type"] == "state" for l in d)'
ok faked well short.wav --api alsa --state /dev/null
ok bash -c "exec 3>descriptor; LD_LIBRARY_PATH=$SFA_BIN/fake SFA_FAKE_DEVICE=well sfa-play short.wav --api alsa --state /dev/fd/3"
check 'a descriptor is written to' lines_are descriptor 'd[0]["type"] == "state"'

# Messages are sent when they are heard, however much the device asks for at a time.
hash=$(printf '0%.0s' {1..64})
sox -n -r 48000 -c 1 -b 16 source.wav synth 1 pinknoise vol 0.4
printf '{"format": "sfa.bank", "version": 1, "source": {"path": "source.wav", "sha256": "%s", "sample_rate": 48000, "channels": 1, "frames": 48000, "duration": 1.0},
 "grid": {"bpm": 120, "beats": []}, "slices": [{"id": 0, "begin": 0, "end": 4800, "time": 0, "duration": 0.1, "class": "noise", "note": null,
 "fade_in_frames": 0, "fade_out_frames": 0, "peak_db": -8, "rms_db": -20, "centroid_hz": 1000, "flatness": 0.5, "attack": 0.01}]}' $hash >bank.json
fails 1 "no MIDI ports: neither JACK nor ALSA's sequencer is there" env JACK_DEFAULT_SERVER=sfa-none JACK_NO_START_SERVER=1 \
  LD_LIBRARY_PATH="$SFA_BIN/fake" SFA_FAKE_DEVICE=well sfa-play bank.json --rule 'always: midi note 60' --midi-out virtual --api alsa
cat >in_time.py <<'END'
import os, socket, subprocess, time
ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear.bind(("127.0.0.1", 0)); ear.settimeout(10)
play = subprocess.Popen(["sfa-play", "bank.json", "--mode", "euclid:16/16", "--rule", "always: osc /hit", "--bars", "4", "--buffer", "16384",
                         "--api", "alsa", "--osc-to", "127.0.0.1:%d" % ear.getsockname()[1]],
                        stdin=subprocess.DEVNULL, env={**os.environ, "LD_LIBRARY_PATH": os.environ["SFA_BIN"] + "/fake", "SFA_FAKE_DEVICE": "well"})
came = []
while len(came) < 64:
    if b"/hit\0" in ear.recv(65536): came.append(time.monotonic())
assert play.wait() == 0
lag = [at - i * 0.125 for i, at in enumerate(came)]
late = sum(one - min(lag) > 0.12 for one in lag)
assert late <= 3, lag
END
check 'messages come in time with large buffers' /usr/bin/python3 in_time.py

# Whoever seeks far away and quits need not wait until the way there is made up.
for voice in {1..16}; do echo "voice v$voice mode euclid:16/16"; done >many.rules
far_away() {
  local begin=$SECONDS
  { sleep 0.5; printf '%s\n' '{"type": "seek", "to": 900000}' '{"type": "quit"}'; } |
    faked well bank.json --rules many.rules --rule 'always: skip' --api alsa && [ $((SECONDS - begin)) -lt 5 ]
}
check 'it ends at once on the way to a far place' far_away

# Rules that are loaded: their banks are found from where they are, their file is watched from then on, and bars stay bars.
mkdir sub
printf '%s\n' 'tempo 240' '[first] every 2: reverse' 'voice a bank bank.json mode euclid:5/16' >first.rules
printf '%s\n' 'tempo 240' '[second] every 2: reverse' 'voice a bank ../bank.json mode euclid:5/16' >sub/second.rules
{ echo 'meter 3/4'; cat first.rules; } >waltz.rules
cat >steering.py <<'END'
import os, sys, time
sys.path.insert(0, os.environ["SFA_SOURCE"] + "/tests/cli")
from steered import steer
ask = steer("ctl")
error = lambda **command: ask(**command)["error"]
state = lambda: ask(type="state")["data"]
def until(what):
    end = time.monotonic() + 10
    while not what(state()):
        assert time.monotonic() < end, state()
        time.sleep(0.1)
END
steered() {  # steered OPTION...: by the python on standard input
  { cat steering.py - && echo 'assert error(type="quit") == "success"'; } >steer.py
  faked well "$@" --api alsa --control ctl </dev/null &
  local player=$!
  /usr/bin/python3 steer.py && wait $player
}
check 'rules are loaded' steered --rules first.rules <<'END'
assert error(type="load", rules="sub/second.rules") == "success"
until(lambda s: s["rules"][0]["id"] == "second")
edit = lambda old, new: (open("new.rules", "w").write(open("sub/second.rules").read().replace(old, new)), os.rename("new.rules", "sub/second.rules"))
edit("every 2:", "every 2 @25%:")
until(lambda s: s["rules"][0]["probability"] == 0.25)
assert error(type="load", rules="waltz.rules") == "waltz.rules: another meter; while it plays that stays what it is"
END

# A rule stays chosen, and is shown, when the file has fewer.
printf '%s\n' 'tempo 240' '[one] every 2: reverse' '[two] every 3: reverse' '[three] every 5: reverse' 'voice a mode euclid:5/16' >three.rules
{ sleep 4; sed -e '/two/d' -e '/three/d' -e 's/one/last/' three.rules >new.rules; mv new.rules three.rules; } &
ok on_terminal '0.5:r 0.3:r 6:q' env LD_LIBRARY_PATH="$SFA_BIN/fake" SFA_FAKE_DEVICE=well sfa-play bank.json --rules three.rules --api alsa
wait
check 'the rule that is left is chosen' grep -q '> last ' <<<"$out"

# What the limiter takes away is told without gaps, though a large buffer reports seldom.
sox a.wav loud.wav trim 0 1.5
ok faked well loud.wav --gain 20 --limiter --buffer 8192 --api alsa --state limited
check 'the limiter is told all the time' lines_are limited '(lambda l: len(l) > 10 and 0 not in l)([s["limiter_db"] for s in d if 0.4 < s["time"] < 1.3])'

check 'loops are within what is played' steered a.wav --start 2 --duration 5 <<'END'
for begin, end in (1, 3), (6, 8), (0, 1):
    assert error(type="loop", **{"from": begin, "to": end}) == "a loop must lie within what --start and --duration name"
assert state()["loop"] is None
assert error(type="loop", **{"from": 2, "to": 7}) == "success" and state()["loop"] == [2, 7]
END

for option in '--control ctl' '--state states' '--osc 17718' '--osc-to 17718'; do
  fails 2 "${option%% *} is for playing live" sfa-play short.wav $option -o never.wav
done
absent ctl states never.wav

# No reply is lost, and none is cut into by a state, however slowly they are read.
slowly() {  # slowly OPTION...
  { for i in {1..4000}; do echo "{\"type\": \"volume\", \"db\": -6, \"request_id\": $i}"; done; echo '{"type": "quit", "request_id": 4001}'; } |
    faked well a.wav --api alsa "$@" | { sleep 3; cat; } >slow
}
check 'it is read slowly' slowly
check 'each command has its reply' lines_are slow '[l["request_id"] for l in d] == list(range(1, 4002))'
check 'it is read slowly, states among replies' slowly --state -
check 'each line is whole' lines_are slow '[l["request_id"] for l in d if "request_id" in l] == list(range(1, 4002)) and any("time" in l for l in d)'
