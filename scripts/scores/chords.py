#!/usr/bin/python3
"""Scores chords: chords.py REFERENCE ESTIMATE, text files with begin, end and chord in each line:
F#:min7, F#m, N.

The share of the time in which root and mode are right, of what is annotated as major, minor or no chord: "majmin",
as mir_eval weighs it. Harte 2010, "Towards automatic extraction of harmony information from music signals".
"""
import re
import sys

import events
import key

WITHOUT_TRIAD = ("dim", "aug", "hdim", "sus", "5", "1")   # qualities that have neither a major nor a minor one


def parse(name: str) -> tuple | None:
    """(root, mode) of a chord with a major or minor triad, () of no chord, None of others."""
    if name in ("N", "X"):
        return () if name == "N" else None
    found = re.match(r"([A-G][b#]*)(?::?)([^/]*)", name)
    if not found or found[2].startswith(WITHOUT_TRIAD) or "b5" in found[2] or "#5" in found[2]:
        return None
    mode = "minor" if found[2].startswith("m") and not found[2].startswith("maj") else "major"
    return key.parse(f"{found[1]} {mode}")


def read(path) -> list[tuple[float, float, str]]:
    return [(float(line[0]), float(line[1]), line[2]) for line in events.rows(path)]


def scores(reference, estimate) -> dict[str, float]:
    right = judged = 0.0
    for begin, end, name in reference:
        truth = parse(name)
        if truth is None:
            continue
        judged += end - begin
        right += sum(max(0.0, min(end, until) - max(begin, since)) for since, until, guess in estimate
                     if parse(guess) == truth)
    return {"right": right / judged if judged else 0.0}


if __name__ == "__main__":
    events.report(sys.argv, __doc__, lambda *files: scores(*map(read, files)))
