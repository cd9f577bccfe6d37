#!/usr/bin/python3
"""Checks the scorers against the scores that mir_eval's own tests expect: agree_with_mir_eval.py DIR.

DIR holds mir_eval's tests/data: beat, key, onset, segment, tempo, each refNN, estNN and outputNN.json.
"""
import json
import sys
from pathlib import Path

import beats
import events
import key
import onsets
import segments
import tempo

# The names of our values and of mir_eval's.
BEATS = {"F": "F-measure", "CMLc": "Correct Metric Level Continuous", "CMLt": "Correct Metric Level Total",
         "AMLc": "Any Metric Level Continuous", "AMLt": "Any Metric Level Total"}
ONSETS = {"precision": "Precision", "recall": "Recall", "F 50 ms": "F-measure"}
SEGMENTS = {"precision 0.5 s": "Precision@0.5", "recall 0.5 s": "Recall@0.5", "F 0.5 s": "F-measure@0.5",
            "precision 3 s": "Precision@3.0", "recall 3 s": "Recall@3.0", "F 3 s": "F-measure@3.0",
            "to estimate": "Ref-to-est deviation", "to reference": "Est-to-ref deviation",
            "pairs precision": "Pairwise Precision", "pairs recall": "Pairwise Recall",
            "pairs F": "Pairwise F-measure"}


def of_beats(reference, estimate):
    ours = beats.scores(events.read(reference), events.read(estimate))
    return {theirs: ours[name] for name, theirs in BEATS.items()}


def of_onsets(reference, estimate):
    ours = onsets.scores(events.read(reference), events.read(estimate))
    return {theirs: ours[name] for name, theirs in ONSETS.items()}


def of_segments(reference, estimate):
    ours = segments.scores(*segments.read(reference), *segments.read(estimate))
    return {theirs: ours[name] for name, theirs in SEGMENTS.items()}


def of_key(reference, estimate):
    return {"Weighted Score": key.weighted(*(" ".join(events.rows(path)[0]) for path in (reference, estimate)))}


def of_tempo(reference, estimate):
    first, second, weight = map(float, events.rows(reference)[0])
    guesses = [float(word) for word in events.rows(estimate)[0][:2]]
    return dict(zip(("P-score", "One-correct", "Both-correct"), tempo.p_score((first, second), weight, guesses)))


SCORERS = {"beat": of_beats, "key": of_key, "onset": of_onsets, "segment": of_segments, "tempo": of_tempo}


def main(folder: Path) -> int:
    cases = wrong = 0
    for subject, score in SCORERS.items():
        for expected in sorted((folder / subject).glob("output*.json")):
            number = expected.stem.removeprefix("output")
            files = (next(expected.parent.glob(f"{kind}{number}.*")) for kind in ("ref", "est"))
            wanted = json.loads(expected.read_text())
            cases += 1
            for name, value in score(*files).items():
                if abs(value - wanted[name]) > 1e-6:
                    wrong += 1
                    print(f"{subject} {number}: {name} is {value:.6f}, mir_eval has {wanted[name]:.6f}")
    print(f"{cases} cases, {wrong} values differ")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__.strip())
    sys.exit(main(Path(sys.argv[1])))
