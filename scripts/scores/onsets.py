#!/usr/bin/python3
"""Scores onsets: onsets.py REFERENCE ESTIMATE, text files with a time in each line.

F within 50, 25 and 10 ms; MIREX and mir_eval count within 50.
"""
import sys

import events

WINDOWS = (0.050, 0.025, 0.010)


def scores(reference, estimate) -> dict[str, float]:
    precision, recall, f = events.precision_recall_f(reference, estimate, WINDOWS[0])
    result = {"precision": precision, "recall": recall, "F 50 ms": f}
    for window in WINDOWS[1:]:
        result[f"F {1000 * window:.0f} ms"] = events.f_measure(reference, estimate, window)
    return result


if __name__ == "__main__":
    events.report(sys.argv, __doc__, lambda *files: scores(*map(events.read, files)))
