# The tutorial does what it says.
"$SFA_BIN/demo-song" -o . --seconds 10 >/dev/null || complain 'no demo song'
cp stems-true/drums.wav loop.wav
cp "$SFA_SOURCE/examples/one-loop/groove.rules" .
command=''
steps=0
while IFS= read -r line; do
  case $line in
    '```sh') command='' ;;
    '#=> '*)
      check "tutorial: $command" bash -c "$command"
      check "tutorial: $command: ${line#'#=> '}" bash -c "${line#'#=> '}"
      steps=$((steps + 1)) ;;
    *) command=$line ;;
  esac
done <"$SFA_SOURCE/examples/one-loop/README.md"
check 'there are six steps and one more' test "$steps" = 7
no_leftovers
