"""The players who accompany: each kind knows its instruments, its place in the form, its way to play."""
import zlib
from dataclasses import dataclass, field

import numpy as np

from . import comping, harmony, melody
from .score import Chord, Section, Song
from .styles import Style


@dataclass
class Plan:
    """What everybody in the song must know."""
    song: Song
    style: Style
    meter: str
    rng: np.random.Generator
    ternary: bool = field(init=False)
    grooves: dict = field(default_factory=dict)   # of verse and chorus, for who plays with the kick

    def __post_init__(self):
        self.ternary = self.meter in ("12/8", "6/8")

    def generator(self, *names: str) -> np.random.Generator:
        """The same numbers for the same player in each section of one name, so that verses repeat."""
        return np.random.default_rng([self.song.seed, zlib.crc32(" ".join(names).encode())])

    def chords_in(self, section: Section) -> list[Chord]:
        return [c for c in self.song.chords if section.start - 1e-6 <= c.start < section.start
                + section.beats - 1e-6]

    def scale(self) -> list[int]:
        return [(self.song.key + s) % 12 for s in harmony.SCALES[self.song.mode]]


def drawn(rng: np.random.Generator, options):
    return options[int(rng.integers(len(options)))]


def _strums(plan, section, rng, patterns, level, power):
    if plan.meter in ("3/4", "6/8"):
        patterns = comping.WALTZ_STRUMS[plan.song.beats_per_bar]
    elif plan.meter == "12/8":
        patterns = ["D--D-uD--D-u", "D-----D--D-u", "D-dD-dD-dD-d"]
    chosen = [drawn(rng, patterns) for _ in range(int(rng.integers(1, 3)))]
    return comping.strummed(
        chosen, plan.chords_in(section), section.start, section.beats, plan.song.beats_per_bar, plan.song.tempo_bpm,
        level, power, rng,
    )


def _keys(plan, section, rng, patterns, low, high, size, level, left=False):
    if plan.meter in ("3/4", "6/8"):
        patterns = comping.COMPOUND[plan.song.beats_per_bar]
    elif plan.meter == "12/8":
        patterns = ["x--x--x--x--", "xxxxxxxxxxxx", "l-rl-rl-rl-r", "x-----x-----"]
    chosen = [drawn(rng, patterns) for _ in range(int(rng.integers(1, 3)))]
    return comping.comped(
        chosen, plan.chords_in(section), section.start, section.beats, plan.song.beats_per_bar, low, high, size,
        level, left, rng,
    )


def _arpeggio(plan, section, rng, low, high, size, level, gate, orders=("up", "down", "updown", "shuffled")):
    step = float(rng.choice([1 / 3, 2 / 3])) if plan.ternary else float(rng.choice([0.25, 0.25, 0.5]))
    density = 1.0 if rng.random() < 0.6 else rng.uniform(0.5, 0.9)
    return comping.arpeggiated(
        drawn(rng, orders), step, plan.chords_in(section), section.start, section.beats, low, high, size, level,
        gate, density, rng,
    )


def _pad(plan, section, rng, low, high, size, level):
    return comping.held(plan.chords_in(section), section.start, section.beats, low, high, size, level, rng)


def _riff(plan, section, rng, low, level, busy=0.5):
    step = 1 / 3 if plan.ternary else float(rng.choice([0.25, 0.5, 0.5]))
    return comping.riff(
        plan.chords_in(section), plan.scale(), section.start, section.beats, plan.song.beats_per_bar, low, level,
        busy, step, rng,
    )


def _solo(plan, section, rng, low, high, level, busy):
    scale = plan.scale()
    if rng.random() < 0.4:
        scale = [(plan.song.key + s) % 12 for s in ((0, 3, 5, 7, 10) if plan.song.mode != "major" else (0, 2, 4, 7,
            9))]
    return melody.solo(
        plan.chords_in(section), scale, low, high, section.start, section.beats, plan.song.beats_per_bar, busy,
        level, rng,
    )


# kind: (role, instruments, energies between which it plays, how it plays, options)
KINDS = {
    "power": (
        "rhythm", "amped guitar", (0.55, 1.1), lambda p, s, r, v: _strums(p, s, r, comping.ROCK_STRUMS, v, True),
        {"amp": ("crunch", "crunch", "high_gain"), "double": True},
    ),
    "metal": (
        "rhythm", "amped guitar", (0.4, 1.1), lambda p, s, r, v: _strums(p, s, r, comping.METAL_STRUMS, v, True),
        {"amp": ("high_gain",), "double": True},
    ),
    "strummed electric": (
        "rhythm", "amped guitar", (0.3, 1.1),
        lambda p, s, r, v: _strums(p, s, r, comping.STRUMS + comping.ROCK_STRUMS, v, False),
        {"amp": ("clean", "clean", "crunch")},
    ),
    "picked electric": (
        "rhythm", "clean guitar", (0.2, 0.9),
        lambda p, s, r, v: _arpeggio(p, s, r, 45, 72, 4, v, 1.6, ("picking", "up", "updown", "alberti")),
        {"amp": ("clean",)},
    ),
    "jazz guitar": (
        "rhythm", "jazz guitar", (0.2, 1.1),
        lambda p, s, r, v: _keys(p, s, r, comping.JAZZ_COMPS + ["x---x---x---x---"], 50, 70, 4, v),
        {"amp": ("clean",)},
    ),
    "funk guitar": (
        "rhythm", "clean guitar", (0.4, 1.1), lambda p, s, r, v: _strums(p, s, r, comping.FUNK_CHOPS, v, False),
        {"amp": ("clean",)},
    ),
    "skank guitar": (
        "rhythm", "clean guitar", (0.2, 1.1), lambda p, s, r, v: _strums(p, s, r, comping.OFFBEATS, v, False),
        {"amp": ("clean",), "short": True},
    ),
    "acoustic strum": (
        "rhythm", "acoustic guitar", (0.2, 1.1), lambda p, s, r, v: _strums(p, s, r, comping.STRUMS, v, False),
        {"double": "often"},
    ),
    "acoustic pick": (
        "rhythm", "acoustic guitar", (0.1, 0.8),
        lambda p, s, r, v: _arpeggio(p, s, r, 43, 70, 4, v, 2.0, ("picking", "picking", "updown", "alberti")), {},
    ),
    "nylon": (
        "rhythm", "nylon", (0.1, 1.1),
        lambda p, s, r, v: (
            _strums(p, s, r, comping.STRUMS, v, False)
            if r.random() < 0.5 else _arpeggio(p, s, r, 43, 72, 4, v, 1.6, ("picking", "updown"))
        ),
        {},
    ),
    "banjo": (
        "arpeggio", "banjo", (0.4, 1.1),
        lambda p, s, r, v: _arpeggio(p, s, r, 50, 74, 4, v, 1.0, ("picking", "updown")), {},
    ),
    "mandolin": (
        "rhythm", "mandolin", (0.4, 1.1),
        lambda p, s, r, v: _keys(p, s, r, ["..x...x...x...x.", "x-x-x-x-x-x-x-x-"], 62, 81, 3, v), {},
    ),
    "riff guitar": (
        "riff", "amped guitar", (0.35, 1.1), lambda p, s, r, v: _riff(p, s, r, 40, v),
        {"amp": ("crunch", "clean", "crunch"), "mono": True},
    ),
    "riff metal": (
        "riff", "amped guitar", (0.5, 1.1), lambda p, s, r, v: _riff(p, s, r, 40, v, 0.7),
        {"amp": ("high_gain",), "double": "often", "mono": True},
    ),
    "riff synth": (
        "riff", "riff synth", (0.5, 1.1), lambda p, s, r, v: _riff(p, s, r, 52, v, 0.45), {"mono": True},
    ),
    "piano": (
        "chords", "piano", (0.1, 1.1),
        lambda p, s, r, v: _keys(p, s, r, comping.KEYS, 53, 76, int(r.integers(3, 5)), v, True), {},
    ),
    "jazz piano": (
        "chords", "piano", (0.1, 1.1), lambda p, s, r, v: _keys(p, s, r, comping.JAZZ_COMPS, 52, 74, 4, v), {},
    ),
    "montuno": (
        "chords", "piano", (0.3, 1.1), lambda p, s, r, v: _keys(p, s, r, comping.MONTUNO, 55, 79, 3, v, True), {},
    ),
    "epiano": (
        "chords", "epiano", (0.1, 1.1),
        lambda p, s, r, v: _keys(p, s, r, comping.KEYS, 50, 74, 4, v, r.random() < 0.4), {},
    ),
    "clavinet": (
        "chords", "clavinet", (0.5, 1.1),
        lambda p, s, r, v: _keys(
            p, s, r, ["x..x..xx..x.x.x.", "x.x..xx.x.x..xx.", "..x..x.x..x..x.x"], 48, 68, 3, v,
        ),
        {},
    ),
    "organ": (
        "chords", "organ", (0.35, 1.1),
        lambda p, s, r, v: (
            _pad(p, s, r, 52, 74, 3, v)
            if p.style.family != "reggae" else _keys(p, s, r, ["..x...x...x...x.", ".xx..xx..xx..xx."], 55, 76, 3,
                                                     v)
        ),
        {},
    ),
    "pad": (
        "pad", "pad", (0.1, 1.1),
        lambda p, s, r, v: _pad(
            p, s, r, int(r.choice([45, 50, 55])), int(r.choice([70, 76, 80])), int(r.integers(3, 6)), v,
        ),
        {},
    ),
    "strings": (
        "pad", "strings", (0.4, 1.1),
        lambda p, s, r, v: _pad(p, s, r, 52, 79, 4, v) if r.random() < 0.7 else _solo(p, s, r, 60, 81, v, 0.1), {},
    ),
    "solo strings": (
        "lead", "solo strings", (0.3, 1.1), lambda p, s, r, v: _solo(p, s, r, 56, 79, v, 0.2),
        {"mono": True, "vibrato": True, "sparse": True},
    ),
    "harp": ("arpeggio", "harp", (0.1, 0.9), lambda p, s, r, v: _arpeggio(p, s, r, 50, 86, 6, v, 2.0), {}),
    "brass": (
        "chords", "brass", (0.6, 1.1),
        lambda p, s, r, v: _keys(
            p, s, r,
            ["x-..........x.x.", "......x-x.......", "x.....x.....x---", "x-------........", "....x.......x.x."],
            55, 76, 3, v,
        ),
        {},
    ),
    "stabs": (
        "chords", "stabs", (0.5, 1.1),
        lambda p, s, r, v: _keys(
            p, s, r,
            ["x..x..x.........", "..x...x...x...x.", "x..x..x..x..x.x.", "...x......x.....", "x.....x...x....."],
            52, 76, 4, v,
        ),
        {"sidechain": True},
    ),
    "supersaw": (
        "chords", "supersaw", (0.7, 1.1),
        lambda p, s, r, v: _keys(
            p, s, r, ["x---------------", "x--x--x--x--x-x-", "x-x-x-x-x-x-x-x-", "x-----x-----x---"], 50, 79, 5, v,
        ),
        {"sidechain": True},
    ),
    "pluck": (
        "arpeggio", "pluck", (0.3, 1.1),
        lambda p, s, r, v: _arpeggio(p, s, r, 60, 86, 4, v, 0.8) if r.random() < 0.6 else _riff(p, s, r, 64, v), {},
    ),
    "arp": (
        "arpeggio", "arp", (0.3, 1.1),
        lambda p, s, r, v: _arpeggio(
            p, s, r, int(r.choice([48, 55, 60])), int(r.choice([76, 84])), int(r.integers(3, 6)), v, 0.7,
        ),
        {},
    ),
    "bells": (
        "arpeggio", "bells", (0.1, 1.1),
        lambda p, s, r, v: (
            _arpeggio(p, s, r, 67, 91, 3, v, 1.5)
            if r.random() < 0.4 else _riff(p, s, r, 69, v, 0.3)
        ),
        {"mono": False},
    ),
    "vibes": (
        "chords", "vibes", (0.2, 1.1), lambda p, s, r, v: _keys(p, s, r, comping.JAZZ_COMPS, 57, 79, 3, v), {},
    ),
    "marimba": ("arpeggio", "marimba", (0.3, 1.1), lambda p, s, r, v: _riff(p, s, r, 60, v, 0.5), {}),
    "accordion": (
        "chords", "accordion", (0.3, 1.1),
        lambda p, s, r, v: (
            _pad(p, s, r, 55, 76, 3, v)
            if r.random() < 0.5 else _keys(p, s, r, ["..x...x...x...x.", "x-------x-------"], 55, 76, 3, v)
        ),
        {},
    ),
    "flute": (
        "lead", "flute", (0.2, 1.1), lambda p, s, r, v: _solo(p, s, r, 62, 86, v, 0.3),
        {"mono": True, "vibrato": True, "sparse": True},
    ),
    "harmonica": (
        "lead", "harmonica", (0.2, 1.1), lambda p, s, r, v: _solo(p, s, r, 60, 82, v, 0.2),
        {"mono": True, "sparse": True},
    ),
    "melodica": (
        "lead", "melodica", (0.3, 1.1), lambda p, s, r, v: _solo(p, s, r, 60, 82, v, 0.2),
        {"mono": True, "sparse": True},
    ),
    "lead guitar": (
        "lead", "amped guitar", (0.3, 1.1), lambda p, s, r, v: _solo(p, s, r, 55, 81, v, 0.45),
        {"amp": ("crunch", "high_gain"), "mono": True, "vibrato": True, "bends": True, "solo": True},
    ),
    "lead metal": (
        "lead", "amped guitar", (0.3, 1.1), lambda p, s, r, v: _solo(p, s, r, 57, 84, v, 0.8),
        {"amp": ("high_gain",), "mono": True, "vibrato": True, "bends": True, "solo": True},
    ),
    "lead clean": (
        "lead", "clean guitar", (0.3, 1.1), lambda p, s, r, v: _solo(p, s, r, 55, 79, v, 0.4),
        {"amp": ("clean", "crunch"), "mono": True, "bends": True, "sparse": True},
    ),
    "lead sax": (
        "lead", "sax", (0.3, 1.1), lambda p, s, r, v: _solo(p, s, r, 52, 76, v, 0.4),
        {"mono": True, "vibrato": True, "bends": True, "sparse": True},
    ),
    "lead trumpet": (
        "lead", "trumpet", (0.3, 1.1), lambda p, s, r, v: _solo(p, s, r, 57, 80, v, 0.3),
        {"mono": True, "vibrato": True, "sparse": True},
    ),
    "world": (
        "riff", "world", (0.3, 1.1),
        lambda p, s, r, v: (
            _riff(p, s, r, 57, v, 0.4)
            if r.random() < 0.6 else _arpeggio(p, s, r, 52, 79, 4, v, 1.2)
        ),
        {},
    ),
    "pizzicato": (
        "arpeggio", "pizzicato", (0.2, 1.0),
        lambda p, s, r, v: (
            _arpeggio(p, s, r, 50, 76, 4, v, 0.8)
            if r.random() < 0.6 else _riff(p, s, r, 55, v, 0.4)
        ),
        {},
    ),
    "tremolo strings": ("pad", "tremolo", (0.1, 1.1), lambda p, s, r, v: _pad(p, s, r, 52, 76, 3, v), {}),
    "harpsichord": (
        "chords", "harpsichord", (0.3, 1.1),
        lambda p, s, r, v: (
            _keys(p, s, r, comping.KEYS, 55, 79, 4, v, True)
            if r.random() < 0.5 else _arpeggio(p, s, r, 50, 79, 4, v, 1.0)
        ),
        {},
    ),
    "church organ": ("pad", "church organ", (0.3, 1.1), lambda p, s, r, v: _pad(p, s, r, 45, 72, 4, v), {}),
    "clarinet": (
        "lead", "clarinet", (0.2, 1.1), lambda p, s, r, v: _solo(p, s, r, 55, 79, v, 0.3),
        {"mono": True, "sparse": True},
    ),
    "lead synth": (
        "lead", "lead synth", (0.5, 1.1),
        lambda p, s, r, v: _solo(p, s, r, 60, 84, v, 0.3) if r.random() < 0.5 else _riff(p, s, r, 62, v, 0.4),
        {"mono": True, "vibrato": True, "glide": True, "solo": True},
    ),
}
