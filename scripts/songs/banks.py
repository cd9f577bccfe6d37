"""Sampled instruments: which files belong to which, their notes, velocity layers and round robins.

The octave in a file's name means different things to different makers. `transpose` brings each bank to MIDI numbers
(60 is middle C, 261.6 Hz); the values were measured on the
spectra, and files that are out of tune or tell the wrong note are passed over by the patterns.
"""
import os
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from . import sounds

NOTES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_NOTE = r"([a-g])(sharp|#|b)?(-?\d)"
LAYERS = {"pp": 0.2, "p": 0.4, "mp": 0.5, "mf": 0.65, "f": 0.85, "ff": 1.0, "fff": 1.0}
DYNAMIC = r"(pp|p|mp|mf|fff|ff|f)"


@dataclass(frozen=True)
class Bank:
    folder: str
    pattern: str           # with a named group note, perhaps layer (dynamic or number)
    transpose: int
    low: int               # MIDI range that sounds well
    high: int
    licence: str
    sustained: bool = False
    release: float = 0.08  # seconds


_CC0_KARORYFER = "Karoryfer Samples, CC0-1.0"
_CC0_VERSILIAN = "Versilian Studios VSCO 2 CE / VCSL, CC0-1.0"
_SULLIVAN = "Greg Sullivan E-Pianos, CC BY 3.0"
_DISCORD = "Discord SFZ GM Bank, CC0-1.0"

BANKS = {
    "growlybass": Bank(
        "bass/growlybass", rf"sustain_(?P<note>{_NOTE})_(?P<layer>{DYNAMIC})_", -12, 25, 64, _CC0_KARORYFER,
    ),
    "growlybass-short": Bank(
        "bass/growlybass", rf"staccato_(?P<note>(?!a)(?!c5){_NOTE})_", -12, 27, 60, _CC0_KARORYFER,
    ),
    "swagbass": Bank(
        "bass/swagbass", rf"notes_(?P<note>(?!a1){_NOTE})_.*(?P<layer>p|f|fff)_rr", -12, 24, 66, _CC0_KARORYFER,
    ),
    "fashionbass": Bank(
        "bass/fashionbass", rf"notes_(?P<note>(?!gb0)(?!a0){_NOTE})_(?P<layer>{DYNAMIC})_", 0, 24, 67,
        _CC0_KARORYFER,
    ),
    "pastabass-fettuccine": Bank(
        "bass/pastabass", rf"fetuccine_(?P<note>{_NOTE})_vl(?P<layer>\d)", -12, 28, 70, _CC0_KARORYFER,
    ),
    "pastabass-linguine": Bank(
        "bass/pastabass", rf"linguine_(?P<note>{_NOTE})_vl(?P<layer>\d)", -12, 25, 68, _CC0_KARORYFER,
    ),
    "pastabass-spaghetti": Bank(
        "bass/pastabass", rf"spaghetti_(?P<note>{_NOTE})_vl(?P<layer>\d)", -12, 28, 70, _CC0_KARORYFER,
    ),
    "pastabass-tagliatelle": Bank(
        "bass/pastabass", rf"tagliatelle_(?P<note>{_NOTE})_vl(?P<layer>\d)", -12, 34, 72, _CC0_KARORYFER,
    ),
    "killerbass": Bank(
        "bass/discord-gm-electric-bass", rf"bass_(?P<note>{_NOTE})_vl(?P<layer>\d)", -12, 24, 66, _DISCORD,
    ),
    "doublebass": Bank(
        "bass/dsmolken-double-bass-pizz", rf"pizz_(?P<note>{_NOTE})_(?P<layer>[pmf])", 0, 24, 58,
        "D. Smolken Double Bass, CC0-1.0",
    ),
    "meatbass": Bank(
        "bass/meatbass-pizz", rf"pizz_(?P<note>(?!c1){_NOTE})_vl(?P<layer>\d)", 0, 24, 60, _CC0_KARORYFER,
    ),
    "emilyguitar": Bank(
        "guitar/emilyguitar", rf"notes_(?P<note>(?!c6){_NOTE})_(?P<layer>{DYNAMIC})_", 0, 36, 86, _CC0_KARORYFER,
    ),
    "shinyguitar": Bank(
        "guitar/shinyguitar-electric", rf"electric_(?P<note>(?!c6){_NOTE})_vl(?P<layer>\d)", 0, 36, 84,
        _CC0_KARORYFER,
    ),
    "shinyguitar-acoustic": Bank(
        "guitar/shinyguitar-acoustic", rf"acoustic_(?P<note>(?!c6){_NOTE})_vl(?P<layer>\d)", 0, 36, 84,
        _CC0_KARORYFER,
    ),
    "martin": Bank("guitar/discord-gm-steel-guitar", rf"MartinGM2_\d+_(?P<note>{_NOTE})_", 0, 38, 84, _DISCORD),
    "cp80": Bank(
        "keys/GregSullivan-EPianos", rf"CP80_Samples_\d+-(?P<note>{_NOTE})-(?P<layer>{DYNAMIC})\.", 0, 26, 98,
        _SULLIVAN, False, 0.15,
    ),
    "pianet": Bank(
        "keys/GregSullivan-EPianos", rf"Pianet_T_Samples_\d+_(?P<note>{_NOTE})_(?P<layer>{DYNAMIC})\.", 0, 28, 90,
        _SULLIVAN, False, 0.1,
    ),
    "wurlitzer": Bank(
        "keys/GregSullivan-EPianos", rf"Wurlitzer_EP200_Samples_(?P<note>{_NOTE})(?P<layer>{DYNAMIC})\.", 0, 32, 93,
        _SULLIVAN, False, 0.1,
    ),
    "upright": Bank(
        "keys/discord-gm-pianos", rf"Upright1_Sus_(?P<note>(?!c0){_NOTE})_", 12, 28, 100, _DISCORD, False, 0.18,
    ),
    "electric-grand": Bank(
        "keys/discord-gm-pianos", rf"Electric_Grand_Piano_\d+-(?P<note>{_NOTE})-", 0, 27, 98, _DISCORD, False, 0.15,
    ),
    "electric-piano": Bank(
        "keys/discord-gm-pianos", rf"Electric_Piano_1_A_\d+_(?P<note>{_NOTE})_", 0, 28, 96, _DISCORD, False, 0.12,
    ),
    "berklee-piano": Bank(
        "keys/berklee", rf"berklee_piano_(?P<note>(?!eb5){_NOTE})\.", 0, 34, 92,
        "Berklee College of Music, CC BY 3.0", False, 0.2,
    ),
    "prepared-piano": Bank(
        "keys/berklee", rf"prep_piano_?(?P<note>(?!d#4)(?!f3){_NOTE})[_.]", 12, 24, 84,
        "Berklee College of Music, CC BY 3.0", False, 0.3,
    ),
    "cello": Bank("strings/vsco2", rf"cello-susvib-f_(?P<note>{_NOTE})\.", 12, 36, 79, _CC0_VERSILIAN, True, 0.25),
    "cellos": Bank(
        "strings/vsco2", rf"cellos-susvib-mp_(?P<note>{_NOTE})\.", 12, 36, 79, _CC0_VERSILIAN, True, 0.35,
    ),
    "violin": Bank(
        "strings/vsco2", rf"violin-arcvib_(?P<note>(?!g3){_NOTE})\.", 0, 55, 90, _CC0_VERSILIAN, True, 0.2,
    ),
    "violins": Bank(
        "strings/vsco2", rf"violins-susvib_(?P<note>{_NOTE})\.", 12, 55, 90, _CC0_VERSILIAN, True, 0.35,
    ),
    "contrabass": Bank(
        "strings/vsco2", rf"contrabass-susvib_(?P<note>{_NOTE})\.", 12, 28, 60, _CC0_VERSILIAN, True, 0.25,
    ),
    "bowed-bass": Bank(
        "strings/dsmolken-double-bass-arco", rf"arco_(?P<note>{_NOTE})_(?P<layer>{DYNAMIC})_", 0, 24, 66,
        "D. Smolken Double Bass, CC0-1.0", True, 0.25,
    ),
    "harp": Bank("strings/vsco2", rf"harp_(?P<note>{_NOTE})\.", 0, 40, 100, _CC0_VERSILIAN, False, 0.5),
    "tremolo-strings": Bank(
        "strings/discord-gm-strings", rf"TremStr_(?P<note>(?!e0){_NOTE})\.", 12, 30, 86, _DISCORD, True, 0.3,
    ),
    "pizzicato-strings": Bank(
        "strings/discord-gm-strings", rf"PizzStr_(?P<note>(?!.5)(?!g#4){_NOTE})\.", 12, 28, 80, _DISCORD, False,
        0.3,
    ),
    "tenor-sax": Bank(
        "other/vsco2-vcsl-winds", rf"tenor-sax-vib_(?P<note>{_NOTE})\.", 12, 46, 84, _CC0_VERSILIAN, True, 0.1,
    ),
    "vibraphone": Bank(
        "other/vsco2-vcsl-winds", rf"vibraphone.*_(?P<note>{_NOTE})\.", 12, 52, 84, _CC0_VERSILIAN, False, 0.4,
    ),
    "flute": Bank(
        "other/vsco2-vcsl-winds", rf"flute-susvib_(?P<note>{_NOTE})\.", 12, 59, 98, _CC0_VERSILIAN, True, 0.12,
    ),
    "glockenspiel": Bank(
        "other/vsco2-vcsl-winds", rf"glock_(?P<note>(?!g5){_NOTE})\.", 12, 76, 108, _CC0_VERSILIAN, False, 0.4,
    ),
    "marimba": Bank(
        "other/vsco2-vcsl-winds", rf"marimba_(?P<note>{_NOTE})\.", 12, 40, 92, _CC0_VERSILIAN, False, 0.2,
    ),
    "trombone": Bank(
        "other/vsco2-vcsl-winds", rf"trombone-sus-mf_(?P<note>{_NOTE})\.", 12, 34, 70, _CC0_VERSILIAN, True, 0.1,
    ),
    "trumpet": Bank(
        "other/vsco2-vcsl-winds", rf"trumpet-sus-mf_(?P<note>{_NOTE})\.", 12, 54, 86, _CC0_VERSILIAN, True, 0.1,
    ),
    "trumpet-loud": Bank(
        "other/vsco2-vcsl-winds", rf"trumpet-sus-f_(?P<note>{_NOTE})\.", 12, 54, 80, _CC0_VERSILIAN, True, 0.1,
    ),
    "tuba": Bank(
        "other/vsco2-vcsl-winds", rf"tuba-sus-mf_(?P<note>{_NOTE})\.", 12, 29, 60, _CC0_VERSILIAN, True, 0.1,
    ),
}


def midi_number(name: str) -> int:
    letter, accidental, octave = re.fullmatch(_NOTE, name.lower()).groups()
    return NOTES[letter] + {"sharp": 1, "#": 1, "b": -1, None: 0}[accidental] + 12 * (int(octave) + 1)


@lru_cache(maxsize=None)
def zones(name: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Of each of the bank's files: MIDI pitch, layer from 0 to 1, and path."""
    bank = BANKS[name]
    at = os.path.join(sounds.folder(), bank.folder)
    found = []
    for file in sorted(os.listdir(at)):
        match = re.search(bank.pattern, file, re.IGNORECASE)
        if match:
            layer = match.groupdict().get("layer") or "1"
            value = float(layer) if layer.isdigit() else LAYERS[layer.lower().replace("m",
                "mf") if layer == "m" else layer.lower()]
            found.append((midi_number(match["note"]) + bank.transpose, value, os.path.join(at, file)))
    if not found:
        raise RuntimeError(f"no samples of {name} under {at}")
    pitches, layers, paths = zip(*found)
    layers = np.array(layers)
    return np.array(pitches, float), layers / layers.max(), tuple(paths)


_shifted = sounds.Cache(400 << 20)


def note(name: str, pitch: float, velocity: float, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """A sample near to pitch and velocity, brought to the pitch: (frames, channels)."""
    pitches, layers, paths = zones(name)
    distance = np.abs(pitches - pitch)
    near = np.flatnonzero(distance <= distance.min() + 0.5)
    fit = np.abs(layers[near] - max(velocity, layers[near].min()))
    choices = near[fit <= fit.min() + 0.08]
    chosen = int(choices[rng.integers(len(choices))])
    frames = 2 ** int(np.ceil(np.log2(max(seconds, 0.25) * sounds.SAMPLE_RATE)))
    cents = round(100 * (pitch - pitches[chosen]))

    def make():
        ratio = 2 ** (cents / 1200)
        audio = sounds.load(paths[chosen])
        return sounds.resampled(audio[:int(frames * ratio) + 8], ratio)

    return _shifted.get((paths[chosen], cents, frames), make)
