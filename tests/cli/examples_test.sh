# The examples do what they say.
mkdir -p music/album
sox -n -r 44100 -c 2 -b 16 music/one.wav synth 4 pluck 220 repeat 1
sox -n -r 44100 -c 2 -b 16 music/album/two.flac synth 4 pinknoise tremolo 2 90
ok make -s -f "$SFA_SOURCE/examples/library.mk" MUSIC=music OUT=out
for song in one.wav album/two.flac; do
  valid "out/$song.analysis.json" sfa.analysis
  valid "out/$song.bank.json" sfa.bank
done
ok make -s -f "$SFA_SOURCE/examples/library.mk" MUSIC=music OUT=out
check 'a second run has nothing to do' make -q -f "$SFA_SOURCE/examples/library.mk" MUSIC=music OUT=out

if [ -x "$SFA_BIN/sfa-train" ]; then
  ok "$SFA_SOURCE/examples/train-tiny" tiny
  check 'a network learns' /usr/bin/python3 -c '
import json
losses = [line["loss_db"] for line in map(json.loads, open("tiny/run/log.jsonl")) if "loss_db" in line]
assert len(losses) == 6 and losses[-1] < losses[0] - 1, losses'
  valid tiny/stems/demo-song/stems.json sfa.stems
  check 'its curves are drawn' grep -q '</svg>' tiny/curves.svg
  before=$(stat -c '%n %i %y' tiny/run/*)
  ok "$SFA_SOURCE/examples/train-tiny" tiny
  check 'a second run finds all done' test "$before" = "$(stat -c '%n %i %y' tiny/run/*)"
fi

# Karaoke, into a file in place of a player.
if command -v untrained-network >/dev/null; then
  untrained-network tiny-live live.safetensors
  karaoke() { env MODEL=live.safetensors PLAYER='sox -t wav - -b 16 without.flac' "$SFA_SOURCE/examples/karaoke" "$@"; }
  capture karaoke music/one.wav
  check 'karaoke plays as much as there was' test "$code $(soxi -s without.flac)" = "0 $(soxi -s music/one.wav)"
fi
