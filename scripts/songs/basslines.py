"""Bass lines that follow the chords: patterns of steps, walking lines, and long notes.

In a pattern R is the root, 8 the octave above, 5 the fifth, 3 the third, 7 the seventh, 6 the sixth, a an approach to
the next chord's root, m a muted ghost note, lower case r a soft root, - holds the note before, . rests.
"""
import numpy as np

from .harmony import QUALITIES
from .score import Chord, Note

PATTERNS = {
    "eighths": ["R.R.R.R.R.R.R.R.", "R.R.R.R.R.R.R.5.", "R.R.R.R.R.R.R.a.", "R.R.R.R.R.R.8.7."],
    "sixteenths": ["RRRRRRRRRRRRRRRR", "R.RRR.RRR.RRR.RR", "R..RR..RR.R.R.R."],
    "kick": [
        "R-----R-R-------", "R--R------R-----", "R-----R-R-R---a-", "R-.R-.R-R-.R-.R-", "R---....R-R-....",
        "R-----..R---5-a-", "R--R--..R-R---a-",
    ],
    "long": ["R---------------", "R-------R-------", "R-------5-------", "R-----------5-a-", "R-----R---------"],
    "octaves": ["R.8.R.8.R.8.R.8.", "R..8..R.R..8..8.", "R.8.R.8.R.8.5.8.", "RR8.RR8.RR8.RR8."],
    "offbeat": ["..R...R...R...R.", "..RR..RR..RR..RR", "..R-..R-..R-..8-", ".RR..RR..RR..RR."],
    "funk": [
        "R..m8.m.R.m.7.8.", "R.m.R..8m.R.5.a.", "R..R.m8...R.m.7.", "RmR...8.m.5.7.a.", "R.....mR..8.m.5.",
        "R..m..m8R..m.765", "R.R.m.8.7.m.5.3.",
    ],
    "soul": ["R-----3.5-6-5-3-", "R---R.5.8---7.5.", "R--R..5-R--R..a-", "R-----R.3-5-6-a-", "R-..R-3.5-..3.a."],
    "country": [
        "R---....5---....", "R---5---R---5---", "R---..R-5---..a-", "R---....R---....5---....R---3-5-"[:16],
    ],
    "reggae": [
        "R-..R-3-5-......", "....R-R-5-3-R-..", "R---..R-3-5-....", "R-R-....5-5-3-..", "......R-R-3-5-a-",
        "R-..5-..8-..5-3-",
    ],
    "latin": [
        "......5-....8---", "R-----5-....8---", "R--R--5---R-5---", "R---..5-R---..5-", "...5----....R---",
        "R--5--8-R--5--8-",
    ],
    "acid": ["RR8R.RR8R.R3RR8.", "R.RR8.R.R7R.8.RR", "RRR8RR.RR3R.RRR5", "R..RR8.R.RR.7R8."],
    "trap": [
        "R-------........", "R------R--R-----", "R-----R-....R---", "R---------8-----", "R------.R--.....",
        "R------R--5-a---",
    ],
    "dnb": ["R---------R-----", "R-----R---R-3---", "R-.R-.R---5-----", "R-------........", "R.R.....R.R...7."],
    "wobble": ["R---R---R---R---", "R-------R-R-R-R-", "R--R--R-R-------", "R-------8---R-5-", "R-R-R-..R-------"],
    "drone": ["R---------------", "----------------", "R-----------5---", "R-------8-------"],
    "broken": [
        "R--R....R-..7-..", "..R-..RR....R-8.", "R.....R-....RR..", "R-------..R..R..", "RR......3-R-....", "....R---....R-a-",
    ],
    "boombap": [
        "R-....R---..5-a-", "R-----..R-R-....", "R--R----..5-8---", "R-..R-..7-..5-..", "R-------..R-3-5-",
    ],
    "ballad": ["R-------5-------", "R-----5-R-----5-", "R-----------5-a-", "R-----R-R-------"],
    "rolling": [".RRR.RRR.RRR.RRR", "..RR..RR..RR..RR", ".R.R.R.R.R.R.R.R"],
    "3/4": ["R-----------", "R---5---5---", "R-------5---", "R---3---5---", "R-----R-5-a-"],
    "12/8": ["R-----5-----", "R--3--5--6--", "R--R--5--5--", "R-----R--5-a", "R--8--7--5--"],
    "6/8": ["R-----", "R--5--", "R----5", "R-R5--"],
}
FIFTH_IN = {"dim": 6, "m7b5": 6}


def degree(chord: Chord, mark: str) -> int:
    """The step of the pattern's mark above the root."""
    steps = QUALITIES[chord.quality]
    third = 3 if 3 in steps else 4 if 4 in steps else 7
    seventh = 11 if 11 in steps else 10
    return {"R": 0, "r": 0, "m": 0, "8": 12, "5": FIFTH_IN.get(chord.quality, 7), "3": third, "7": seventh,
            "6": 9 if third == 4 else 8}[mark]


def in_range(pitch: int, low: int) -> int:
    """The pitch class brought into the octave that begins at low."""
    return low + (pitch - low) % 12


def pattern_line(patterns: list[str], chords: list[Chord], start: float, beats: float, bar: int, low: int,
                 level: float, gate: float,
                 rng: np.random.Generator) -> list[Note]:
    """The patterns, a bar each in turn, on the chords that sound."""
    notes: list[Note] = []
    for index in range(int(round(beats / bar))):
        pattern = patterns[index % len(patterns)]
        size = bar / len(pattern)
        for step, mark in enumerate(pattern):
            at = start + index * bar + step * size
            if mark == "-" and notes and abs(notes[-1].start + notes[-1].duration - at) < size * 0.6:
                notes[-1].duration = at + size * gate - notes[-1].start
                continue
            if mark in ".-":
                continue
            chord, following = chord_at(chords, at)
            root = in_range(chord.root, low)
            if mark == "a":
                target = in_range(following.root, low)
                pitch = target + int(rng.choice([-1, 1, -2, 2, -5, 7]))
            else:
                pitch = root + degree(chord, mark)
            pitch = max(pitch, low - 3)
            soft = {"m": 0.35, "r": 0.6}.get(mark, 1.0)
            accent = 1.0 if step % 4 == 0 else 0.9
            velocity = float(np.clip(level * soft * accent * (1 + 0.06 * rng.standard_normal()), 0.08, 1))
            length = size * (0.45 if mark == "m" else gate)
            notes.append(Note(at, length, pitch, velocity))
    return notes


def chord_at(chords: list[Chord], beat: float) -> tuple[Chord, Chord]:
    """The chord that sounds at the beat, and the one after it."""
    index = max((i for i, c in enumerate(chords) if c.start <= beat + 1e-6), default=0)
    return chords[index], chords[min(index + 1, len(chords) - 1)]


def walking(chords: list[Chord], start: float, beats: float, low: int, level: float,
            rng: np.random.Generator) -> list[Note]:
    """A note to the beat: the root where a chord begins, chord tones and steps between, an approach at its end."""
    notes = []
    pitch = None
    for beat in range(int(beats)):
        at = start + beat
        chord, following = chord_at(chords, at)
        root = in_range(chord.root, low)
        last = following is not chord and following.start - at <= 1.01
        if pitch is None or abs(chord.start - at) < 0.5:
            options = [root, root + 12] if root < low + 6 else [root, root - 12 if root - 12 >= low - 2 else root]
        elif last:
            target = in_range(following.root, low)
            options = [target - 1, target + 1, target + 2, target - 2, target + 11, target + 13]
        else:
            options = [root + step + octave for step in QUALITIES[chord.quality] + (2, 9) for octave in (0, 12)]
        options = [p for p in options if low - 2 <= p <= low + 22] or [root]
        if pitch is not None:
            weights = np.array([np.exp(-abs(p - pitch) / 3.0) * (0.15 if p == pitch else 1) for p in options])
            pitch = int(rng.choice(options, p=weights / weights.sum()))
        else:
            pitch = int(rng.choice(options))
        velocity = float(np.clip(level * (1 + 0.08 * rng.standard_normal()), 0.1, 1))
        notes.append(Note(at, 0.92, pitch, velocity))
        if rng.random() < 0.12:
            notes[-1].duration = 0.6
            notes.append(Note(at + 0.5, 0.3, pitch, 0.5 * velocity))
    return notes
