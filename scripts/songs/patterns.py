"""Drum grooves and fills, written as strings of steps, and what makes them breathe.

A groove maps lanes to strings that span one bar: as many steps to the beat as the string's length says. A step is
X accent, x stroke, - softer, o ghost, r two quick strokes, t three, . nothing.
"""
import numpy as np

from .score import Note

KEYS = {
    "k": 36, "s": 38, "c": 39, "r": 37, "h": 42, "p": 44, "o": 46, "d": 51, "b": 53, "y": 49, "Y": 57, "1": 50,
    "2": 47, "3": 43, "sh": 70, "tb": 54, "cb": 56, "cl": 75, "ch": 63, "cm": 62, "cL": 64, "bh": 60, "bl": 61,
    "ti": 65, "tl": 66, "wb": 76, "ag": 67, "gu": 73, "sn": 40, "tr": 81, "sp": 55,
}
STROKES = {"X": 1.0, "x": 0.8, "-": 0.58, "o": 0.3, "r": 0.62, "t": 0.6}

H8, H16, H4 = "X.x.X.x.X.x.X.x.", "X-x-X-x-X-x-X-x-", "x...x...x...x..."
OFF = "..x...x...x...x."

# family: list of (weight, lanes). Hats are exchanged at will among the variants below.
GROOVES = {
    "rock": [
        {"k": "X.......X.......", "s": "....X.......X...", "h": H8},
        {"k": "X.....x.X.......", "s": "....X.......X...", "h": H8},
        {"k": "X.......X.x.....", "s": "....X.......X...", "h": H8},
        {"k": "X..x......x.....", "s": "....X.......X...", "h": H8},
        {"k": "X.x...x.X.x...x.", "s": "....X.......X...", "h": H8},
        {"k": "X..x..x...x.....", "s": "....X..o.o..X..o", "h": H8},
        {"k": "X.........x.x...", "s": "....X.......X...", "h": H4},
        {"k": "X...X...X...X...", "s": "....X.......X...", "h": H8},
        {"k": "X..x..X...X..x..", "s": "....X.......X.x.", "h": H16},
        {"k": "X.......X.......", "s": "........X.......", "h": H8},
        {"k": "X.x.......x.....", "s": "....X.......X...", "3": "..............x.", "h": H8},
        {"k": "X...x...X...x...", "s": "x.x.X.x.x.x.X.xx", "3": "x.x.x.x.x.x.x.x."},
    ],
    "punk": [
        {"k": "X...X...X...X...", "s": "..X...X...X...X.", "h": H8},
        {"k": "X.x.....X.x.....", "s": "....X.......X...", "h": H8},
        {"k": "X..xX...X..xX...", "s": "..X...X...X...X.", "h": H8},
        {"k": "X...x.x.X...x.x.", "s": "..X...X...X...X.", "d": H4},
        {"k": "X.....x.X.x...x.", "s": "....X.......X...", "d": H8},
    ],
    "metal": [
        {"k": "xxxxxxxxxxxxxxxx", "s": "....X.......X...", "h": H4},
        {"k": "X.xxX.xxX.xxX.xx", "s": "....X.......X...", "d": H4},
        {"k": "x.x.x.x.x.x.x.x.", "s": ".x.x.x.x.x.x.x.x", "d": "x.x.x.x.x.x.x.x."},
        {"k": "X..X..X...X.X...", "s": "........X.......", "Y": "x...x...x...x..."},
        {"k": "X.xx..X.X.xx..X.", "s": "....X.......X...", "h": H4},
        {"k": "X.......X.......", "s": "....X.......X...", "h": H8},
        {"k": "xx.xx.xxxx.xx.xx", "s": "....X.......X...", "Y": H4},
        {"k": "X..x..x.X..x..x.", "s": "........X.......", "o": H4},
    ],
    "pop": [
        {"k": "X.......X.......", "s": "....X.......X...", "h": H8},
        {"k": "X...X...X...X...", "c": "....X.......X...", "s": "....x.......x...", "o": OFF},
        {"k": "X..x......x.....", "s": "....X.......X...", "h": H16},
        {"k": "X.....x...x.....", "c": "....X.......X...", "h": H8},
        {"k": "X..x..x.X.......", "s": "....X.......X...", "h": H16, "sh": H16},
        {"k": "X..X..X.........", "c": "....X.......X...", "h": H8},
        {"k": "X...X...X...X...", "c": "....X.......X...", "h": H16},
        {"k": "X......xX.......", "c": "....X.......X...", "s": "....x.......x..o", "h": H8, "tb": OFF},
        {"k": "X..x....X..x....", "s": "....X..o....X...", "h": H8},
    ],
    "synthpop": [
        {"k": "X...X...X...X...", "s": "....X.......X...", "h": H16},
        {"k": "X.......X.......", "s": "....X.......X...", "c": "....x.......x...", "h": H8},
        {"k": "X.....x.X.....x.", "s": "....X.......X...", "h": H16, "cb": "......x.......x."},
        {"k": "X..x..x.X..x....", "s": "....X.......X...", "h": H8},
        {"k": "X...X...X...X...", "c": "....X.......X...", "o": OFF, "h": "x.-.x.-.x.-.x.-."},
        {"k": "X.x.....X.x.....", "s": "....X.......X...", "1": "..............x.", "h": H16},
    ],
    "folk": [
        {"k": "X.......X.......", "r": "....x.......x...", "h": H8},
        {"k": "X.....x.X.......", "s": "....-.......-...", "sh": H16},
        {"k": "X.......x.......", "tb": "....x.......x...", "sh": H8},
        {"k": "X...x...X...x...", "s": "..o.-.o...o.-.oo"},
        {"sh": H16, "tb": "....x.......x..."},
    ],
    "country": [
        {"k": "X.......X.......", "s": "....X.......X...", "h": H8},
        {"k": "X...x...X...x...", "s": "..x.X.x...x.X.x."},
        {"k": "X.......X.x.....", "r": "....X.......X...", "h": H8},
        {"k": "X...X...X...X...", "s": "..X...X...X...X.", "h": H8},
        {"k": "X.....x.X.......", "s": "o.o.X.o.o.o.X.oo"},
    ],
    "funk": [
        {"k": "X.x.......x..x..", "s": "....X..o.o..X..o", "h": H16},
        {"k": "X.....x..xx.....", "s": "....X..o....X...", "h": H16},
        {"k": "X..x..x...x..x..", "s": "o...X..o.o.oX...", "h": H8},
        {"k": "X.x...x...x.....", "s": "....X..o.o..X.o.", "h": "X-x-X-x-X-x-X-..", "o": "..............x."},
        {"k": "X.........x.....", "s": "....X..o..o.X..o", "h": H16},
        {"k": "X......x..x...x.", "s": "..o.X....o..X.o.", "h": H8, "cb": "x...x...x...x..."},
        {"k": "X.xo......xo.x..", "s": "....X..X.X..X..X", "h": H8},
        {"k": "X..x....x.x.....", "s": "....X..o.o..X..o", "h": H16, "tb": H8},
    ],
    "soul": [
        {"k": "X.......X.x.....", "s": "....X.......X...", "h": H8},
        {"k": "X..x......xx....", "s": "....X..o....X..o", "h": H8},
        {"k": "X.......X..x....", "s": "....X.......X...", "h": H16, "tb": H8},
        {"k": "X......x..x.....", "r": "....X.......X...", "h": H16},
        {"k": "X...x...X...x...", "s": "X...X...X...X...", "tb": H8},
        {"k": "X..x....x.x.....", "c": "....X.......X...", "h": H8},
    ],
    "disco": [
        {"k": "X...X...X...X...", "s": "....X.......X...", "o": OFF, "h": "x.-.x.-.x.-.x.-."},
        {"k": "X...X...X...X...", "s": "....X.......X..o", "h": "X-.-X-.-X-.-X-.-", "o": OFF},
        {"k": "X...X...X...X...", "c": "....X.......X...", "h": H16, "tb": H16},
        {
            "k": "X...X...X...X.x.", "s": "....X.......X...", "o": OFF, "ch": "..x..x....x..x.x",
            "cL": "x...............", "cb": "x...x...x...x...",
        },
    ],
    "house": [
        {"k": "X...X...X...X...", "c": "....X.......X...", "o": OFF},
        {"k": "X...X...X...X...", "c": "....X.......X...", "o": OFF, "sh": H16},
        {"k": "X...X...X...X...", "c": "....X.......X...", "h": "..X-..X-..X-..X-", "r": "..x..x....x..x.."},
        {"k": "X...X...X...X..x", "c": "....X.......X...", "h": H16, "o": OFF},
        {
            "k": "X...X...X...X...", "s": "....X.......X...", "o": OFF, "ch": "...x..x....x.x..",
            "cm": "x.......x.......",
        },
        {"k": "X.....x.X...X...", "c": "....X.......X...", "h": "-.x.-.x.-.x.-.xo", "sh": H16},
        {"k": "X..x....X..x....", "s": "....X..o....X..o", "h": "..x...x...x..xx.", "o": "......x........."},
    ],
    "techno": [
        {"k": "X...X...X...X...", "o": OFF},
        {"k": "X...X...X...X...", "h": H16, "c": "....x.......x..."},
        {"k": "X...X...X...X...", "r": "x..x..x...x..x..", "h": OFF},
        {"k": "X...X...X...X...", "d": OFF, "c": "............x...", "2": "..x....x..x....."},
        {"k": "X...X...X...X...", "o": OFF, "h": "-o-o-o-o-o-o-o-o", "cb": "...x.....x......"},
    ],
    "trance": [
        {"k": "X...X...X...X...", "o": OFF, "c": "....X.......X..."},
        {"k": "X...X...X...X...", "o": OFF, "h": H16, "c": "....X.......X..."},
        {"k": "X...X...X...X...", "d": "..x...x...x...x.", "s": "....X.......X...", "h": H16},
    ],
    "dnb": [
        {"k": "X.........X.....", "s": "....X.......X...", "h": H8},
        {"k": "X.........X.....", "s": "....X..o.o..X..o", "h": H16},
        {"k": "X.x.......x.....", "s": "....X..o.o..X...", "d": H8},
        {"k": "X......x..X.....", "s": "....X.......X.o.", "h": H8, "sh": H16},
        {"k": "X.x.......xx....", "s": "....X..X.o.oX..o", "d": H8},
        {"k": "X..X......X.....", "s": "....X....X..X...", "h": H16},
    ],
    "dubstep": [
        {"k": "X...............", "s": "........X.......", "h": "..x...x...x...x."},
        {"k": "X.....x.........", "s": "........X.......", "h": "x..x..x..x..x.rr"},
        {"k": "X..x......x.....", "s": "........X.......", "c": "........x.......", "h": H8},
        {"k": "X.........x..x..", "s": "........X......o", "h": "x.x.x.t.x.x.x.x."},
    ],
    "broken": [
        {"k": "X..x......x..X..", "s": "....X..o.X....o.", "h": "x.-x.r..xx.t..x."},
        {"k": "X.....xX....x...", "s": "..X....o..X..X..", "h": "..xr.x..t.x.-xx."},
        {"k": "X..X..X...x.....", "s": "....x...X.....oX", "h": "xx.x.xx.r.x.xt.x"},
        {"k": "X....x.....x..x.", "r": "...x..X...x.t...", "h": "x..x..x..x.x..rr"},
        {"k": "X.r.......t.x...", "c": "....X......X....", "h": H16, "r": "..x....r....x..x"},
        {"k": "X......X.x......", "s": "....t.......X.r.", "d": "x.x..x.x..x.x..x"},
    ],
    "trap": [
        {"k": "X......x..x.....", "c": "........X.......", "h": "x.x.x.x.x.x.x.x."},
        {"k": "X.....x.....x...", "s": "........X.......", "h": "x.x.xrx.x.x.t.x."},
        {"k": "X..x......x..x..", "c": "........X.......", "s": "........x.......", "h": "xxxxxxxxxxxxrxxx"},
        {"k": "X.........x.....", "c": "........X.......", "h": "x.xxx.x.x.xxr.x.", "o": "......x........."},
        {"k": "X......X........", "s": "........X.......", "h": "x.x.x.x.x.trx.x.", "r": "..............x."},
        {"k": "X.x...x.........", "c": "....X.......X...", "h": "x.x.x.x.x.x.rrx."},
        {"k": "X..x..x...x.x...", "s": "....X.......X..o", "h": H16},
    ],
    "boombap": [
        {"k": "X.x.......x.....", "s": "....X.......X...", "h": H8},
        {"k": "X......x..x.....", "s": "....X.......X..o", "h": H8},
        {"k": "X..x....x.x.....", "s": "....X.......X...", "h": "x.x.x.xxx.x.x.x."},
        {"k": "X.......x.xx....", "s": "....X..o.o..X...", "h": H8, "o": "..............x."},
        {"k": "X.x....x..x....x", "s": "....X.......X...", "h": H4},
        {"k": "X.........x.x...", "s": "....X.......X...", "h": H8, "tb": "....x.......x..."},
    ],
    "reggae": [
        {"k": "........X.......", "r": "........X.......", "h": "x.-.x.-.x.-.x.-."},
        {"k": "X.......X.......", "s": "........X.......", "h": H8},
        {"k": "X...X...X...X...", "r": "........X.......", "h": "x.-xx.-.x.-xx.-."},
        {"k": "........X.......", "s": "........X.....o.", "h": "..x...x...x...x.", "tb": H8},
        {"k": "X..x..x.X..x..x.", "s": "...x..x....x..x.", "h": H8},
    ],
    "latin": [
        {"k": "X.....x.X.....x.", "r": "...x..x...x.x...", "sh": H16, "ch": "..o-..xx..o-..xx"},
        {"k": "X.....xxX.....xx", "r": "x..x..x...x..x..", "h": H16},
        {
            "k": "...x..x....x..x.", "cl": "x..x..x...x.x...", "cb": "x...x.x.x...x.x.", "cL": "......xx......xx",
            "ch": "...x.......x....", "sh": H8,
        },
        {"k": "X..x..x.X..x..x.", "s": "...x..x....x..x.", "h": H8},
        {"k": "X...X...X...X...", "s": "...x..x....x..x.", "h": OFF, "gu": "x.-.x.-.x.-.x.-."},
        {
            "k": "X.......X.......", "ti": "x..x..x...x.x...", "ch": "x.xx..x.x.xx..xx", "bl": "......x.......x.",
            "bh": "x...x...x...x...", "sh": H16,
        },
    ],
    "reggaeton": [
        {"k": "X...X...X...X...", "s": "...x..x....x..x.", "h": H8},
        {"k": "X...x...X...x...", "r": "...x..x....x..x.", "sh": H16},
        {"k": "X.......X.......", "c": "...x..x....x..x.", "h": "x.-.x.-.x.-.x.-."},
        {"k": "X...X...X...X...", "s": "...x..X....x..X.", "cL": "..x...x...x...x.", "h": OFF},
    ],
    "afro": [
        {"k": "X.......X..x....", "r": "...x..x....x..x.", "sh": H16, "cL": "..x...xx..x...xx"},
        {"k": "X...X...X...X...", "s": "...x......x.....", "h": H16, "ch": "x..x..x...x.x..."},
        {"k": "X..x...X..x...x.", "s": "....x..o.o..x..o", "h": "x-xxx-xxx-xxx-xx", "cb": "x..x..x...x.x..."},
        {"k": "X.....x.X.....x.", "s": "....X.....o.X..o", "sh": H16, "ag": "x.x..x.x.x..x.x."},
    ],
    "jazz": [
        {"d": "x..x.xx..x.x", "p": "...x.....x..", "k": "o.....o....."},
        {"d": "x..x.xx..x.x", "p": "...x.....x..", "s": ".....o..o...", "k": "...........o"},
        {"d": "x..x.xx..x.x", "p": "...x.....x..", "s": "..o......o.o"},
        {"d": "x..x.xx..x..", "r": ".........x..", "p": "...x.....x..", "k": "o..o..o..o.."},
    ],
    "ballad": [
        {"k": "X.......X.......", "s": "....X.......X...", "h": H8},
        {"k": "X.........x.....", "r": "....X.......X...", "h": H8},
        {"k": "X......xx.......", "s": "....X.......X...", "h": H16},
        {"k": "X...............", "s": "........X.......", "h": H8},
        {"k": "X.....x.........", "s": "........X.......", "h": H16},
    ],
    "ambient": [
        {"k": "X.........x.....", "s": "....x.......x...", "h": H8},
        {"k": "X......x..x.....", "r": "....x.......x..o", "sh": H16},
        {"k": "X...............", "r": "........x.......", "h": "..x...x...x..x.."},
        {"k": "X..x......x.....", "c": "....-.......-...", "h": "x.x-x.x-x.xxx.x-"},
    ],
    "3/4": [
        {"k": "X...........", "s": "....x...x...", "h": "x.-.x.-.x.-."},
        {"k": "X.......x...", "s": "....X.......", "h": "x.x.x.x.x.x."},
        {"k": "X...........", "r": "....x...x...", "d": "x...x.-.x..."},
        {"k": "X.....x.....", "s": "........X...", "h": "x.x.x.x.x.x."},
    ],
    "12/8": [
        {"k": "X.....x.....", "s": "...X.....X..", "h": "X--X--X--X--"},
        {"k": "X....xx.....", "s": "...X.....X..", "h": "X--X--X--X--"},
        {"k": "X.....x..x..", "r": "...X.....X..", "d": "X--X--X--X--"},
        {"k": "X..x..X..x..", "s": "...X..o..X.o", "h": "X.xX.xX.xX.x"},
    ],
    "6/8": [
        {"k": "X.....", "s": "...X..", "h": "X--X--"},
        {"k": "X....x", "s": "...X..", "h": "X--X--"},
        {"k": "X..x..", "s": "...X.o", "d": "X.xX.x"},
        {"k": "X.....", "r": "...X..", "sh": "X--X--"},
    ],
}
HATS = [
    {"h": H8},
    {"h": H16},
    {"h": H4},
    {"h": "x.-.x.-.x.-.x.-."},
    {"h": "X.x.X.x.X.x.X...", "o": "..............x."},
    {"d": H8},
    {"d": H4},
    {"o": H4},
    {"h": "..x...x...x...x."},
    {"d": "x.xxx.xxx.xxx.xx"},
    {"h": "xox-xox-xox-xox-"},
    {"Y": H4},
    {"y": H4},
    {"Y": H8},
    {"o": H8},
]
_HAT_LANES = ("h", "o", "d", "y", "Y")
FILLS = [
    {"s": "............xxxx"},
    {"s": "........x.xxxxxX"},
    {"1": "........xx......", "2": "..........xx....", "3": "............xx..", "k": "..............x."},
    {"s": "............x.xx", "3": "..............xx"},
    {"s": "x.x.xx..........", "1": "......xx........", "2": "........xxx.....", "3": "...........xxxxx"},
    {"s": "............X.X.", "k": "............x.x."},
    {"s": "........X..X..X.", "k": "........X..X..X."},
    {"1": "............x...", "2": ".............x..", "3": "..............xx"},
    {"s": "xxxxxxxxxxxxxxxX"},
    {"k": "............x.x.", "c": "............XXXX"},
    {"s": "..........xxxxxx", "y": "..............X."},
    {"s": "........r.r.rrrr"},
    {"3": "........x.x.x.x.", "s": "........x.x.x.xx"},
    {},
]


def strokes(lanes: dict, bar: float, beats: int, rng: np.random.Generator, level: float = 1.0,
            begin: float = 0.0) -> list[Note]:
    """The lanes' strokes in the bar that starts at beat `bar`, from `begin` beats into it."""
    notes = []
    for lane, steps in lanes.items():
        size = beats / len(steps)
        for index, mark in enumerate(steps):
            if mark == "." or index * size < begin - 1e-6:
                continue
            velocity = float(np.clip(STROKES[mark] * level * (1 + 0.07 * rng.standard_normal()), 0.05, 1))
            times = {"r": 2, "t": 3}.get(mark, 1)
            for part in range(times):
                notes.append(
                    Note(
                        bar + (index + part / times) * size, size / times, KEYS[lane], velocity * (1 - 0.12 * part),
                    ),
                )
    return notes


def with_hats(groove: dict, hats: dict) -> dict:
    """The groove with other hats or ride; steps of other lengths stay as they are."""
    if len(next(iter(groove.values()))) != 16:
        return groove
    return {**{lane: steps for lane, steps in groove.items() if lane not in _HAT_LANES}, **hats}


def varied(groove: dict, rng: np.random.Generator, amount: float = 1.0) -> dict:
    """A groove a little changed: a kick or a ghost stroke more or less, at times an opened hat."""
    out = dict(groove)

    def put(lane, position, mark):
        steps = out.get(lane)
        if steps and 0 <= position < len(steps):
            out[lane] = steps[:position] + mark + steps[position + 1:]

    size = len(next(iter(groove.values())))
    if "k" in out and rng.random() < 0.5 * amount:
        position = int(rng.integers(1, size))
        if out.get("s", out.get("c", "." * size))[position:position + 1] != "X":
            put("k", position, "." if out["k"][position] != "." else "-")
    if "s" in out and rng.random() < 0.35 * amount:
        position = int(rng.integers(1, size))
        if out["s"][position] == ".":
            put("s", position, "o")
    if "h" in out and "o" not in out and rng.random() < 0.3 * amount:
        position = size - 2 if rng.random() < 0.7 else size // 2 - 2
        if position >= 0:
            put("h", position, ".")
            out["o"] = "." * position + "x" + "." * (size - position - 1)
    return out


def fill(beats: int, rng: np.random.Generator) -> tuple[dict, float]:
    """A fill for the last bar before a change, and the beat in it at which the groove gives way."""
    lanes = FILLS[int(rng.integers(len(FILLS)))]
    if beats != 4:
        keep = {2: 8, 3: 12, 4: 16}.get(beats, 16)
        lanes = {lane: steps[-keep:] for lane, steps in lanes.items()}
    firsts = [min((i for i, m in enumerate(s) if m != "."), default=len(s)) / len(s)
              * beats for s in lanes.values()]
    return lanes, float(int(min(firsts, default=beats)))


def build_up(bars: int, bar: float, beats: int, rng: np.random.Generator) -> list[Note]:
    """A snare roll that doubles its rate until a drop."""
    notes = []
    key = int(rng.choice([38, 39, 40]))
    for index in range(bars):
        progress = (index + 1) / bars
        steps = beats * (1 if progress <= 0.5 else 2 if progress <= 0.75 else 4)
        for step in range(steps):
            at = index + step / steps
            notes.append(Note(bar + at * beats, beats / steps, key, 0.3 + 0.6 * at / bars))
    return notes


def swung(beat: float, swing: float, grid: float) -> float:
    """Where a stroke falls with swing: the second of each pair of `grid` steps comes late, at most by a triplet's."""
    pair = 2 * grid
    inside = beat % pair / pair
    middle = 0.5 + swing / 6
    warped = inside * middle / 0.5 if inside < 0.5 else middle + (inside - 0.5) * (1 - middle) / 0.5
    return beat - beat % pair + warped * pair
