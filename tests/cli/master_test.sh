# What the sum goes through in sfa-play: compressor, gain, true-peak limiter, checked by sox and ffmpeg; live the same;
# loudness and spectrum on the screen.
source "$SFA_SOURCE/tests/cli/jack.sh"
peak_db() { sox "$1" -n stats 2>&1 | awk '/^Pk lev dB/ { print $4 }'; }
true_peak_db() { ffmpeg -nostdin -i "$1" -af ebur128=peak=true -f null - 2>&1 | awk '/Peak:/ { p = $2 } END { print p }'; }
holds() { awk "BEGIN { exit !($1) }"; }
same_sound() { checks=$((checks + 1)); /usr/bin/python3 "$SFA_SOURCE/tests/cli/same_sound.py" "$@" >.stdout 2>&1 || complain "$*: $(<.stdout)"; }

# Many loud voices at once.
sox -n -r 48000 -c 2 -b 16 source.wav synth 2 pinknoise vol 0.9
ok sfa-slice source.wav --at 4 -o bank.json
events() { /usr/bin/python3 -c 'import json, sys; print(json.dumps({"format": "sfa.events", "version": 1, "bpm": 120, "duration": 2,
  "bank": "bank.json", "events": [{"time": i / 10, "slice": i % 4, "velocity": float(sys.argv[1]), "pitch": i % 5} for i in range(20)]}))' "$1"; }
events 1 >loud.json
events 0.05 >quiet.json
ok sfa-play loud.json -o limited.wav
ok sfa-play loud.json --no-limiter -o bare.wav
ok sfa-play loud.json --ceiling -9 -o lower.wav
check 'without a limiter it goes beyond full scale' holds "$(true_peak_db bare.wav) > 3"
check 'a pattern stays under -1 dBTP' holds "$(true_peak_db limited.wav) <= -1 && $(true_peak_db limited.wav) > -1.6"
check 'or under the ceiling that is given' holds "$(true_peak_db lower.wav) <= -9 && $(true_peak_db lower.wav) > -9.6"
check 'the limiter delays nothing' test "$(soxi -s bare.wav)" = "$(soxi -s limited.wav)"
ok sfa-play quiet.json -o quiet-limited.wav
ok sfa-play quiet.json --no-limiter -o quiet-bare.wav
same_sound quiet-limited.wav quiet-bare.wav  # what is far from the ceiling stays as it is
ok sfa-play source.wav --gain 20 -o hot.wav
check 'a sound is what it is' holds "$(true_peak_db hot.wav) > 10"
ok sfa-play source.wav --gain 20 --limiter -o cool.wav
check 'unless a limiter is asked for' holds "$(true_peak_db cool.wav) <= -1"

# 20 dB over the threshold, by 4: 5 dB over it.
sox -n -r 48000 -c 2 -b 24 tone.wav synth 3 sine 1000 gain -8
ok sfa-play tone.wav --compress 4 --threshold -28 --start 2 -o compressed.wav
sox compressed.wav settled.wav trim 0.5
check 'the compressor follows its ratio' holds "$(peak_db settled.wav) > -23.2 && $(peak_db settled.wav) < -22.8"
fails 2 'threshold is for --compress' sfa-play tone.wav --threshold -10 -o never.wav
fails 2 'ceiling is for --limiter' sfa-play tone.wav --no-limiter --ceiling -3 -o never.wav
fails 2 'ceiling' sfa-play tone.wav --ceiling 1 -o never.wav
fails 2 'compress' sfa-play tone.wav --compress 0.5 -o never.wav
absent never.wav

start_jack 256 || return
check 'compressed and limited live as offline' live_is_offline loud.json --compress 3 --gain 3

# A sine at -23 dBFS on both sides has -23 LUFS (EBU Tech 3341, test 1), and stands in the band of 1 kHz: 30 bands of
# equal width in octaves from 30 Hz to 18 kHz, so the 17th.
sox -n -r 48000 -c 2 -b 24 reference.wav synth 20 sine 1000 gain -23
ok env TERM=xterm /usr/bin/python3 "$SFA_SOURCE/tests/cli/on_terminal.py" 3:q sfa-play reference.wav --api jack
check 'the screen shows the momentary loudness' grep -q ' -2[23]\.[0-9] LUFS' <<<"$out"
check 'and the spectrum' grep -Eq '\[.{16}[▅▆▇].{13}\]' <<<"$out"
check 'it is drawn at most 30 times a second' holds "$(grep -c LUFS <<<"$out") < 120"
ok env TERM=xterm LC_ALL=C /usr/bin/python3 "$SFA_SOURCE/tests/cli/on_terminal.py" 2:q sfa-play loud.json --gain 6 --api jack
check 'in letters too, with what the limiter takes' grep -Eq ' ~ \[[ .:=+*%#-]{30}\].* LUFS  limiter -[0-9]' <<<"$out"
stop_jack
