#!/usr/bin/python3
"""Scores a tempo: tempo.py REFERENCE ESTIMATE, both in beats a minute.

Gouyon et al. 2006, "An experimental comparison of audio tempo induction algorithms": Acc1 within 4 %, Acc2 also
at half, double, a third and three times. Within 0.5 BPM is what a loop needs. And MIREX's P-score, as mir_eval
has it.
"""
import sys

import numpy as np

TOLERANCE = 0.04
CLOSE_BPM = 0.5
LEVELS = (1.0, 1 / 2, 2.0, 1 / 3, 3.0)


def _is(reference: float, estimate: float) -> bool:
    return abs(estimate - reference) <= TOLERANCE * reference


def scores(reference: float, estimate: float) -> dict[str, float]:
    return {
        "Acc1": float(_is(reference, estimate)),
        "Acc2": float(any(_is(level * reference, estimate) for level in LEVELS)),
        "0.5 BPM": float(abs(estimate - reference) <= CLOSE_BPM),
    }


def p_score(reference, weight: float, estimates, tolerance: float = 0.08) -> tuple[float, bool, bool]:
    """Of two tempi, the first of `weight`: the weights of those found, whether one is, whether both are."""
    estimates = np.asarray(estimates)
    found = [tempo > 0 and bool(np.min(np.abs(tempo - estimates)) <= tolerance * tempo) for tempo in reference]
    return weight * found[0] + (1 - weight) * found[1], any(found), all(found)


def of_beats(times) -> float:
    """The tempo of annotated beats, 0 where there are none: by the mean of the intervals that are near the median,
    which is truer than the median where times are rounded."""
    lengths = np.diff(times)
    if len(lengths) == 0:
        return 0.0
    usual = np.median(lengths)
    return 60.0 / float(np.mean(lengths[np.abs(lengths - usual) <= 0.2 * usual]))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__.strip())
    for name, value in scores(float(sys.argv[1]), float(sys.argv[2])).items():
        print(f"{name:<12} {value:.4f}")
