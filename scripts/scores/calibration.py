"""How often values are right that carry a confidence, in bins of it: 0.9 should be right nine times out of ten."""
import numpy as np

import beats
import chords
import key
import tempo
import trackers

EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
BOUNDARY = 3.0       # seconds
SAME_HIT = 0.050     # seconds
# The classes of slices and those of MDB Drums.
CLASSES = {"kick": {"KD"}, "snare": {"SD"}, "clap": {"SD", "OT"}, "hat": {"HH"}, "closed_hat": {"HH"},
           "open_hat": {"HH"}, "tom": {"TT"}, "cymbal": {"CY"}, "percussion": {"OT", "SD"}}


def _near(times, time: float, window: float) -> bool:
    return len(times) > 0 and bool(np.min(np.abs(np.asarray(times) - time)) <= window)


def _beats(sound, document):
    if sound.beats is None or len(sound.beats) < 2:
        return
    first, last = sound.beats[0] - beats.WINDOW, sound.beats[-1] + beats.WINDOW
    for beat in document["beats"]:
        if first <= beat["time"] <= last:
            yield "beat", beat.get("confidence"), _near(sound.beats, beat["time"], beats.WINDOW)


def _downbeats(sound, document):
    if sound.downbeats is None or len(sound.downbeats) < 2:
        return
    sure = document.get("meter", {}).get("confidence")
    if sound.meter and document.get("meter", {}).get("beats_per_bar"):
        yield "metre", sure, document["meter"]["beats_per_bar"] == sound.meter
    found = [beat for beat in document["beats"] if beat.get("position") == 1]
    for beat in found:
        if sound.downbeats[0] - 1 <= beat["time"] <= sound.downbeats[-1] + 1:
            yield "downbeat", beat.get("confidence"), _near(sound.downbeats, beat["time"], beats.WINDOW)
    for cue in document.get("cues", []):
        if cue["type"] == "first_beat":
            yield "first_beat on a downbeat", cue.get("confidence"), _near(sound.downbeats, cue["time"], beats.WINDOW)


def _tempo(sound, document):
    if sound.bpm and document["tempo"]["bpm"] > 0:
        right = tempo.scores(sound.bpm, document["tempo"]["bpm"])["Acc1"] == 1
        yield "tempo of loops" if sound.loop else "tempo", document["tempo"].get("confidence"), right


def _key(sound, document):
    if sound.key and document["key"]["name"] != "none":
        right = key.scores(sound.key, document["key"]["name"])["exact"] == 1
        yield "key", document["key"].get("confidence"), right


def _sections(sound, document):
    if sound.segments is None:
        return
    truth = np.ravel(sound.segments[0])
    for section in document.get("sections", [])[1:]:
        yield "section within 3 s", section.get("confidence"), _near(truth, section["time"], BOUNDARY)


def _cues(sound, document):
    """Where a section begins; for an intro or outro, one that is called so (POP909: i and o)."""
    if sound.segments is None:
        return
    begins, labels = sound.segments[0][:, 0], sound.segments[1]
    for cue in document.get("cues", []):
        if cue["type"] == "first_beat":
            continue
        named = {"intro": {"i", "intro"}, "outro": {"o", "outro"}}.get(cue["type"])
        there = [begin for begin, label in zip(begins, labels) if named is None or label in named]
        yield f"{cue['type']} within 3 s", cue.get("confidence"), _near(there, cue["time"], BOUNDARY)


def _chords(sound, document):
    if not sound.chords:
        return
    for chord in document.get("chords", []):
        middle = chord["time"] + chord["duration"] / 2
        truth = next((name for begin, end, name in sound.chords if begin <= middle < end), None)
        if truth and chords.parse(truth) is not None:
            right = chords.parse(chord["name"]) == chords.parse(truth)
            yield "chord at its middle", chord.get("confidence"), right


def _slices(sound, document):
    times = np.array([at for at, _ in sound.hits])
    for at, piece in trackers.attacks(document):
        nearest = int(np.argmin(np.abs(times - at)))
        if abs(times[nearest] - at) <= SAME_HIT:
            right = bool(CLASSES.get(piece.get("class"), set()) & sound.hits[nearest][1])
            yield "class of a drum slice", piece.get("confidence"), right


def report(sounds, answers) -> None:
    """Prints a table: of each value, in each bin how many, how sure and how often right; and of all."""
    found: dict[str, list[tuple[float, bool]]] = {}
    for sound, answer in zip(sounds, answers):
        if not answer.document:
            continue
        judges = (_slices,) if sound.hits else (_beats, _downbeats, _tempo, _key, _sections, _cues, _chords)
        for judge in judges:
            for what, confidence, right in judge(sound, answer.document):
                found.setdefault(what, []).append((np.nan if confidence is None else confidence, right))
    heads = [f"{low:g}-{high:g}" for low, high in zip(EDGES, EDGES[1:])]
    title = "How often right (how many), by confidence"
    print(f"\n{title:<42}" + "".join(f"{head:>13}" for head in [*heads, "all"]))
    for what, pairs in found.items():
        sure, right = np.array(pairs, dtype=float).T
        cells = []
        for low, high in zip(EDGES, EDGES[1:]):
            inside = (sure >= low) & ((sure < high) | (high == EDGES[-1]) & (sure <= high))
            cells.append(f"{right[inside].mean():.2f} ({inside.sum()})" if inside.any() else "-")
        print(f"  {what:<40}" + "".join(f"{cell:>13}" for cell in cells + [f"{right.mean():.2f} ({len(right)})"]))
