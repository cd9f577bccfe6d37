# The main job: tool into tool, by files and by pipes.
"$SFA_BIN/demo-song" -o . --seconds 10 >/dev/null || complain 'no demo song'

# By files.
ok sfa-analyze demo-song.wav -o analysis.json
valid analysis.json sfa.analysis
ok sfa-separate demo-song.wav -o stems --name '{stem}.{ext}'
valid stems/stems.json sfa.stems
ok sfa-slice stems/drums.wav --analysis analysis.json --wav slices -o drums.bank.json
valid drums.bank.json sfa.bank
ok sfa-seq drums.bank.json --mode euclid:5/16 --bars 2 --seed 7 --rule 'every 4: reverse' --rule '@30%: ratchet 3' -o events.json
valid events.json sfa.events
ok sfa-play events.json -o remix.wav
ok sfa-midi events.json -o remix.mid
check 'the remix is a sound' soxi remix.wav
check 'the MIDI file can be read' midicsv remix.mid
check 'the remix is not silent' awk "BEGIN { exit !($(sox remix.wav -n stat 2>&1 | sed -n 's/^Maximum amplitude: *//p') > 0.01) }"
check 'the song is at least nearly 112 BPM' awk "BEGIN { bpm = $(json analysis.json 'd["tempo"]["bpm"]'); exit !(bpm > 111 && bpm < 113) }"

# A second run makes nothing anew.
before=$(stat -c '%n %i %y' analysis.json stems/* drums.bank.json slices/* events.json remix.*)
ok sfa-analyze demo-song.wav -o analysis.json
ok sfa-separate demo-song.wav -o stems --name '{stem}.{ext}'
ok sfa-slice stems/drums.wav --analysis analysis.json --wav slices -o drums.bank.json
ok sfa-seq drums.bank.json --mode euclid:5/16 --bars 2 --seed 7 --rule 'every 4: reverse' --rule '@30%: ratchet 3' -o events.json
ok sfa-play events.json -o remix.wav
ok sfa-midi events.json -o remix.mid
check 'a second run leaves everything as it is' test "$before" = "$(stat -c '%n %i %y' analysis.json stems/* drums.bank.json slices/* events.json remix.*)"

# By pipes, twice: the same bytes.
flac() { sox demo-song.wav -b 16 song.flac; }
check 'sox makes a FLAC' flac
chain() {
  set -o pipefail
  sfa-separate song.flac --stem drums -o - | sfa-slice - | sfa-seq - --mode euclid:5/16 --seed 7 | sfa-play - -o "$1"
}
ok chain loop.wav
ok chain again.wav
same loop.wav again.wav
check 'the loop is a sound' soxi loop.wav

# A tool in the middle that fails does not leave a result.
fails 1 'sfa-play: ' bash -c 'printf "{}" | sfa-play - -o never.wav'
absent never.wav
no_leftovers
