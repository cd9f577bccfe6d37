# scripts/scores: mir_eval's definitions, by the scores that mir_eval's own tests expect, and by cases worked out by hand.
scores=$SFA_SOURCE/scripts/scores
export PYTHONDONTWRITEBYTECODE=1
ok "$scores/agree_with_mir_eval.py" "$SFA_SOURCE/tests/fixtures/scores"
check 'all of them are counted' test "$out" = '23 cases, 0 values differ'

# value NAME: what the last scorer said of it
value() { sed -n "s/^$1  *//p" <<<"$out"; }
is() { check "$1 is $2" test "$(value "$1")" = "$2"; }

seq 0 0.5 30 >truth
awk '{ print $1 + 0.06 }' truth >late
awk '{ print $1 + 0.25 }' truth >between
seq 0 1 30 >half
ok "$scores/beats.py" truth late
is F 1.0000; is CMLt 1.0000
ok "$scores/beats.py" truth between
# 50 of the 51 beats: between 51 there are but 50
is F 0.0000; is CMLt 0.0000; is AMLt 0.9804
ok "$scores/beats.py" truth half
# 26 of the 51 beats from 5 s on
is F 0.6753; is CMLt 0.0000; is AMLc 1.0000
awk '{ print $1, NR % 4 == 1 ? 1 : 2 }' truth >bars
awk '{ print $1, NR % 4 == 3 ? 1 : 2 }' truth >turned
ok "$scores/beats.py" bars bars
is 'downbeats F' 1.0000
ok "$scores/beats.py" bars turned
is 'downbeats F' 0.0000

ok "$scores/onsets.py" truth late
is 'F 50 ms' 0.0000
awk '{ print $1 + 0.02 }' truth >near
ok "$scores/onsets.py" truth near
is 'F 25 ms' 1.0000; is 'F 10 ms' 0.0000

ok "$scores/tempo.py" 120 60.4
is Acc1 0.0000; is Acc2 1.0000
ok "$scores/tempo.py" 120 120.6
is Acc1 1.0000; is '0.5 BPM' 0.0000

ok "$scores/key.py" 'C# minor' 'Db minor'
is exact 1.0000
ok "$scores/key.py" 'C major' 'A minor'
is exact 0.0000; is MIREX 0.3000
ok "$scores/key.py" 'C major' none
is MIREX 0.0000

printf '0 2 C:maj7\n2 4 A:min/b3\n4 6 G:sus4\n6 8 N\n' >chords
printf '0 3 C\n3 6 Am\n6 8 N\n' >found
ok "$scores/chords.py" chords found
# 2 of the first two seconds, 1 of the next, and the last 2 of 6 that count
is right 0.8333

# scripts/bench_analysis: a folder of truths, and the tools of this build.
bench() { "$SFA_SOURCE/scripts/bench_analysis" --no-build --no-speed "$@"; }
mkdir -p data/loops data/clicks
sox -n -r 22050 -c 1 data/clicks/click.wav synth 0.02 sine 1000 pad 0 0.48 repeat 39
seq 0 0.5 19.9 | awk '{ print $1, NR % 4 == 1 ? 1 : 2 }' >data/clicks/click.beats
printf '0 A\n8 B\n20 end\n' >data/clicks/click.segments
sox data/clicks/click.wav data/loops/click_120.wav trim 0 8
sox data/clicks/click.wav data/loops/unknown.wav trim 0 8
mkdir nothing
ok bench --data data --calibration
cp .stdout table
check 'beats are scored' grep -qE '^  clicks +sfa +1 +(0\.9|1\.0)' table
check 'a loop has its tempo in its name' grep -qE '^  loops +sfa +1 ' table
check 'cutting every so many true bars is a baseline' grep -qE '^  clicks +every 4 bars +1 ' table
check 'confidences are judged' grep -qE '^  beat  ' table
fails 1 'no such folder' bench --data nowhere
fails 1 'no sound with a truth' bench --data nothing
