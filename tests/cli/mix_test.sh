# sfa-mix: files, stems and sessions, measured by sox and ffmpeg.
"$SFA_BIN/demo-song" -o . --seconds 10 >/dev/null || complain 'no demo song'
parts=(stems-true/drums.wav stems-true/bass.wav stems-true/other.wav stems-true/vocals.wav)

# samples FILE: what sox decodes, as 32-bit integers.
samples() { sox "$1" -t s32 - 2>/dev/null; }
same_sound() { checks=$((checks + 1)); cmp -s <(samples "$1") <(samples "$2") || complain "$1 and $2 sound different"; }
# peak FILE...: the highest absolute sample of the sum of all but the last, minus the last.
residual() {
  local args=() last=${*: -1}
  for f in "${@:1:$#-1}"; do args+=(-v 1 "$f"); done
  sox -m "${args[@]}" -v -1 "$last" -n stat 2>&1 | awk '/^M(ax|in)imum amplitude/ { a = $3 < 0 ? -$3 : $3; if (a > m) m = a } END { print m }'
}
loudness() { ffmpeg -nostats -hide_banner -i "$1" -af ebur128=peak=true -f null - 2>&1 | awk '/^    I:/ { print $2 }'; }
true_peak() { ffmpeg -nostats -hide_banner -i "$1" -af ebur128=peak=true -f null - 2>&1 | awk '/^    Peak:/ { print $2 }'; }
within() { check "$1: $2 is within $4 of $3" awk "BEGIN { d = $2 - $3; exit !(d <= $4 && d >= -$4) }"; }

# The true stems add up to the song.
ok sfa-mix "${parts[@]}" --bit-depth 24 --no-dither -o song24.wav
same_sound song24.wav demo-song.wav
ok sfa-mix "${parts[@]}" -o song.wav
same_sound song.wav demo-song.wav
ok sfa-mix "${parts[@]}" --bit-depth 24 -o song.flac
within 'dither changes little' "$(residual song.flac demo-song.wav)" 0 0.0000003
check 'a mix is stereo at the rate of its clips' test "$(soxi -c song.wav) $(soxi -r song.wav)" = '2 44100'

# A second run does nothing; -f does it again, to the same bytes.
before=$(stat -c '%i %y' song.flac)
ok sfa-mix "${parts[@]}" --bit-depth 24 -o song.flac
check 'a second run leaves the mix as it is' test "$before" = "$(stat -c '%i %y' song.flac)"
cp song.flac first.flac
ok sfa-mix "${parts[@]}" --bit-depth 24 -o song.flac -f
same song.flac first.flac

# Dither: the seed decides, 16 bits are less than float by the noise alone.
ok sfa-mix "${parts[@]}" --bit-depth 16 --seed 1 -o one.wav
ok sfa-mix "${parts[@]}" --bit-depth 16 --seed 2 -o two.wav
ok sfa-mix "${parts[@]}" --bit-depth 16 --no-dither -o none.wav
check 'another seed, another noise' bash -c '! cmp -s <(sox one.wav -t s16 -) <(sox two.wav -t s16 -)'
within '16 bits with dither' "$(residual one.wav demo-song.wav)" 0 0.000046
within '16 bits rounded' "$(residual none.wav demo-song.wav)" 0 0.000016

# Stems as heard add up to the mix.
ok sfa-mix "${parts[@]}" --gain drums=-4.5 --gain vocals=+2 --pan other=-0.4 --mute bass --target-lufs -18 --stems heard -o mixed.wav
absent heard/bass.wav
within 'stems as heard' "$(residual heard/drums.wav heard/other.wav heard/vocals.wav mixed.wav)" 0 0.00000001
ok sfa-mix "${parts[@]}" --solo bass,drums --stems solo -o rhythm.wav
absent solo/vocals.wav
within 'solo' "$(residual stems-true/drums.wav stems-true/bass.wav rhythm.wav)" 0 0
ok sfa-mix stems-true/drums.wav --gain drums=-6.0206 -o half.wav
within 'gain' "$(residual half.wav half.wav stems-true/drums.wav)" 0 0.000001

# Loudness and true peak, measured by ffmpeg.
ok sfa-mix "${parts[@]}" --target-lufs -20 -o quiet.wav
within 'target reached' "$(loudness quiet.wav)" -20 0.1
ok sfa-mix "${parts[@]}" --target-lufs -16 --bit-depth 16 -o stream.flac
within 'target reached in 16 bits' "$(loudness stream.flac)" -16 0.1
ok sfa-mix "${parts[@]}" --target-lufs -6 --ceiling -2 -o held.wav
within 'ceiling held' "$(true_peak held.wav)" -2 0.2
check 'below the target' awk "BEGIN { exit !($(loudness held.wav) < -7) }"
ok sfa-mix quiet.wav --ceiling -1 -o untouched.wav
same_sound quiet.wav untouched.wav

# A session: written, valid, the same mix; paths start from its folder.
mkdir -p sessions
ok sfa-mix "${parts[@]}" --gain bass=-3 --pan vocals=0.2 --pan-law equal-power --target-lufs -15 --write-session sessions/s.json
check 'nothing but the session goes out' test -z "$out"
valid sessions/s.json sfa.session
check 'its paths start from its folder' test "$(json sessions/s.json 'd["tracks"][1]["clips"][0]["path"]')" = ../stems-true/bass.wav
ok sfa-mix sessions/s.json -o of-session.wav
ok sfa-mix "${parts[@]}" --gain bass=-3 --pan vocals=0.2 --pan-law equal-power --target-lufs -15 -o of-files.wav
same_sound of-session.wav of-files.wav
ok sfa-mix sessions/s.json --write-session - --gain bass=0
cp .stdout piped.json
valid piped.json sfa.session
sed -n '/^\.Bd -literal/,/^\.Ed/{/^\./!p}' "$SFA_SOURCE/man/sfa-session.5" >manual.json
valid manual.json sfa.session

# Clips: half a second of a tone at 1 s, faded, twice crossing.
sox -D -n -r 44100 -c 1 -b 16 dc.wav synth 2 sine 0 vol 0 dcshift 0.5 2>/dev/null
cat >cross.json <<'J'
{"format": "sfa.session", "version": 1, "sample_rate": 8000, "tracks": [{"name": "a", "clips": [
  {"path": "dc.wav", "position": 1.0, "duration": 0.5, "fade_out": 0.25, "fade_shape": "linear"},
  {"path": "dc.wav", "position": 1.25, "start": 0.5, "duration": 0.5, "fade_in": 0.25, "fade_shape": "linear"}]}]}
J
ok sfa-mix cross.json -o cross.wav
check 'as long as its clips, at its own rate' test "$(soxi -s cross.wav) $(soxi -r cross.wav)" = '14000 8000'
level_at() { sox cross.wav -n trim "$1" 0.05 stat 2>&1 | awk '/^RMS     amplitude/ { print $3 }'; }
within 'silence before' "$(level_at 0.5)" 0 0
for at in 1.1 1.2 1.3 1.4 1.6; do within "the fades at $at s add up" "$(level_at $at)" 0.5 0.001; done

# Stems by manifest, on standard input too.
cat >stems.json <<J
{"format": "sfa.stems", "version": 1, "engine": "none", "source": {"path": "demo-song.wav", "sha256": "$(printf '0%.0s' {1..64})",
 "sample_rate": 44100, "channels": 2, "frames": 441000}, "stems": [
 {"name": "drums", "path": "stems-true/drums.wav", "peak_db": -3.0, "loudness_lufs": -18.0},
 {"name": "bass", "path": "stems-true/bass.wav", "peak_db": -12.0, "loudness_lufs": -20.0}]}
J
valid stems.json sfa.stems
ok sfa-mix stems.json -o of-stems.wav
same_sound of-stems.wav rhythm.wav
from_stdin() { sfa-mix "${@:2}" <"$1"; }
ok from_stdin stems.json - -o of-pipe.wav
same_sound of-pipe.wav rhythm.wav
piped() { set -o pipefail; sfa-mix stems-true/drums.wav -o - | sfa-mix - stems-true/bass.wav --stems piped --ceiling 0 -o - >piped.wav; }
ok piped
same_sound piped.wav rhythm.wav
check 'standard input is a track of its own' test -f piped/input.wav

# Of many rates and channels.
for rate in 8000 48000 96000 192000; do
  sox -n -r $rate -c 1 -b 24 tone.wav synth 1 sine 440 vol 0.5
  ok sfa-mix stems-true/drums.wav tone.wav --solo tone --bit-depth 24 --no-dither -o toned.wav -f
  check "440 Hz of $rate Hz at 44100 Hz" awk "BEGIN { f = $(sox toned.wav -n remix 1 trim 0.2 0.6 stat 2>&1 | awk '/^Rough/ { print $3 }'); exit !(f > 437 && f < 443) }"
done
sox -n -r 44100 -c 64 -b 16 wide.wav synth 0.5 sine 300 vol 0.1
ok sfa-mix wide.wav stems-true/bass.wav -o widened.wav
check 'as many channels as the widest clip' test "$(soxi -c widened.wav)" = 64
ok sfa-mix demo-song.wav --start 2 --duration 3 --sample-rate 48000 -o cut.wav
check 'a range of the mix' test "$(soxi -s cut.wav) $(soxi -r cut.wav)" = '144000 48000'
ok sfa-mix stems-true/drums.wav dc.wav stems-true/drums.wav --write-session names.json
check 'tracks of one name are told apart' test "$(json names.json '" ".join(t["name"] for t in d["tracks"])')" = 'drums dc drums-2'

# Silence: no gain, no noise.
sox -D -n -r 44100 -c 2 -b 16 silent.wav trim 0 1
ok sfa-mix silent.wav --target-lufs -14 --bit-depth 16 -o silence.wav
same_sound silence.wav silent.wav

# An input stays, even one that sfa-mix made itself.
ok sfa-mix stems-true/drums.wav -o own.wav
cp own.wav kept.wav
ok sfa-mix own.wav --write-session own.json
sed 's/"gain_db": 0/"gain_db": -1/' own.json >changed.json
for way in 'own.wav --gain own=-6 -o own.wav' 'own.wav --gain own=-6 -o ./own.wav -f' 'own.wav --gain own=-6 --stems . -o unmade.wav' \
  'changed.json -o own.wav' 'changed.json --write-session changed.json'; do
  fails 1 'is the input itself' sfa-mix $way
  same own.wav kept.wav
done
fails 1 'is the input itself' bash -c 'exec sfa-mix - --gain input=-6 -o own.wav <own.wav'
same own.wav kept.wav
absent unmade.wav
appended() { printf 'before\n' >log; sfa-mix own.wav --write-session - >>log; }
ok appended
check 'what standard output holds stays' test "$(head -n 1 log)" = before

# What is wrong is told in a line.
fails 2 'no track is called horn; there are: drums' sfa-mix "${parts[@]}" --gain horn=1 -o no.wav
fails 2 'TRACK=NUMBER' sfa-mix "${parts[@]}" --gain drums -o no.wav
fails 2 'TRACK=NUMBER' sfa-mix "${parts[@]}" --gain drums=nan -o no.wav
fails 2 'TRACK=NUMBER' sfa-mix "${parts[@]}" --pan drums=1.5 -o no.wav
fails 2 'no track is called' sfa-mix "${parts[@]}" --mute horn -o no.wav
fails 2 'document' sfa-mix stems.json demo-song.wav -o no.wav
fails 2 'session' sfa-mix stems.json --write-session - -o -
fails 2 'standard input' from_stdin demo-song.wav - --write-session no.json
fails 2 'both the mix and a stem' sfa-mix stems-true/drums.wav --stems . -o drums.wav
fails 1 'nothing of the mix' sfa-mix demo-song.wav --duration 0 -o no.wav
fails 1 'no sound format' sfa-mix demo-song.wav -o no.xyz
fails 1 'standard input' from_stdin /dev/null - -o no.wav
fails 1 'standard input' from_stdin "$SFA_SOURCE/README.md" - -o no.wav
printf '{"format":"sfa.session","version":1,"tracks":[{"clips":[{"path":"missing.wav"}]}]}' >missing.json
fails 1 'missing.json: missing.wav: No such file' sfa-mix missing.json -o no.wav
printf '{"format":"sfa.session","version":1,"tracks":[]}' >none.json
fails 1 'none.json: .* no clip' sfa-mix none.json -o no.wav
printf '{"format":"sfa.session","version":1,"tracks":[{"clips":[{"path":"dc.wav","position":-1}]}]}' >negative.json
fails 1 'negative.json: tracks\[0\].clips\[0\].position' sfa-mix negative.json -o no.wav
printf '{"format":"sfa.session","version":1,"tracks":[{"clips":[{"path":"dc.wav","start":9}]}]}' >late.json
fails 1 'late.json: .* starts after' sfa-mix late.json -o no.wav
sox -n -r 44100 -c 1 nothing.wav trim 0 0
cp nothing.wav nought.wav
fails 1 'no sound to mix in nothing.wav, nought.wav' sfa-mix nothing.wav nought.wav -o no.wav
cp nothing.wav $'caf\xe9.wav'
fails 1 '^sfa-mix: caf' sfa-mix demo-song.wav $'caf\xe9.wav' -o no.wav
check 'what is wrong with the name' grep -q 'not UTF-8' .stderr
head -c 20000 demo-song.wav >cut-off.wav
fails 1 'cut-off.wav' sfa-mix stems-true/bass.wav cut-off.wav --stems broken -o no.wav
absent no.wav no.json no.xyz broken/bass.wav broken/cut-off.wav
no_leftovers
