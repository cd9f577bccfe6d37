# sfa-separate --fetch-model: whole and checked checkpoints from servers of all kinds, or none.
unset XDG_DATA_HOME TORCH_HOME http_proxy https_proxy all_proxy
export no_proxy=127.0.0.1
servers=()

# start_server PORT_FILE [CERTIFICATE]: its port is in $port.
start_server() {
  local file=$1; shift
  timeout 300 /usr/bin/python3 "$SFA_SOURCE/tests/cli/hostile_server.py" "$file" requests.log "$@" 2>server.err &
  servers+=($!)
  for _ in $(seq 200); do [ -s "$file" ] && break; sleep 0.05; done
  port=$(<"$file")
  [ -n "$port" ] || complain "no server: $(<server.err)"
}
start_server port
plain=http://127.0.0.1:$port

from() { export SFA_MODEL_URL=$plain/$1/; : >requests.log; }
fetch() { sfa-separate --fetch-model htdemucs --model-dir "$@"; }
htdemucs=955717e8-8726e21a.th
requests() { cut -d ' ' -f 3 requests.log | tr '\n' ' '; }
# is_there FOLDER: the checkpoint, judged by sha256sum, and nothing else.
is_there() {
  check "$1/$htdemucs is whole" test "$(sha256sum <"$1/$htdemucs" | cut -c 1-8)" = 8726e21a
  check "nothing else is in $1" test "$(ls -A "$1")" = $htdemucs
}
is_empty() { check "nothing is in $1" test -z "$(ls -A "$1")"; }

# Into its place, and no more than once.
from fine
ok sfa-separate --fetch-model htdemucs
check 'nothing is said' test -z "$out"
is_there "$HOME/.local/share/sfa/models"
ok sfa-separate --fetch-model htdemucs
check 'one request for two runs' test "$(requests)" = '0 '
ok fetch mine
is_there mine
ok env XDG_DATA_HOME="$PWD/data" sfa-separate --fetch-model htdemucs
is_there data/sfa/models
rm -r data "$HOME/.local"
mkdir -p "$HOME/.cache/torch/hub/checkpoints" && cp mine/$htdemucs "$HOME/.cache/torch/hub/checkpoints"
: >requests.log
ok sfa-separate --fetch-model htdemucs
check 'what Demucs has fetched is not fetched again' test ! -s requests.log
printf damage >>"$HOME/.cache/torch/hub/checkpoints/$htdemucs"
ok sfa-separate --fetch-model htdemucs
is_there "$HOME/.local/share/sfa/models"
printf damage | dd of=mine/$htdemucs bs=1 conv=notrunc status=none
ok fetch mine
is_there mine

# All members of a bag, but not what is there in another form.
from fine
mkdir bag && touch bag/04573f0d.safetensors
ok sfa-separate --fetch-model htdemucs_ft --model-dir bag
check 'the other members are there' test "$(ls -x -w 0 bag)" = '04573f0d.safetensors  92cfc3b6-ef3bcb9c.th  d12395a8-e57c48e6.th  f7e0c4bc-ba3fe64a.th'
check 'and are what they say' test "$(sha256sum bag/*.th | sed 's/^\(.\{8\}\).*-\(.*\)\.th/\1 \2/' | awk '$1 != $2')" = ''

# Servers that do badly and are borne with.
from drop:1200000
ok fetch dropped
is_there dropped
check 'it went on where it was dropped' test "$(requests)" = '0 1200000 2400000 '
from whole:1200000
ok fetch whole
is_there whole
check 'it asked for the rest' test "$(requests)" = '0 1200000 '
from long:1000
ok fetch long
is_there long
from trouble:2
ok fetch trouble
is_there trouble
from moved
ok fetch moved
is_there moved

# Those that are not.
from short:1000
fails 1 "^sfa-separate: $plain/short:1000/hybrid_transformer/$htdemucs: not the file expected: its SHA-256 begins with" fetch bad
is_empty bad
from corrupt
fails 1 'not the file expected: its SHA-256 begins with [0-9a-f]{8}, not 8726e21a; removed$' fetch bad
is_empty bad
from missing
fails 1 "^sfa-separate: $plain/missing/hybrid_transformer/$htdemucs: HTTP 404$" fetch bad
is_empty bad
check '404 is asked for once' test "$(requests)" = '0 '
from drop:100000
fails 1 ': connection lost after 0.5 of 3.0 MB; run it again to go on$' fetch again
check 'the part is kept' test "$(stat -c %s again/$htdemucs.part)" = 500000
from fine
ok fetch again
is_there again
check 'and gone on with' test "$(requests)" = '500000 '
export SFA_MODEL_URL=file:///
fails 1 'Unsupported protocol' fetch bad
export SFA_MODEL_URL=http://127.0.0.1:1
fails 1 "http://127.0.0.1:1/hybrid_transformer/.*Couldn't connect" fetch bad
is_empty bad

# Certificates: one that nobody vouches for, and then, with the system's list covered by it, its own.
trusting() {
  unshare -Urm bash -c 'mount --bind certificate.pem /etc/ssl/certs/ca-certificates.crt && exec "$@"' trusting "$@"
}
if command -v openssl >/dev/null; then
  openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 1 -subj /CN=127.0.0.1 \
    -addext subjectAltName=IP:127.0.0.1 2>/dev/null
  cat key.pem certificate.pem >both.pem
  plain_port=$port
  start_server tls_port both.pem
  export SFA_MODEL_URL=https://127.0.0.1:$port/fine
  fails 1 'certificate' fetch bad
  is_empty bad
  if trusting true 2>/dev/null; then
    ok trusting sfa-separate --fetch-model htdemucs --model-dir trusted
    is_there trusted
    export SFA_MODEL_URL=https://127.0.0.1:$port/plain:$plain_port
    fails 1 'Unsupported protocol' trusting sfa-separate --fetch-model htdemucs --model-dir bad
    is_empty bad
  else
    echo 'SKIPPED: a certificate that is vouched for, for no name space can be made here'
  fi
else
  echo 'SKIPPED: certificates, without openssl'
fi

# A stalled connection is interrupted at once, and nothing is left but the part.
from stall:700000
env --default-signal=INT sfa-separate --fetch-model htdemucs --model-dir stalled 2>stalled.err &
pid=$!
for _ in $(seq 100); do [ "$(stat -c %s stalled/$htdemucs.part 2>/dev/null)" = 700000 ] && break; sleep 0.05; done
kill -INT $pid
check 'SIGINT ends it' timeout 5 tail --pid=$pid -f /dev/null
code=0; wait $pid || code=$?
check 'by the signal' test "$code" = 130
check 'without a word' test ! -s stalled.err
check 'with its part kept' test "$(ls -A stalled) $(stat -c %s stalled/*)" = "$htdemucs.part 700000"
from fine
ok fetch stalled
is_there stalled
check 'and gone on with later' test "$(requests)" = '700000 '

# Several at once.
pids=()
for _ in 1 2 3; do fetch shared 2>>shared.err & pids+=($!); done
wait "${pids[@]}"
is_there shared
check 'all went well' test ! -s shared.err
check 'one of them fetched it' test "$(requests)" = '700000 0 '

# Disks.
small() { (ulimit -f 1000; fetch small); }
fails 1 "small/$htdemucs.part: File too large" small
check 'what could be written is kept' test "$(stat -c %s small/$htdemucs.part)" = 1024000
ok fetch small
is_there small
mkdir full
full() { unshare -Urm bash -c 'mount -t tmpfs -o size=1m none full && sfa-separate --fetch-model htdemucs --model-dir full'; }
if unshare -Urm mount -t tmpfs none full 2>/dev/null; then
  fails 1 "full/$htdemucs.part: No space left on device" full
else
  echo 'SKIPPED: a full disk, for no tmpfs can be mounted here'
fi
touch file
fails 1 'file: Not a directory' fetch file
fails 1 'no place for models' env -u HOME sfa-separate --fetch-model htdemucs

# What is told.
on_terminal() { /usr/bin/python3 "$SFA_SOURCE/tests/cli/on_terminal.py" '' "$@"; }
from drop:1200000
ok on_terminal sfa-separate --fetch-model htdemucs --model-dir told
check 'a bar on a terminal' grep -q "fetching $htdemucs \[=" <<<"$out"
check 'and what came of it' grep -q "sfa-separate: fetched told/$htdemucs" <<<"$out"
ok on_terminal sfa-separate --fetch-model htdemucs --model-dir told
check 'or was there' grep -q "sfa-separate: told/$htdemucs is there already" <<<"$out"
capture sfa-separate --fetch-model htdemucs --model-dir json --progress json
check 'progress for programs' test "$(tail -1 .stderr | grep -o '"stage":.*"done":1.0000')" = "\"stage\":\"fetching $htdemucs\",\"done\":1.0000"

# Mistakes.
fails 1 'nonsense: no such model is released; there are htdemucs, ' sfa-separate --fetch-model nonsense
fails 1 'mdx_extra_q is quantised' sfa-separate --fetch-model mdx_extra_q
fails 2 'take no FILE' sfa-separate --fetch-model htdemucs song.wav
for tool in "$SFA_BIN"/sfa-*; do
  [ "${tool##*/}" = sfa-train ] && continue  # it links libtorch, which does
  check "$tool loads libcurl only to download" bash -c "! ldd $tool | grep -q curl"
done
no_leftovers
kill "${servers[@]}"
