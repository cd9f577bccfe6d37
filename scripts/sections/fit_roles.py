#!/usr/bin/python3
"""Fits the weights that tell the roles of sections: lib/analysis/section_role_weights.inc.

    scripts/make-songs --sounds SOUNDS --out songs
    ninja -C build/dev section_measures
    build/dev/bin/section_measures songs/*/ | scripts/sections/fit_roles.py > lib/analysis/section_role_weights.inc

Multinomial logistic regression (scikit-learn, C = 1, no chance in it) on the sections that are found in generated
songs; the scores of a five-fold cross-validation by songs go to standard error.
"""
import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

ROLES = ["intro", "verse", "chorus", "bridge", "break", "build", "drop", "solo", "outro"]
IS_FIRST, IS_LAST = 11, 12   # among the measures


def truth(folder: str) -> tuple[np.ndarray, list[str]]:
    song = json.load(open(f"{folder}/song.json"))
    beat = 60.0 / song["tempo_bpm"]
    return np.array([[s[1], s[1] + s[2]] for s in song["sections"]]) * beat, [s[0] for s in song["sections"]]


def read(lines):
    """Measures, roles, weights and songs of the sections that lie for the most part in a true one."""
    measures, roles, weights, songs, known = [], [], [], [], {}
    for line in lines:
        folder, begin, end, _, *values = line.split("\t")
        begin, end = float(begin), float(end)
        spans, names = known.setdefault(folder, truth(folder))
        shared = np.minimum(spans[:, 1], end) - np.maximum(spans[:, 0], begin)
        best = int(np.argmax(shared))
        if shared[best] < 0.6 * (end - begin):
            continue
        values = [float(v) for v in values]
        role = names[best]
        # Generated songs lose sections from either end; songs as they come begin with an intro and end with an
        # outro more often. What is so quiet there as a break is one.
        if role == "break" and values[IS_LAST]:
            role = "outro"
        if role == "break" and values[IS_FIRST]:
            role = "intro"
        weight = 1.0 + 2.0 * ((names[0] == "intro") + (names[-1] == "outro"))
        if values[IS_FIRST] and role != "intro" or values[IS_LAST] and role != "outro":
            weight *= 0.35
        measures.append(values)
        roles.append(ROLES.index(role))
        weights.append(weight)
        songs.append(list(known).index(folder))
    return np.array(measures), np.array(roles), np.array(weights), np.array(songs)


def fit(measures, roles, weights) -> LogisticRegression:
    return LogisticRegression(C=1, max_iter=2000).fit(measures, roles, sample_weight=weights)


def main() -> None:
    measures, roles, weights, songs = read(sys.stdin)
    likelihood = np.zeros((len(roles), len(ROLES)))
    for learn, test in GroupKFold(5).split(measures, roles, songs):
        model = fit(measures[learn], roles[learn], weights[learn])
        likelihood[np.ix_(test, model.classes_)] = model.predict_proba(measures[test])
    guess, sure = likelihood.argmax(1), likelihood.max(1)
    print(f"{len(roles)} sections of {len(set(songs))} songs: {np.mean(guess == roles):.3f} right", file=sys.stderr)
    for low in np.arange(0.3, 0.95, 0.1):
        part = (sure >= low) & (sure < low + 0.1)
        if part.any():
            print(f"  likelihood {low:.1f}: {np.mean(guess[part] == roles[part]):.2f} of {part.sum()}", file=sys.stderr)
    model = fit(measures, roles, weights)
    for name, bias, row in zip(ROLES, model.intercept_, model.coef_):
        print("    {" + ", ".join(f"{value:.3f}" for value in [bias, *row]) + "},  // " + name)


if __name__ == "__main__":
    main()
