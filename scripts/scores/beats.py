#!/usr/bin/python3
"""Scores beats: beats.py REFERENCE ESTIMATE, text files with a time in each line.

A second column with the position in the bar, 1 for the first, gives the downbeats' F as well.
Beats before 5 s are left out, as MIREX does. Davies, Degara and Plumbley 2009, "Evaluation methods for musical
audio beat tracking algorithms": F within 70 ms, and continuity: CMLc and CMLt, the longest run of right beats and
all of them at the metrical level annotated, AMLc and AMLt, also at double and half of it and off the beat.
"""
import sys

import numpy as np

import events

SKIPPED = 5.0        # seconds at the begin
WINDOW = 0.070       # seconds, for F
TOLERANCE = 0.175    # of a beat, of the phase and of the beat's length, for continuity


def trimmed(times) -> np.ndarray:
    times = np.asarray(times, dtype=float)
    return times[times >= SKIPPED]


def _right(reference: np.ndarray, estimate: np.ndarray) -> np.ndarray:
    """Which of the estimated beats are right: near a beat that no other has taken, at about the right distance
    from the beat before (from the next for the first). As long as the longer of the lists."""
    right = np.zeros(max(len(reference), len(estimate)), dtype=bool)
    taken = np.zeros(len(reference), dtype=bool)
    for m, time in enumerate(estimate):
        nearest = int(np.argmin(np.abs(time - reference)))
        if taken[nearest]:
            continue
        forward = m == 0 or nearest == 0
        beat = _step(reference, nearest, forward)
        length = _step(estimate, m, forward)
        if beat == 0:
            good = time == reference[nearest] and length == 0
        else:
            good = abs(time - reference[nearest]) / beat < TOLERANCE and abs(1 - length / beat) < TOLERANCE
        right[m] = taken[nearest] = good
    return right


def _step(times: np.ndarray, at: int, forward: bool) -> float:
    if forward and at + 1 < len(times):
        return times[at + 1] - times[at]
    return times[at] - times[at - 1]


def _longest_run(right: np.ndarray) -> int:
    wrong = np.flatnonzero(np.concatenate(([True], ~right, [True])))
    return int(np.max(np.diff(wrong))) - 1


def continuity(reference, estimate) -> tuple[float, float, float, float]:
    """CMLc, CMLt, AMLc, AMLt; all 0 where there are fewer than two beats on a side."""
    if len(reference) < 2 or len(estimate) < 2:
        return 0.0, 0.0, 0.0, 0.0
    reference, estimate = np.asarray(reference, dtype=float), np.asarray(estimate, dtype=float)
    double = np.interp(np.arange(0, len(reference) - 0.5, 0.5), np.arange(len(reference)), reference)
    levels = (reference, double[1::2], double, reference[::2], reference[1::2])
    right = [_right(level, estimate) for level in levels if len(level) > 1]
    run = [_longest_run(level) / len(level) for level in right]
    share = [float(np.mean(level)) for level in right]
    return run[0], share[0], max(run), max(share)


def scores(reference, estimate) -> dict[str, float]:
    reference, estimate = trimmed(reference), trimmed(estimate)
    levels = dict(zip(("CMLc", "CMLt", "AMLc", "AMLt"), continuity(reference, estimate)))
    return {"F": events.f_measure(reference, estimate, WINDOW), **levels}


def downbeats(path) -> np.ndarray | None:
    """The times in a file whose second column is 1; None where there is no second column."""
    lines = events.rows(path)
    if not lines or any(len(line) < 2 for line in lines):
        return None
    return np.array([float(line[0]) for line in lines if float(line[1]) == 1])


def downbeat_f(reference, estimate) -> float:
    """F within 70 ms, after the first 5 s."""
    return events.f_measure(trimmed(reference), trimmed(estimate), WINDOW)


def _score_files(reference, estimate) -> dict[str, float]:
    result = scores(events.read(reference), events.read(estimate))
    if downbeats(reference) is not None and downbeats(estimate) is not None:
        result["downbeats F"] = downbeat_f(downbeats(reference), downbeats(estimate))
    return result


if __name__ == "__main__":
    events.report(sys.argv, __doc__, _score_files)
