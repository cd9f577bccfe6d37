"""Scales, chord progressions in roman numerals, and voicings that lead from chord to chord."""
import re

import numpy as np

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
QUALITIES = {
    "maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "min7": (0, 3, 7, 10),
    "sus4": (0, 5, 7), "sus2": (0, 2, 7), "dim": (0, 3, 6), "5": (0, 7), "add9": (0, 2, 4, 7),
    "min9": (0, 2, 3, 7, 10), "9": (0, 2, 4, 7, 10), "6": (0, 4, 7, 9), "m7b5": (0, 3, 6, 10),
    "maj9": (0, 2, 4, 7, 11),
}
_NUMERALS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}

# Progressions by the family of styles that use them; each runs through once and repeats.
PROGRESSIONS = {
    "pop": [
        "I V vi IV", "vi IV I V", "I vi IV V", "IV I V vi", "I IV vi V", "I iii IV V", "vi V IV V", "I V ii IV",
        "IV V iii vi", "I IV I V", "I Isus4 IV V", "I V/3 vi IV", "ii IV I V", "IV V I vi", "I ii vi IV",
        "I IV ii V", "Iadd9 vi IVadd9 V",
    ],
    "pop-minor": [
        "i VI III VII", "i VII VI VII", "i iv VI VII", "VI VII i i", "i III VII VI", "i VI iv V", "i VII VI V",
        "iv VI i VII", "i v VI iv", "i i VI VII", "i III iv VI", "VI III VII i",
    ],
    "rock": [
        "I bVII IV I", "I IV V IV", "I IV I V", "I V IV IV", "I bVII IV IV", "I I IV V", "vi IV I V", "I bIII IV I",
        "I V vi IV", "I bVI bVII I", "I IV bVII IV", "I ii IV V",
    ],
    "rock-minor": [
        "i VI VII i", "i VII VI VII", "i III VII iv", "i i VI VII", "i iv VII III", "i VI III VII", "i VII iv VI",
        "i i iv V",
    ],
    "metal": [
        "i5 i5 bVI5 bVII5", "i5 bII5 i5 bVII5", "i5 bVI5 bIII5 bVII5", "i5 i5 i5 bII5", "i5 iv5 bVI5 V5",
        "i5 bIII5 bII5 i5", "i5 i5 bIII5 iv5", "i5 bVII5 bVI5 V5", "i5 bV5 iv5 bII5",
    ],
    "punk": [
        "I5 IV5 V5 IV5", "I5 V5 vi5 IV5", "I5 vi5 IV5 V5", "I5 IV5 I5 V5", "I5 bVII5 IV5 I5", "vi5 IV5 I5 V5",
        "I5 iii5 IV5 V5",
    ],
    "blues": [
        "I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7", "I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 I7",
        "i7 i7 i7 i7 iv7 iv7 i7 i7 bVI7 V7 i7 i7",
    ],
    "country": [
        "I IV I V", "I I IV V", "I V IV I", "I IV V I", "I V I IV", "I vi IV V", "I I V V", "IV I V I",
        "I V7 I I IV IV V7 V7",
    ],
    "folk": [
        "I V vi IV", "I IV I V", "vi IV I V", "I iii IV V", "I ii IV I", "i VII VI VII", "I bVII IV I", "I vi ii V",
        "i iv i v", "Iadd9 IVmaj7 vi7 V", "I V/3 vi iii IV I ii V",
    ],
    "funk": [
        "i7 i7 i7 i7", "i7 IV9", "I9 I9 I9 I9", "i7 i7 IV7 IV7", "i9 i9 bVImaj7 V7", "I7 bVII7", "i7 iv7",
        "I9 I9 IV9 I9",
    ],
    "soul": [
        "Imaj7 vi7 ii7 V7", "Imaj7 iii7 IVmaj7 V7", "ii7 V7 Imaj7 Imaj7", "IVmaj7 iii7 ii7 Imaj7",
        "i9 iv9 bVII9 bIIImaj7", "Imaj7 IVmaj7", "vi7 ii7 V7 Imaj7", "IVmaj7 V7 iii7 vi7", "i9 IV9",
        "bVImaj7 bVII7 i9 i9", "I I7 IV iv",
    ],
    "house": [
        "i7 VImaj7 iv7 v7", "i7 i7 iv7 VImaj7", "i9 iv9", "VImaj7 VII i7 v7", "i7 VII VImaj7 VII", "i7 i7 i7 i7",
        "ii7 V7 Imaj7 vi7", "IVmaj7 iii7 vi7 V", "i VI III VII",
    ],
    "trance": [
        "i VI III VII", "VI VII i i", "i VI VII v", "i III VI VII", "VI i VII v", "i VII VI iv", "i i VI VII",
        "i v VI iv",
    ],
    "techno": ["i i i i", "i i i bII", "i7 i7 i7 i7", "i i bVI bVI", "i i iv i"],
    "trap": [
        "i i VI VI", "i VI iv V", "i i i i", "i bII i bII", "i VI i VII", "i iv i V", "VI VII i i", "i v VI VI",
    ],
    "boombap": [
        "i9 iv9", "ii7 V7 Imaj7 Imaj7", "i7 VImaj7", "Imaj7 vi7", "i7 i7 VImaj7 V7", "IVmaj7 iii7 ii7 iii7",
        "i9 i9 bVII9 bVII9", "iv7 i7",
    ],
    "reggae": [
        "I IV I V", "i iv i iv", "I V vi IV", "i VII i VII", "I IV", "I ii I ii", "i i iv v", "I vi ii V",
        "i VI VII i",
    ],
    "latin": [
        "i iv V7 i", "i VII VI V7", "I IV V7 IV", "i iv V7 V7", "I V7 V7 I", "ii7 V7 Imaj7 VI7", "i i V7 V7",
        "i VI VII i", "iv i V7 i",
    ],
    "jazz": [
        "ii7 V7 Imaj7 vi7", "ii7 V7 Imaj7 Imaj7", "Imaj7 vi7 ii7 V7", "im7 iv7 iim7b5 V7",
        "Imaj7 IVmaj7 iii7 VI7 ii7 V7 Imaj7 V7", "i7 i7 iv7 iv7 iim7b5 V7 i7 i7", "iii7 VI7 ii7 V7",
        "Imaj7 bIIImaj7 bVImaj7 bIImaj7", "ii7 V7 i7 i7 iv7 bVII7 bIIImaj7 VI7",
    ],
    "ballad": [
        "I V vi iii IV I IV V", "vi IV I V", "I iii vi IV", "Iadd9 V vi7 IVmaj7", "i VI III VII", "I V/3 vi IV",
        "IV V iii vi", "I I IV iv", "i iv VII III VI ii7 V V",
    ],
    "ambient": [
        "Imaj7 IVmaj7", "i9 VImaj7", "Iadd9 Vsus4 vi7 IVmaj7", "i i VI VI", "IVmaj7 Imaj7 vi7 V",
        "i VII VImaj7 VII", "Imaj9 iii7 IVmaj9 IVmaj9",
    ],
}


def parse(numeral: str, key: int) -> tuple[int, str]:
    """A roman numeral as root pitch class and quality: 'bVII7' in C is (10, '7'). An inversion ('/3') is left out."""
    accidental, roman, rest = re.fullmatch(r"(b?)([IViv]+)(m7b5|[a-z0-9]*)(?:/\d)?", numeral).groups()
    root = (_NUMERALS[roman.upper()] - bool(accidental) + key) % 12
    minor = roman.islower()
    rest = {"m7": "7"}.get(rest, rest)
    if rest == "":
        return root, "min" if minor else "maj"
    if minor and rest in ("7", "9"):
        return root, "min" + rest
    return root, rest


def in_mode(numeral: str, minor_mode: bool) -> str:
    """Plain III, VI and VII of minor progressions are the flat ones of the parallel major."""
    return re.sub(r"^(III|VI|VII)", r"b\1", numeral) if minor_mode else numeral


def progression(family: str, key: int, rng: np.random.Generator) -> tuple[list[tuple[int, str]], bool]:
    """Roots and qualities of one progression, and whether it is minor."""
    if rng.random() < 0.12:
        return random_progression(key, rng)
    numerals = rng.choice(PROGRESSIONS[family]).split()
    tonal = next(
        (n for n in numerals if n.lstrip("b")[0] in "iI" and not n.lower().lstrip("b").startswith(("ii", "iv"))),
        None,
    )
    minor = tonal.startswith("i") if tonal else any(n in ("iv", "v") or n.startswith("iv") for n in numerals)
    return [parse(in_mode(n, minor), key) for n in numerals], minor


def random_progression(key: int, rng: np.random.Generator) -> tuple[list[tuple[int, str]], bool]:
    """Four diatonic triads, the tonic among them, none diminished."""
    minor = bool(rng.random() < 0.5)
    numerals = ("i III iv v VI VII" if minor else "I ii iii IV V vi").split()
    chosen = list(rng.choice(numerals, 4, replace=bool(rng.random() < 0.3)))
    if numerals[0] not in chosen:
        chosen[int(rng.choice([0, 0, 2, 3]))] = numerals[0]
    return [parse(in_mode(str(n), minor), key) for n in chosen], minor


def chord_tones(root: int, quality: str) -> tuple[int, ...]:
    return tuple((root + step) % 12 for step in QUALITIES[quality])


def voicing(root: int, quality: str, low: int, high: int, size: int, before: list[int] | None) -> list[int]:
    """`size` chord tones between low and high in close position, as near as can be to the voicing before."""
    tones = chord_tones(root, quality)
    ladder = [p for p in range(low, high + 1) if p % 12 in tones]
    size = min(size, len(ladder))
    options = [ladder[i:i + size] for i in range(len(ladder) - size + 1)]
    if before:
        return min(
            options,
            key=lambda v: abs(np.mean(v) - np.mean(before)) + sum(min(abs(p - q) for q in before) for p in v),
        )
    return min(options, key=lambda v: abs(np.mean(v) - (low + high) / 2) + (v[0] % 12 != root))


def guitar_voicing(root: int, quality: str) -> list[int]:
    """An open or barre shape in standard tuning (E2 A2 D3 G3 B3 E4): six strings at most, root lowest."""
    tones = chord_tones(root, quality)
    strings = (40, 45, 50, 55, 59, 64)
    base = 0
    on_e, on_a = (root - 40) % 12, (root - 45) % 12
    first = 0 if on_e <= on_a else 1
    base = on_e if first == 0 else on_a
    lowest_fret = 0 if base <= 3 else base - 1
    shape = [strings[first] + base]
    for string in strings[first + 1:]:
        fret = next((f for f in range(lowest_fret, lowest_fret + 5) if (string + f) % 12 in tones), None)
        if fret is not None:
            shape.append(string + fret)
    return shape


def nearest_in_scale(pitch: float, scale: list[int]) -> int:
    """The pitch of the scale (pitch classes) that is nearest."""
    centre = int(round(pitch))
    return min(range(centre - 6, centre + 7), key=lambda p: (p % 12 not in scale, abs(p - pitch)))
