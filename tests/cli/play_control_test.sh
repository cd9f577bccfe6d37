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
