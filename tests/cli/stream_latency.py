#!/usr/bin/python3
"""stream_latency.py FRAMES LATENCY CHANNELS COMMAND...: gives the command a WAV (stereo, float, 44.1 kHz, of no known
length) of FRAMES frames on its standard input and leaves that open. Before the input ends, all frames but the last
LATENCY must come out, as float WAV of so many channels; after it, exactly the rest. Prints how many came before."""
import array
import os
import random
import select
import struct
import subprocess
import sys
import time

frames, latency, channels = map(int, sys.argv[1:4])
child = subprocess.Popen(sys.argv[4:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
random.seed(1)
samples = array.array("f", (random.uniform(-0.3, 0.3) for _ in range(2 * frames)))
header = b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 2, 44100, 8 * 44100, 8, 32) + b"data\xff\xff\xff\xff"
os.set_blocking(child.stdin.fileno(), False)
to_write = header + samples.tobytes()
got = b""


def frames_of(data):
    at = data.find(b"data")
    return 0 if at < 0 else (len(data) - at - 8) // (4 * channels)


deadline = time.monotonic() + 120  # of a stuck test, not of the sound
while (to_write or frames_of(got) < frames - latency) and time.monotonic() < deadline:
    readable, writable, _ = select.select([child.stdout], [child.stdin] if to_write else [], [], 1)
    if writable:
        to_write = to_write[os.write(child.stdin.fileno(), to_write[:65536]):]
    if readable:
        more = os.read(child.stdout.fileno(), 65536)
        if not more:
            break
        got += more
before = frames_of(got)
if before < frames - latency:
    child.kill()
    sys.exit(f"{before} of {frames} frames came out while the input stood open")
child.stdin.close()
got += child.stdout.read()
if child.wait() != 0 or frames_of(got) != frames:
    sys.exit(f"{frames_of(got)} frames in all, status {child.returncode}")
print(before)
