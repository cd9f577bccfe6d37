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
