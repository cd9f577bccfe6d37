# A JACK server without a sound card, for tests to play on and record from; and devices that need no server.

# faked HOW OPTION...: sfa-play on a device that fails as HOW says, or is `well` (see tests/playback/fake_rtaudio.cpp).
# There is none where $SFA_BIN/fake is not.
faked() { env LD_LIBRARY_PATH="$SFA_BIN/fake" SFA_FAKE_DEVICE="$1" timeout 30 sfa-play "${@:2}"; }

# start_jack [PERIOD]: under a name of its own; false, with a word that says why, where there can be none. With real-time
# scheduling where that is allowed: what else the machine does then costs no cycle.
start_jack() {
  export JACK_DEFAULT_SERVER=sfa-test-$$ JACK_NO_AUDIO_RESERVATION=1 JACK_NO_START_SERVER=1
  local scheduling=-r
  if ! command -v jackd >/dev/null || ! command -v jack_capture >/dev/null; then
    echo 'jackd or jack_capture is missing: live playing is not tested'
    return 1
  fi
  chrt -f 10 true 2>/dev/null && scheduling='-R -P 10'
  # It must end by SIGTERM: JACK counts those that were killed, and starts no ninth.
  # shellcheck disable=SC2086
  timeout 900 jackd $scheduling -n "$JACK_DEFAULT_SERVER" -d dummy -r 48000 -p "${1:-1024}" -C 0 -P 2 >jackd.log 2>&1 &
  server=$!
  disown $server  # its end is no news
  jack_wait -w -t 20 >/dev/null 2>&1 && return
  kill $server 2>/dev/null
  echo "no JACK server can be started ($(tail -n 1 jackd.log)): live playing is not tested"
  return 1
}

stop_jack() {
  kill $server 2>/dev/null
  while kill -0 $server 2>/dev/null; do sleep 0.1; done
}

# live_is_offline OPTION...: what sfa-play plays is, recorded, the file that it renders, bit for bit. A machine in
# distress may lose a cycle: three tries.
live_is_offline() {
  local recorder
  sfa-play "$@" --sample-rate 48000 -o offline.wav -f || return 1
  for _ in 1 2 3; do
    rm -f captured.wav
    jack_capture --no-stdin --silent --disable-meter --channels 2 --manual-connections -b FLOAT -f wav captured.wav >capture.log 2>&1 &
    recorder=$!
    for _ in {1..100}; do jack_lsp 2>/dev/null | grep -q jack_capture && break; sleep 0.1; done
    sfa-play "$@" --api jack --device jack_capture </dev/null || return 1
    kill -INT $recorder
    wait $recorder
    /usr/bin/python3 "$SFA_SOURCE/tests/cli/same_sound.py" --within offline.wav captured.wav && return
  done
  return 1
}

# lines_are FILE EXPRESSION: a python expression over the list d of the file's lines of JSON.
lines_are() { /usr/bin/python3 -c "import json, sys; d = [json.loads(l) for l in open('$1')]; sys.exit(not ($2))"; }
on_terminal() { TERM=xterm /usr/bin/python3 "$SFA_SOURCE/tests/cli/on_terminal.py" "$@"; }
