#!/usr/bin/python3
"""Scores a key: key.py REFERENCE ESTIMATE, such as 'Gb major'.

MIREX's weights, as mir_eval has them: 1 for the key itself, 0.5 for the fifth above it, 0.3 for the relative,
0.2 for the parallel.
"""
import sys

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def parse(name: str) -> tuple[int, str] | None:
    """(pitch class, 'major' or 'minor'); None for anything that is no key."""
    words = name.split()
    if len(words) != 2 or words[0][:1].upper() not in LETTERS or words[1] not in ("major", "minor"):
        return None
    accidentals = words[0][1:]
    return (LETTERS[words[0][0].upper()] + accidentals.count("#") - accidentals.count("b")) % 12, words[1]


def weighted(reference: str, estimate: str) -> float:
    truth, guess = parse(reference), parse(estimate)
    if truth is None or guess is None:
        return float(truth == guess)
    up, same_mode = (guess[0] - truth[0]) % 12, guess[1] == truth[1]
    if same_mode:
        return {0: 1.0, 7: 0.5}.get(up, 0.0)
    relative = 9 if truth[1] == "major" else 3
    return {relative: 0.3, 0: 0.2}.get(up, 0.0)


def scores(reference: str, estimate: str) -> dict[str, float]:
    weight = weighted(reference, estimate)
    return {"exact": float(weight == 1.0), "MIREX": weight}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__.strip())
    for name, value in scores(*sys.argv[1:]).items():
        print(f"{name:<12} {value:.4f}")
