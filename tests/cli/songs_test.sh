# scripts/make-songs with what every installation has, a sound font and its own synthesizers: songs that fit together, the
# same bytes for the same seed, and a network that can be trained on them. How they sound is for scripts/check-songs and ears.
make_songs=$SFA_SOURCE/scripts/make-songs
ok "$make_songs" --out songs --seed 20 --count 2
check 'each song is told of' test "$(printf '%s\n' "$out" | grep -c '^song-2[01]: ')" = 2
ok "$make_songs" --out again --seed 20 --count 2 -j 2
for song in song-20 song-21; do
  check "$song: the same bytes for the same seed" diff -r "songs/$song" "again/$song"
  check "$song: drums and song.json" test -s "songs/$song/drums.wav" -a -s "songs/$song/song.json"
done
check 'another seed, another song' test "$(cmp -s songs/song-20/drums.wav songs/song-21/drums.wav; echo $?)" = 1
ok "$SFA_SOURCE/scripts/check-songs" songs
check 'stems of one length that do not clip' grep -q '^mix: peak 0\.' <<<"$out"

stamp=$(stat -c %Y songs/song-20/drums.wav)
ok "$make_songs" --out songs --seed 20 --count 1
check 'a song that is there is left alone' test "$out" = '' -a "$(stat -c %Y songs/song-20/drums.wav)" = "$stamp"

if [ -x "$SFA_BIN/sfa-train" ]; then
  ok sfa-train songs -o run --steps 2 --channels 4,6 --blocks 1 --mixes 1 --mix 4 --mix-depth 1 --bands 64 --songs 2 --frames 16 --threads 1
  check 'a network comes of it' test -s run/network.safetensors
fi
