#!/usr/bin/python3
"""Scores sections: segments.py REFERENCE ESTIMATE, text files with begin, end and label in each line.

Turnbull et al. 2007: F of the boundaries within 0.5 and 3 s, begin and end of the song counted (and "inside",
without them), and the median distances. Levy and Sandler 2008: which pairs of moments, 0.1 s apart, have the same
label.
"""
import sys

import numpy as np

import events

FRAME = 0.1   # seconds


def read(path) -> tuple[np.ndarray, list[str]]:
    lines = events.rows(path)
    return np.array([[float(line[0]), float(line[1])] for line in lines]), [" ".join(line[2:]) for line in lines]


def spanning(intervals, labels, end: float) -> tuple[np.ndarray, list[str]]:
    """From 0 to `end`: cut there, and lengthened by sections with labels of their own."""
    kept = [(max(0.0, a), min(end, b), label) for (a, b), label in zip(intervals, labels) if b >= 0.0 and a <= end]
    if not kept:
        return np.array([[0.0, end]]), ["(begin)"]
    if kept[0][0] > 0.0:
        kept.insert(0, (0.0, kept[0][0], "(begin)"))
    if kept[-1][1] < end:
        kept.append((kept[-1][1], end, "(end)"))
    return np.array([[a, b] for a, b, _ in kept]), [label for _, _, label in kept]


def boundaries(intervals) -> np.ndarray:
    return np.unique(np.round(np.ravel(intervals), 5))


def deviations(reference, estimate) -> tuple[float, float]:
    """Median seconds from each true boundary to the nearest estimated one, and the other way."""
    distances = np.abs(np.subtract.outer(reference, estimate))
    return float(np.median(distances.min(axis=1))), float(np.median(distances.min(axis=0)))


def _frames(intervals, labels) -> np.ndarray:
    """A number for each frame's label."""
    times = np.arange(int(np.floor(np.max(intervals) / FRAME)), dtype=np.float32) * FRAME
    result = np.full(len(times), -1)
    numbers = {label: number for number, label in enumerate(sorted(set(labels)))}
    for (begin, end), label in zip(intervals, labels):
        first, last = np.searchsorted(times, begin, side="left"), np.searchsorted(times, end, side="right")
        result[first:last] = numbers[label]
    return result


def pairwise(reference, reference_labels, estimate, estimate_labels) -> tuple[float, float, float]:
    """Precision, recall and F of the pairs of frames that are alike."""
    true, guess = _frames(reference, reference_labels), _frames(estimate, estimate_labels)
    table = np.zeros((true.max() + 2, guess.max() + 2))
    np.add.at(table, (true, guess), 1)

    def pairs(counts) -> float:
        return float(np.sum(counts * (counts - 1)) / 2)

    both, in_guess, in_true = pairs(table), pairs(table.sum(0)), pairs(table.sum(1))
    precision, recall = both / in_guess if in_guess else 0.0, both / in_true if in_true else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def scores(reference, reference_labels, estimate, estimate_labels) -> dict[str, float]:
    end = float(np.max(reference))
    reference, reference_labels = spanning(reference, reference_labels, end)
    estimate, estimate_labels = spanning(estimate, estimate_labels, end)
    true, guess = boundaries(reference), boundaries(estimate)
    result = {}
    for window in (0.5, 3.0):
        names = (f"precision {window:g} s", f"recall {window:g} s", f"F {window:g} s")
        result.update(zip(names, events.precision_recall_f(true, guess, window)))
        result[f"inside {window:g} s"] = events.f_measure(true[1:-1], guess[1:-1], window)
    result.update(zip(("to estimate", "to reference"), deviations(true, guess)))
    names = ("pairs precision", "pairs recall", "pairs F")
    result.update(zip(names, pairwise(reference, reference_labels, estimate, estimate_labels)))
    return result


if __name__ == "__main__":
    events.report(sys.argv, __doc__, lambda reference, estimate: scores(*read(reference), *read(estimate)))
