"""Instruments and drum kits by what they are good for; a song draws one of a group."""
import os
from functools import lru_cache

from . import sounds
from .banks import BANKS

_FONTS = ("fluid", "musescore", "timgm")


def _fonts(*programs: int) -> tuple[str, ...]:
    return tuple(f"font:{font}:{program}" for program in programs for font in _FONTS)


# Instruments that may play one role; a song draws one of them.
INSTRUMENTS = {
    "electric": (
        "bank:growlybass", "bank:swagbass", "bank:fashionbass", "bank:pastabass-fettuccine",
        "bank:pastabass-linguine", "bank:killerbass", "bank:pastabass-spaghetti", *_fonts(33),
    ),
    "picked": (
        "bank:growlybass", "bank:swagbass", "bank:fashionbass", "bank:pastabass-linguine", "bank:growlybass-short",
        "bank:killerbass", *_fonts(34),
    ),
    "slap": ("bank:swagbass", "bank:killerbass", *_fonts(36, 37)),
    "fretless": ("bank:pastabass-tagliatelle", "bank:fashionbass", *_fonts(35)),
    "upright": ("bank:doublebass", "bank:meatbass", *_fonts(32)),
    "gm acoustic": _fonts(32),
    "synth": (
        "synth:saw bass", "synth:square bass", "synth:pulse bass", "synth:fm bass", "synth:saw bass",
        *_fonts(38, 39),
    ),
    "fm": ("synth:fm bass", "synth:organ bass"),
    "sub": ("synth:sub", "synth:sub", "synth:triangle bass"),
    "acid": ("synth:acid",),
    "reese": ("synth:reese",),
    "wobble": ("synth:wobble", "synth:wobble", "synth:growl"),
    "drone": ("synth:drone", "synth:drone", "synth:reese"),
    "growl": ("synth:growl",),
    "808": ("synth:808",),
    "piano": ("bank:berklee-piano", "bank:upright", "bank:electric-grand", "bank:cp80", *_fonts(0, 1)),
    "epiano": ("bank:pianet", "bank:wurlitzer", "bank:electric-piano", "synth:fm piano", *_fonts(4, 5)),
    "organ": ("synth:organ", "synth:organ", *_fonts(16, 17, 18)),
    "church organ": _fonts(19),
    "clavinet": _fonts(7),
    "harpsichord": _fonts(6),
    "pad": (
        "synth:pad", "synth:pad", "synth:pad", "synth:string machine", "synth:supersaw pad",
        *_fonts(88, 89, 90, 92, 94, 95),
    ),
    "strings": (*_fonts(48, 49, 50), "bank:violins", "bank:cellos", "synth:string machine"),
    "solo strings": ("bank:violin", "bank:cello", *_fonts(40, 42)),
    "pizzicato": ("bank:pizzicato-strings", *_fonts(45)),
    "tremolo": ("bank:tremolo-strings", *_fonts(44)),
    "harp": ("bank:harp", *_fonts(46)),
    "brass": (*_fonts(61, 61, 57, 56), "bank:trumpet-loud", "bank:trombone", "synth:brass"),
    "sax": ("bank:tenor-sax", *_fonts(64, 65, 66)),
    "trumpet": ("bank:trumpet", "bank:trumpet-loud", *_fonts(56, 59)),
    "flute": ("bank:flute", *_fonts(73, 74, 75)),
    "clarinet": _fonts(71),
    "harmonica": _fonts(22),
    "accordion": _fonts(21, 23),
    "melodica": _fonts(22, 21),
    "clean guitar": ("bank:shinyguitar", "bank:emilyguitar", *_fonts(27, 28)),
    "jazz guitar": ("bank:emilyguitar", "bank:shinyguitar", *_fonts(26)),
    "amped guitar": ("bank:shinyguitar", "bank:emilyguitar", "bank:shinyguitar", "font:fluid:27"),
    "acoustic guitar": ("bank:shinyguitar-acoustic", "bank:martin", "bank:emilyguitar", *_fonts(25)),
    "nylon": _fonts(24),
    "banjo": _fonts(105),
    "mandolin": ("bank:martin", *_fonts(25, 15)),
    "pluck": ("synth:pluck", "synth:pluck", "synth:fm bell", "synth:square pluck", *_fonts(11, 12, 108)),
    "bells": (
        "synth:fm bell", "bank:glockenspiel", "bank:vibraphone", "bank:prepared-piano", *_fonts(8, 9, 10, 14, 98),
    ),
    "world": _fonts(104, 106, 107, 108, 114, 46, 13, 105),
    "vibes": ("bank:vibraphone", *_fonts(11)),
    "marimba": ("bank:marimba", *_fonts(12, 13)),
    "supersaw": ("synth:supersaw",),
    "stabs": ("synth:supersaw", "synth:stab", "synth:fm piano", "synth:organ", *_fonts(0, 61, 17)),
    "arp": ("synth:pluck", "synth:square pluck", "synth:saw pluck", "synth:fm bell", *_fonts(81, 80, 46)),
    "lead synth": (
        "synth:saw lead", "synth:square lead", "synth:sine lead", "synth:supersaw lead", *_fonts(80, 81, 87),
    ),
    "riff synth": ("synth:saw lead", "synth:acid", "synth:square pluck", "synth:stab"),
}
KITS = {
    "acoustic": (
        "hydrogen:ForzeeStereo", "hydrogen:GMRockKit", "hydrogen:The Black Pearl 1.0", "gogodze", "gogodze",
        "font:fluid:0", "font:fluid:8", "font:fluid:16", "font:musescore:0", "font:musescore:16",
        "font:musescore:8", "font:timgm:0",
    ),
    "brushes": ("font:fluid:40", "font:musescore:40", "font:fluid:32", "font:musescore:32", "hydrogen:GMRockKit"),
    "percussion": ("hydrogen:Gimme A Hand 1.0", "font:fluid:0", "font:musescore:0", "hydrogen:ForzeeStereo"),
    "electronic": (
        "font:fluid:24", "font:musescore:24", "hydrogen:ElectricEmpireKit", "hydrogen:HardElectro1",
        "hydrogen:VariBreaks", "hydrogen:Audiophob", "uzu", "sonic-pi", "uzu", "sonic-pi",
    ),
    "machine": (
        "machine:808", "machine:909", "machine:909", "hydrogen:TR808EmulationKit", "font:fluid:25",
        "font:musescore:25", "uzu", "sonic-pi", "machine:drawn", "machine:drawn",
    ),
    "808": ("machine:808", "hydrogen:TR808EmulationKit", "uzu", "machine:drawn", "sonic-pi", "font:fluid:25"),
}


def instruments_of(group: str) -> list[str]:
    """Those of the group whose sounds are at hand; a synthesizer if none are."""
    return [name for name in INSTRUMENTS[group] if at_hand(name)] or ["synth:saw lead"]


def kits_of(group: str) -> list[str]:
    return [name for name in KITS[group] if at_hand(name)] or ["machine:909"]


@lru_cache(maxsize=None)
def at_hand(instrument: str) -> bool:
    family, _, rest = instrument.partition(":")
    if family == "font":
        return os.path.exists(sounds.SOUND_FONTS[rest.split(":")[0]][0])
    if family == "hydrogen":
        return os.path.isdir(os.path.join(sounds.HYDROGEN_FOLDER, rest))
    if family in ("synth", "machine"):
        return True
    inside = {"bank": BANKS[rest].folder if family == "bank" else "", "gogodze": "drums_oneshot/gogodze-phu-vol-ii",
              "uzu": "drums_oneshot/uzu-drumkit", "sonic-pi": "drums_oneshot/sonic-pi"}[family]
    return sounds.has_folder() and os.path.isdir(os.path.join(sounds.folder(), inside))
