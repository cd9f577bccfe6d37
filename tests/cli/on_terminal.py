#!/usr/bin/python3
"""on_terminal.py SCRIPT COMMAND...: runs a command on a terminal of its own.

SCRIPT is 'SECONDS:WHAT SECONDS:WHAT ...': after so many seconds more, types WHAT, or sends it if it
names a signal. Time begins when the command takes keys without echo, however late it starts. Prints what the terminal
showed, and at last the exit status, whether keys were taken without echo meanwhile and whether the echo is back."""
import os
import pty
import select
import signal
import sys
import termios
import time

steps, at = [], 0.0
for step in sys.argv[1].split():
    seconds, what = step.split(":", 1)
    at += float(seconds)
    steps.append((at, " " if what == "space" else what.encode().decode("unicode_escape")))

child, terminal = pty.fork()
if child == 0:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # which a shell's background jobs ignore
    os.execvp(sys.argv[2], sys.argv[2:])
echo = lambda: bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
shown, raw, back, begin = b"", False, None, time.monotonic()
longest_start = 15.0
while True:
    if select.select([terminal], [], [], 0.02)[0]:
        try:
            shown += os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
    if not raw and not echo():
        raw, begin, longest_start = True, time.monotonic(), 0.0
    back = echo()
    while steps and time.monotonic() - begin > longest_start + steps[0][0]:
        what = steps.pop(0)[1]
        if what.startswith("SIG"):
            os.kill(child, getattr(signal, what))
        else:
            os.write(terminal, what.encode())
    if time.monotonic() - begin > 60:
        os.kill(child, signal.SIGKILL)
back = echo()
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(shown.decode(errors="replace").replace("\r", "\n"))
print(f"status {status}, {'raw' if raw else 'never raw'}, echo {'back' if back else 'gone'}")
