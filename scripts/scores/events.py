"""Times in seconds, read from the first column of a file, and how many of two lists go together."""
from pathlib import Path

import numpy as np


def rows(path) -> list[list[str]]:
    """The words of each line; a line that begins with # is a comment."""
    lines = Path(path).read_text().splitlines()
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]


def read(path) -> np.ndarray:
    """The times of a file, which holds one event a line."""
    return np.array([float(row[0]) for row in rows(path)])


def hits(reference, estimate, window: float) -> int:
    """How many pairs can be made, each event used once, no more than `window` apart.

    On a line, with the same window for all, taking the earliest that fits is a maximum matching.
    """
    reference, estimate = np.sort(reference), np.sort(estimate)
    count = i = j = 0
    while i < len(reference) and j < len(estimate):
        apart = estimate[j] - reference[i]
        if abs(apart) <= window:
            count, i, j = count + 1, i + 1, j + 1
        elif apart < 0:
            j += 1
        else:
            i += 1
    return count


def precision_recall_f(reference, estimate, window: float) -> tuple[float, float, float]:
    """All 0 where either is empty, as mir_eval has it."""
    if len(reference) == 0 or len(estimate) == 0:
        return 0.0, 0.0, 0.0
    found = hits(reference, estimate, window)
    precision, recall = found / len(estimate), found / len(reference)
    return precision, recall, 2 * precision * recall / (precision + recall) if found else 0.0


def f_measure(reference, estimate, window: float) -> float:
    return precision_recall_f(reference, estimate, window)[2]


def report(arguments: list[str], usage: str, score) -> None:
    """A scorer as a command: score(REFERENCE, ESTIMATE), a line for each value."""
    if len(arguments) != 3:
        raise SystemExit(usage.strip())
    for name, value in score(*arguments[1:]).items():
        print(f"{name:<12} {value:.4f}")
