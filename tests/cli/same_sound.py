#!/usr/bin/python3
"""same_sound.py [--within|--end] A B: whether two float WAVs hold the same samples, bit for bit; with
--within, whether B holds A somewhere in the midst of silence, as a recording of it does; with
--end, whether B is the end of A."""
import array
import struct
import sys


def samples(path):
    data = open(path, "rb").read()
    at = 12
    while at + 8 <= len(data):
        name, size = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
        if name == b"fmt ":
            kind, channels, _, _, _, bits = struct.unpack("<HHIIHH", data[at + 8:at + 24])
        if name == b"data":
            if bits != 32 or kind not in (3, 0xFFFE):
                sys.exit(f"{path} is not a float WAV")
            body = data[at + 8:at + 8 + size]
            return channels, array.array("f", body[:len(body) // 4 * 4])
        at += 8 + size + size % 2
    sys.exit(f"{path} has no samples")


def first_sound(values):
    return next((i for i, value in enumerate(values) if value != 0.0), len(values))


within = "--within" in sys.argv
(channels_a, a), (channels_b, b) = map(samples, sys.argv[-2:])
if channels_a != channels_b:
    sys.exit(f"{channels_a} channels against {channels_b}")
if "--end" in sys.argv:
    a = a[len(a) - len(b):]
begin = first_sound(b) - first_sound(a) if within else 0
if begin < 0 or (not within and len(a) != len(b)):
    sys.exit(f"{len(a)} samples against {len(b)}, from {begin}")
part = b[begin:begin + len(a)]
differing = sum(x != y for x, y in zip(a, part)) + len(a) - len(part)
if differing or any(b[begin + len(a):]):
    sys.exit(f"{differing} of {len(a)} samples differ, or sound goes on after them")
