"""What accompanies: strummed and picked guitars, comping keys, pads, arpeggios, stabs and riffs.

Strumming patterns: D down, U up, d and u softer, x damped, m palm-muted, - rings on, . rests.
Keys' patterns: x chord, l left hand, r right hand (upper notes), - holds, . rests.
"""
import numpy as np

from . import harmony
from .basslines import chord_at
from .score import Chord, Note

STRUMS = [
    "D---D-U---U-D-U-", "D---D---D---D-U-", "D-U-D-U-D-U-D-U-", "D---D-dUxUdUD-dU", "D-----U-D---D-U-",
    "D-duD-duD-duD-du", "D---x-U-.-U-x-U-", "D-------D---D-U-", "D---x-D-U-U-x-U-", "D---------------",
]
ROCK_STRUMS = [
    "D-D-D-D-D-D-D-D-", "D---D---D---D---", "D--D--D---D-D---", "D---------------", "D-----D-D-------",
    "D-D-.-D-.-D-D-D-", "D.D.D.DUD.D.D.DU", "D-------D-------", "DUDUDUDUDUDUDUDU",
]
METAL_STRUMS = [
    "mmmmmmmmmmmmmmmm", "D-mmD-mmD-mmD-D-", "m.mmm.mmm.mmm.mm", "D--D--D-m.m.D---", "mmDmmDmmDmmDmDm.",
    "D---------------", "mmmmD-m.mmmmD-D-", "m.m.m.m.D---D---", "m.mmD-.mm.mmD-..",
]
FUNK_CHOPS = [
    "x.D.xxUxx.D.x.Ux", "..D...xU..D..xU.", "xxD.xxxUxxD.xxxx", "....D.......D.U.", "x.xDx.xUx.xDx.xU",
    "..DU..x...DU.x..", "DxxDxxDxDxxDxx.x",
]
OFFBEATS = ["....D.......D...", "..D...D...D...D.", "....D.U.....D.U.", "....D.......D..."]
KEYS = [
    "x---------------", "x-------x-------", "x---x---x---x---", "x-x-x-x-x-x-x-x-", "l-r-l-r-l-r-l-r-",
    "x-----x-----x---", "..x-..x-..x-..x-", "x--x--x---x-x---", "x..x..x...x.x...", "....x.......x...",
    "x-----x-........", "x...x.x...x.x.x.", "l---r---l---r---", "lr.rl.r.lr.rl.r.",
]
JAZZ_COMPS = [
    "x.....x.........", "......x-....x...", "x-----........x.", "..x-....x.......", "....x.....x-....",
    "x-------------x.",
]
MONTUNO = ["x.xx.xx.xx.xx.xx", "x..xx.xx.x.xx.x.", "x.xx.xxx.xx.xx.x"]
COMPOUND = {3: ["x-----------", "l---r---r---", "x-------x---", "x-x-x-x-x-x-"], 2: ["x-----", "x--x--", "lrrlrr"]}
WALTZ_STRUMS = {3: ["D---d---d---", "D---D-U-D-U-", "D-----D-U-D-"], 2: ["D-dD-d", "D--D-U", "D-----"]}
ARPEGGIOS = {
    "up": lambda i, n: i % n,
    "down": lambda i, n: -1 - i % n,
    "updown": lambda i, n: abs((i + n - 1) % max(2 * n - 2, 1) - n + 1),
    "alberti": lambda i, n: (0, min(2, n - 1), 1, min(2, n - 1))[i % 4],
    "picking": lambda i, n: (0, n // 2, n - 1, max(n - 2, 0), n // 2, n - 1, 1, max(n - 2, 0))[i % 8],
}


def steps_of(patterns: list[str], start: float, beats: float, bar: int):
    """Each step of the patterns, a bar each in turn: beat, length in beats with what it holds, mark."""
    for index in range(int(round(beats / bar))):
        pattern = patterns[index % len(patterns)]
        size = bar / len(pattern)
        for step, mark in enumerate(pattern):
            if mark in ".-":
                continue
            held = 1
            while step + held < len(pattern) and pattern[step + held] == "-":
                held += 1
            yield start + index * bar + step * size, held * size, mark


def strummed(patterns: list[str], chords: list[Chord], start: float, beats: float, bar: int, tempo: float,
             level: float, power: bool,
             rng: np.random.Generator) -> list[Note]:
    """Guitar chords, string after string 5 to 20 ms apart; power chords of two or three strings where asked."""
    notes = []
    spread = float(rng.uniform(0.004, 0.014)) * tempo / 60
    for at, length, mark in steps_of(patterns, start, beats, bar):
        chord, _ = chord_at(chords, at)
        shape = harmony.guitar_voicing(chord.root, chord.quality)
        if power:
            root = 36 + (chord.root - 36) % 12
            root += 12 if root < 38 else 0
            shape = [root, root + 7, root + 12][:3 if mark != "m" else 2]
        soft = {"d": 0.65, "u": 0.55, "U": 0.85, "x": 0.45, "m": 0.75}.get(mark, 1.0)
        if mark in "Uu":
            shape = shape[::-1][:4] if not power else shape[::-1]
        if mark == "x":
            length = 0.06
        elif mark == "m":
            length = min(length, 0.14)
        push = rng.normal(0, 0.0015) * tempo / 60
        for string, pitch in enumerate(shape):
            delay = string * spread * (0.4 if power else 1.0)
            velocity = float(
                np.clip(level * soft * (1 - 0.03 * string) * (1 + 0.06 * rng.standard_normal()), 0.05, 1),
            )
            notes.append(Note(max(at + push + delay, 0), max(length - delay, 0.04), pitch, velocity))
    return notes


def comped(patterns: list[str], chords: list[Chord], start: float, beats: float, bar: int, low: int, high: int,
           size: int, level: float,
           left: bool, rng: np.random.Generator) -> list[Note]:
    """Chords of keys, strings or brass; voicings lead into each other; with the left hand's root where asked."""
    notes = []
    before = None
    current = None
    for at, length, mark in steps_of(patterns, start, beats, bar):
        chord, _ = chord_at(chords, at)
        if chord is not current:
            before = harmony.voicing(chord.root, chord.quality, low, high, size, before)
            current = chord
        pitches = list(before)
        root = 36 + chord.root % 12 if chord.root % 12 >= 4 else 48 + chord.root % 12
        if mark == "l":
            pitches = [root]
        elif mark == "x" and left:
            pitches = [root] + pitches
        for pitch in pitches:
            velocity = float(np.clip(level * (1 + 0.07 * rng.standard_normal()), 0.05, 1))
            notes.append(Note(max(at + abs(rng.normal(0, 0.006)), 0), length * 0.96, pitch, velocity))
    return notes


def held(chords: list[Chord], start: float, beats: float, low: int, high: int, size: int, level: float,
         rng: np.random.Generator) -> list[Note]:
    """A pad: each chord held until the next."""
    notes = []
    before = None
    for chord in chords:
        begin, end = max(chord.start, start), min(chord.start + chord.duration, start + beats)
        if end - begin < 0.25:
            continue
        before = harmony.voicing(chord.root, chord.quality, low, high, size, before)
        notes += [Note(begin, end - begin, p, float(np.clip(level * (1 + 0.05 * rng.standard_normal()), 0.05,
                                                            1))) for p in before]
    return notes


def arpeggiated(order: str, step: float, chords: list[Chord], start: float, beats: float, low: int, high: int,
                size: int, level: float,
                gate: float, density: float, rng: np.random.Generator) -> list[Note]:
    """Chord tones one after the other; the same steps of each bar are left out where density is below one."""
    notes = []
    sounding = rng.random(16) < density
    sounding[0] = True
    shuffled = rng.integers(0, 8, 16)
    before, current = None, None
    count = int(round(beats / step))
    for index in range(count):
        at = start + index * step
        chord, _ = chord_at(chords, at)
        if chord is not current:
            before, current = harmony.voicing(chord.root, chord.quality, low, high, size, before), chord
        if not sounding[index % 16]:
            continue
        which = int(shuffled[index % 16]) % len(before) if order == "shuffled" else ARPEGGIOS[order](index,
            len(before))
        accent = 1.0 if index % 4 == 0 else 0.82
        notes.append(
            Note(
                at, step * gate, before[which],
                float(np.clip(level * accent * (1 + 0.05 * rng.standard_normal()), 0.05, 1)),
            ),
        )
    return notes


def riff(chords: list[Chord], scale: list[int], start: float, beats: float, bar: int, low: int, level: float,
         busy: float, step: float,
         rng: np.random.Generator) -> list[Note]:
    """A motif of one or two bars in the scale, which repeats and shifts with the chords' roots at times."""
    bars = int(rng.choice([1, 2, 2]))
    slots = int(bars * bar / step)
    on = rng.random(slots) < busy * np.where(np.arange(slots) % int(max(1 / step, 1)) == 0, 1.3, 0.8)
    on[0] = True
    ladder = [p for p in range(low, low + 20) if p % 12 in scale]
    place = int(rng.integers(0, max(len(ladder) // 2, 1)))
    motif = []
    for slot in np.flatnonzero(on):
        place = int(np.clip(place + rng.choice([-2, -1, -1, 0, 0, 1, 1, 2, 3, -3]), 0, len(ladder) - 1))
        if slot == 0 or rng.random() < 0.25:
            roots = [i for i, p in enumerate(ladder) if p % 12 == scale[0]]
            place = int(rng.choice(roots)) if roots else place
        later = [s for s in np.flatnonzero(on) if s > slot]
        room = ((later[0] if later else slots) - slot) * step
        motif.append((slot * step, room * (0.95 if rng.random() < 0.7 else 0.5), ladder[place]))
    notes = []
    follows = rng.random() < 0.5
    for repeat in range(int(np.ceil(beats / (bars * bar)))):
        for at, length, pitch in motif:
            when = start + repeat * bars * bar + at
            if when >= start + beats - 1e-6:
                break
            shift = 0
            if follows:
                chord, _ = chord_at(chords, when)
                shift = (chord.root - scale[0] + 6) % 12 - 6
            played = harmony.nearest_in_scale(pitch + shift, scale)
            notes.append(
                Note(when, length, played, float(np.clip(level * (1 + 0.06 * rng.standard_normal()), 0.05, 1))),
            )
    return notes
