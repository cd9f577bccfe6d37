"""Melodies: sung lines in phrases with rests, rap, harmonies and shouts, and solos of instruments."""
import numpy as np

from . import harmony
from .basslines import chord_at
from .score import Chord, Note

# Syllables' lengths in sixteenths of a beat's quarter, and how often, by manner.
RHYTHMS = {
    "even": ((2, 0.6), (4, 0.25), (1, 0.05), (6, 0.1)),
    "syncopated": ((1, 0.2), (2, 0.35), (3, 0.3), (4, 0.1), (6, 0.05)),
    "long": ((4, 0.4), (8, 0.25), (6, 0.15), (2, 0.2)),
    "busy": ((1, 0.45), (2, 0.45), (3, 0.1)),
    "rap": ((1, 0.62), (2, 0.33), (3, 0.05)),
    "ternary": ((4 / 3, 0.55), (8 / 3, 0.3), (4, 0.15)),
}
REGISTERS = {
    "bass": (41, 60), "baritone": (45, 65), "tenor": (48, 69), "alto": (55, 74), "mezzo": (57, 77),
    "soprano": (60, 81),
}


def phrase_rhythm(manner: str, length: float, begin: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Starts and lengths in beats of one phrase's syllables, the last one longer."""
    sizes, weights = zip(*RHYTHMS[manner])
    weights = np.array(weights) / sum(weights)
    at, out = begin, []
    while at < length - 0.2:
        size = float(rng.choice(sizes, p=weights)) / 4
        if size > 0.5 and at % 1 not in (0, 0.5) and manner != "ternary" and rng.random() < 0.7:
            size = 0.25 if (at * 4) % 2 else 0.5
        out.append((at, min(size, length - at)))
        at += size
    return out


def contour(rhythm: list[tuple[float, float]], start: float, chords: list[Chord], scale: list[int], low: int,
            high: int, place: float,
            lift: float, rng: np.random.Generator) -> list[float]:
    """Pitches for the rhythm: steps mostly, chord tones on beats and at the end, drawn to the register's middle."""
    ladder = [p for p in range(low, high + 1) if p % 12 in scale]
    index = int(np.argmin([abs(p - (low + (high - low) * place)) for p in ladder]))
    pitches = []
    for number, (at, size) in enumerate(rhythm):
        if number:
            index += int(rng.choice([-3, -2, -1, 0, 1, 2, 3, 4], p=[0.04, 0.1, 0.27, 0.2, 0.24, 0.1, 0.03, 0.02]))
            goal = place + lift * np.sin(np.pi * at / max(rhythm[-1][0], 1))
            middle = goal * (len(ladder) - 1)
            if rng.random() < 0.35 and abs(index - middle) > 2:
                index += int(np.sign(middle - index))
        index = int(np.clip(index, 0, len(ladder) - 1))
        strong = abs(at - round(at)) < 0.01 and size >= 0.5 or number == len(rhythm) - 1
        if strong and rng.random() < 0.75:
            chord, _ = chord_at(chords, start + at)
            tones = harmony.chord_tones(chord.root, chord.quality)
            nearest = min(range(len(ladder)), key=lambda i: (ladder[i] % 12 not in tones, abs(i - index)))
            index = nearest
        pitches.append(float(ladder[index]))
    return pitches


def sung(manner: str, phrase: float, chords: list[Chord], scale: list[int], low: int, high: int, start: float,
         beats: float, place: float,
         level: float, rng: np.random.Generator, talk: bool = False) -> list[Note]:
    """A section's melody of phrases: the second takes up the first, as songs do; each ends with a rest."""
    notes: list[Note] = []
    rests = rng.uniform(0.16, 0.5)
    skipped = int(rng.integers(4)) if not talk and beats >= 4 * phrase and rng.random() < 0.3 else -1
    rhythms: dict[str, list] = {}
    shapes: dict[str, list] = {}
    form = str(rng.choice(["AABA", "ABAB", "AAAB", "ABAC", "AABB", "AAAA"]))
    for number in range(int(np.ceil(beats / phrase - 1e-6))):
        name = form[number % len(form)]
        if number % 4 == skipped:
            continue
        begin = start + number * phrase
        room = min(phrase, start + beats - begin)
        if name not in rhythms:
            pickup = float(rng.choice([0, 0, 0, 0.5, 1, 0.25, 0.5]))
            rhythms[name] = phrase_rhythm(manner, phrase * (1 - rests * rng.uniform(0.6, 1.3)), pickup, rng)
            shapes[name] = contour(
                rhythms[name], begin, chords, scale, low, high, place, float(rng.uniform(-0.1, 0.3)), rng,
            )
        pitches = shapes[name]
        if name in rhythms and (number >= 2 and rng.random() < 0.5 or number == 1 and rng.random() < 0.25):
            pitches = contour(
                rhythms[name], begin, chords, scale, low, high, place, float(rng.uniform(-0.1, 0.3)), rng,
            )
        for (at, size), pitch in zip(rhythms[name], pitches):
            if at >= room - 0.1:
                break
            last = at + size >= rhythms[name][-1][0] + 0.01
            chord, _ = chord_at(chords, begin + at)
            if size >= 1 and not talk:
                tones = harmony.chord_tones(chord.root, chord.quality)
                if min(abs((pitch - t + 6) % 12 - 6) for t in tones) == 1:
                    pitch = min(
                        (p for p in range(int(pitch) - 4, int(pitch) + 5) if p % 12 in tones),
                        key=lambda p: abs(p - pitch),
                    )
            length = size * (1.0 if not last else float(rng.uniform(1.0, 2.2)))
            length = min(length, room - at)
            notes.append(
                Note(
                    begin + at, length * 0.97, float(pitch),
                    float(np.clip(level * (1 + 0.08 * rng.standard_normal()), 0.1, 1)),
                ),
            )
    return without_overlaps(notes)


def without_overlaps(notes: list[Note]) -> list[Note]:
    for one, two in zip(notes, notes[1:]):
        one.duration = max(min(one.duration, two.start - one.start), 0.05)
    return notes


def harmonised(lead: list[Note], scale: list[int], steps: int, level: float) -> list[Note]:
    """The melody again, some steps of the scale away (2 a third above, -3 a fourth below, -5 a sixth below)."""
    out = []
    for note in lead:
        pitch = harmony.nearest_in_scale(note.pitch, scale)
        direction = 1 if steps > 0 else -1
        moved = 0
        while moved < abs(steps):
            pitch += direction
            moved += pitch % 12 in scale
        out.append(Note(note.start, note.duration, float(pitch), level * note.velocity))
    return out


def oohs(chords: list[Chord], start: float, beats: float, low: int, high: int, voice: int,
         level: float) -> list[Note]:
    """One voice of held chords behind the melody, breathing before each change."""
    notes, before = [], None
    for chord in chords:
        begin, end = max(chord.start, start), min(chord.start + chord.duration, start + beats)
        if end - begin < 0.5:
            continue
        before = harmony.voicing(chord.root, chord.quality, low, high, 3, before)
        notes.append(Note(begin, (end - begin) * 0.94, float(before[min(voice, len(before) - 1)]), level))
    return notes


def shouts(start: float, beats: float, bar: int, pitch: float, level: float,
           rng: np.random.Generator) -> list[Note]:
    """Gang shouts: two bars of a few short syllables, repeated."""
    rhythm = [(at, size) for at, size in phrase_rhythm("syncopated", bar, float(rng.choice([0, 1, 2])),
                                                       rng)][:int(rng.integers(1, 5))]
    notes = []
    for repeat in range(int(beats / (2 * bar))):
        notes += [Note(start + repeat * 2 * bar + bar + at, size * 0.9, pitch, level) for at, size in rhythm]
    return notes


def solo(chords: list[Chord], scale: list[int], low: int, high: int, start: float, beats: float, bar: int,
         busy: float, level: float,
         rng: np.random.Generator) -> list[Note]:
    """An instrument's line in a singer's range: like a voice's, but with runs and wider steps."""
    manner = "busy" if rng.random() < busy else str(rng.choice(["syncopated", "even", "long"]))
    return sung(
        manner, float(bar * rng.choice([1, 2, 2])), chords, scale, low, high, start, beats,
        float(rng.uniform(0.35, 0.65)), level, rng,
    )
