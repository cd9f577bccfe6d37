# What is played is what is rendered, bit for bit, in whatever blocks and periods: a crowd of sounds that are pitched,
# reversed, panned, filtered, gated and stretched, recorded from a JACK server without a sound card.
source "$SFA_SOURCE/tests/cli/jack.sh"
sox -n -r 44100 -c 2 -b 16 source.wav synth 2 pinknoise vol 0.4
ok sfa-slice source.wav --at 8 -o bank.json
/usr/bin/python3 - >crowd.json <<'END'
import json
event = lambda i: {"time": i / 45, "slice": i % 8, "velocity": 0.4, "pitch": i % 25 - 12, "reverse": i % 3 == 0,
                   "pan": i % 9 / 4 - 1, "gate": i % 4 * 0.05, "stretch": 1 if i % 20 else 1.5,
                   "mute_group": 1 if i % 11 == 0 else 0,
                   "filter": {"type": "lowpass", "cutoff_hz": 300 + 200 * i}}
print(json.dumps({"format": "sfa.events", "version": 1, "bpm": 120, "duration": 2, "bank": "bank.json",
                  "events": [event(i) for i in range(70)]}))
END
ok sfa-play crowd.json --sample-rate 48000 -o crowd.wav
for block in 16 63 64 441 4096; do
  ok sfa-play crowd.json --sample-rate 48000 --buffer $block -o block.wav -f
  check "in blocks of $block as in others" /usr/bin/python3 "$SFA_SOURCE/tests/cli/same_sound.py" crowd.wav block.wav
done

# ALSA's `file` device writes down what it is given, as fast as that comes: of no more than is made ready before.
if cc -shared -fPIC -DPIC -o ctl_nothing.so "$SFA_SOURCE/tests/cli/ctl_nothing.c" -lasound 2>cc.log; then
  cat >asound.conf <<END
ctl_type.sfanothing { lib "$PWD/ctl_nothing.so" }
ctl.default { type sfanothing }
pcm.null { type null }
pcm.default { type plug slave.pcm { type file slave.pcm { type null } file "$PWD/written.raw" format "raw" } }
END
  ok sfa-play crowd.json --sample-rate 48000 --duration 0.9 -o part.wav
  bytes=$((48000 * 9 / 10 * 2 * 4))
  for period in 64 441 1024 4096; do
    rm -f written.raw
    ok env ALSA_CONFIG_PATH="$PWD/asound.conf" sfa-play crowd.json --api alsa --buffer $period --sample-rate 48000 --duration 0.9
    check "through ALSA in periods of $period as offline" cmp <(head -c $bytes written.raw) <(tail -c $bytes part.wav)
  done
else
  echo 'no ALSA headers: playing through ALSA is not tested'
fi

for period in 64 441 1024 4096; do
  start_jack $period || return
  check "live in periods of $period as offline" live_is_offline crowd.json
  stop_jack
done
