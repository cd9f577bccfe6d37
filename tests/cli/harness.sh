# What CLI tests are written in. A test is a bash script of checks; every failed check prints
# what it saw, and the test fails at the end.
#
#   ok sfa-slice loop.wav                 exit 0, nothing on stderr; stdout is in $out
#   fails 1 "No such file" sfa-slice x    that exit code, nothing on stdout, one line on stderr that
#                                         begins with the tool's name and matches the regex
#   check "label" COMMAND...              any command that must succeed
#   same A B                              two files with the same bytes
#   absent FILE...                        nothing under these names
#   no_leftovers                          no temporary file of ours in or below this folder
failures=0 checks=0
out='' err='' code=0

complain() { failures=$((failures + 1)); printf 'FAILED: %s\n' "$*"; }

capture() {
  checks=$((checks + 1))
  code=0
  "$@" >.stdout 2>.stderr </dev/null || code=$?
  out=$(tr -d '\0' <.stdout) err=$(<.stderr)
}

ok() {
  capture "$@"
  [ "$code" = 0 ] || complain "$* exited $code, wanted 0; stderr: $err"
  [ -z "$err" ] || complain "$* wrote to stderr: $err"
}

fails() {
  local want=$1 pattern=$2; shift 2
  capture "$@"
  [ "$code" = "$want" ] || complain "$* exited $code, wanted $want; stderr: $err"
  [ -z "$out" ] || complain "$* wrote to stdout: ${out:0:200}"
  [[ $err =~ $pattern ]] || complain "$* said '$err', which does not match '$pattern'"
  [ "$(wc -l <.stderr)" = 1 ] || complain "$* wrote $(wc -l <.stderr) lines to stderr, wanted 1: $err"
}

check() {
  local label=$1; shift
  checks=$((checks + 1))
  "$@" >.stdout 2>&1 || complain "$label: '$*' failed: $(head -c 600 .stdout)"
}

same() { checks=$((checks + 1)); cmp -s "$1" "$2" || complain "$1 and $2 differ"; }

absent() {
  checks=$((checks + 1))
  local f; for f in "$@"; do [ ! -e "$f" ] || complain "$f exists"; done
}

no_leftovers() {
  checks=$((checks + 1))
  local left; left=$(find . -name '.*.sfa-*.tmp')
  [ -z "$left" ] || complain "left behind: $left"
}

# json FILE EXPRESSION: a python expression over the document d, printed.
json() { /usr/bin/python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"; }

# valid FILE SCHEMA: by jsonschema, an implementation nobody here wrote.
valid() { check "$1 is a valid $2" /usr/bin/python3 "$SFA_SOURCE/tests/cli/validate.py" "$SFA_SOURCE/lib/io/schemas/$2.schema.json" "$1"; }

finish() {
  printf '%d checks, %d failed\n' "$checks" "$failures"
  [ "$checks" -gt 0 ] && [ "$failures" = 0 ]
}
