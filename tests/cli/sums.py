#!/usr/bin/python3
"""sums.py [--within X] WHOLE PART...: whether the parts' sum is the whole, to within X of full scale (default
1e-6); sums.py --peak FILE prints the largest sample. Decoded by ffmpeg."""
import array
import subprocess
import sys


def samples(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-"], stdout=subprocess.PIPE, check=True)
    return array.array("f", raw.stdout)


arguments = sys.argv[1:]
if arguments[0] == "--peak":
    print(max(map(abs, samples(arguments[1]))))
    sys.exit()
within = 1e-6
if arguments[0] == "--within":
    within, arguments = float(arguments[1]), arguments[2:]
whole, *parts = map(samples, arguments)
if any(len(part) != len(whole) for part in parts):
    sys.exit(f"lengths {[len(part) for part in parts]} against {len(whole)}")
largest = max(abs(x - sum(rest)) for x, *rest in zip(whole, *parts))
if largest > within:
    sys.exit(f"differs by {largest}")
