# The scripts refuse a command line that they do not understand, before they install or build anything.
scripts=$SFA_SOURCE/scripts
mkdir fakes
for tool in apt-get sudo cmake; do
  printf '#!/bin/sh\necho "$0 $*" >>%q\nexit 1\n' "$PWD/called" >fakes/$tool
  chmod +x fakes/$tool
done
# Says of every package that it is missing, so that nothing can be found to be there already.
printf '#!/bin/sh\n' >fakes/dpkg-query
chmod +x fakes/dpkg-query

# refuses PATTERN COMMAND...: exit 2, nothing on stdout, PATTERN in the last line, nothing begun
refuses() {
  local pattern=$1; shift
  capture env PATH="$PWD/fakes:$PATH" "$@"
  [ "$code" = 2 ] || complain "$* exited $code, wanted 2; stderr: $err"
  [ -z "$out" ] || complain "$* wrote to stdout: ${out:0:200}"
  [[ $(tail -n 1 .stderr) =~ $pattern ]] || complain "$* said '$err', which does not match '$pattern'"
  absent called
}

make_songs() { refuses "$1" "$scripts/make-songs" --out made "${@:2}"; }
make_songs 'nowhere: no such folder' --sounds nowhere
mkdir -p sounds/vocals/vocadito
touch sounds/vocals/vocadito/vocadito_1.ogg
make_songs 'sounds: no singer for --split train in vocals' --sounds sounds
make_songs 'sounds: lacks drums_loop/' --sounds sounds --split validation
make_songs 'its singers are held out of --sounds' --split validation
make_songs 'not a whole number of 1 or more' --count 0
make_songs 'not a whole number of 1 or more' -j 0
absent made
ok "$scripts/make-songs" --help
check 'the folder of sounds is described' grep -q '^  vocals  ' <<<"$out"

mkdir -p songs/song-abc songs/song-7
check_songs() { fails "$1" "$2" "$scripts/check-songs" "${@:3}"; }
check_songs 2 '^usage: '
check_songs 1 'nowhere: no songs of make-songs there' nowhere
mkdir none && mkdir none/song-abc
check_songs 1 'none: no songs of make-songs there' none
capture "$scripts/check-songs" songs
check 'a song without stems is told of, and what is none is passed over' test "$code: $out$err" = '1: song-7: no stems'

refuses '^usage: scripts/test ' "$scripts/test" --quack
refuses '^usage: scripts/test ' "$scripts/test" --quick more
ok "$scripts/test" --help

refuses 'seperation: neither a sound file nor a benchmark' "$scripts/bench" seperation
refuses 'bench engine' "$scripts/bench" --quick
refuses 'bench engine' "$scripts/bench" one.wav two.wav
refuses 'bench separation: songs: cannot be read' "$scripts/bench" separation songs
refuses '^usage: scripts/bench separation' "$scripts/bench" separation one.wav two.wav
refuses '^usage: scripts/bench engine' "$scripts/bench" engine 5
refuses 'required: --data' "$scripts/bench" analysis
for benchmark in '' separation analysis engine; do
  # shellcheck disable=SC2086
  ok "$scripts/bench" $benchmark --help
done
# Its folders are those of the caller, wherever the script lies.
mkdir -p truths/loops
fails 1 'no sound with a truth' "$scripts/bench" analysis --data truths --no-build
sox -n -r 22050 -c 1 truths/loops/click_120.wav synth 0.02 sine 1000 pad 0 0.48 repeat 7
ok "$scripts/bench" analysis --data truths --no-build --no-speed
check 'its tempo is judged' grep -qE '^  loops +sfa +1 ' <<<"$out"

# What trains needs torch, which tests otherwise do without.
if /usr/bin/python3 -c 'import torch, mido' 2>/dev/null; then
  refuses 'nowhere: no songs' "$scripts/train-tonality" nowhere --sounds sounds
  printf '{"seed": 20, "style": "none", "key": 0, "mode": "major", "tempo_bpm": 1.0, "sections": []}' >songs/song-7/song.json
  fails 1 'song-7: composed anew from its seed, its style, .*tempo_bpm, sections differ' \
    "$scripts/train-tonality" songs --sounds sounds
  refuses 'nowhere: no such folder' "$scripts/train-slices" nowhere
  refuses 'nothing: no such program' "$scripts/train-slices" sounds --describe nothing
  refuses 'nowhere: no such folder' "$scripts/train-beats" nowhere -o weights
  refuses 'nowhere: no such folder' "$scripts/train-beats" songs --pop909 nowhere -o weights
  refuses 'nowhere: no folder that can be written into' "$scripts/train-beats" songs -o nowhere/weights
fi
