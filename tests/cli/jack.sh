# A JACK server without a sound card, and what is recorded from it.

# 1 where there is none, and a line says why.
start_jack() {
  if ! command -v jackd >/dev/null || ! command -v jack_capture >/dev/null; then
    echo 'jackd or jack_capture is missing: live playing is not tested'
    return 1
  fi
  export JACK_DEFAULT_SERVER=sfa-test-$$ JACK_NO_AUDIO_RESERVATION=1 JACK_NO_START_SERVER=1
  # It must end by SIGTERM: JACK counts those that were killed, and starts no ninth.
  timeout 300 jackd -r -n "$JACK_DEFAULT_SERVER" -d dummy -r 48000 -p 1024 -C 0 -P 2 >jackd.log 2>&1 &
  server=$!
  disown $server  # its end is no news
  jack_wait -w -t 10 >/dev/null 2>&1 && return
  kill $server 2>/dev/null
  echo "no JACK server can be started ($(tail -n 1 jackd.log)): live playing is not tested"
  return 1
}

# The recording is the rendered file, bit for bit. A machine in distress may lose a cycle: three tries.
live_is_offline() {
  local options=("$@") recorder
  sfa-play "${options[@]}" --sample-rate 48000 -o offline.wav -f || return 1
  for _ in 1 2 3; do
    rm -f captured.wav
    jack_capture --no-stdin --silent --disable-meter --channels 2 --manual-connections -d "${recorded:-5}" -b FLOAT -f wav captured.wav >capture.log 2>&1 &
    recorder=$!
    sleep 1
    sfa-play "${options[@]}" --api jack --device jack_capture </dev/null || return 1
    wait $recorder
    /usr/bin/python3 "$SFA_SOURCE/tests/cli/same_sound.py" --within offline.wav captured.wav && return 0
  done
  return 1
}

# lines_are FILE EXPRESSION: a python expression over the list d of the file's lines of JSON.
lines_are() { /usr/bin/python3 -c "import json, sys; d = [json.loads(l) for l in open('$1')]; sys.exit(not ($2))"; }
on_terminal() { TERM=xterm /usr/bin/python3 "$SFA_SOURCE/tests/cli/on_terminal.py" "$@"; }
