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
