"""Single sounds with their class: drums of recorded kits, sound fonts and synthesis; notes, voices, noises.

A hit is known by its source (a kit, a font's program, a bank of notes): validation takes whole sources that training
never hears.
"""
import glob
import os
import zlib
from dataclasses import dataclass
from typing import Callable

import numpy as np
from scipy.signal import butter, sosfilt

from songs import drum_synthesis, drums, soundfont, sounds
from songs.score import SAMPLE_RATE

CLASSES = ("kick", "snare", "clap", "closed_hat", "open_hat", "tom", "cymbal", "percussion", "bass", "tonal", "vocal",
           "noise")
KEY_CLASS = {
    35: "kick", 36: "kick", 37: "percussion", 38: "snare", 39: "clap", 40: "snare", 42: "closed_hat", 44: "closed_hat",
    46: "open_hat", 41: "tom", 43: "tom", 45: "tom", 47: "tom", 48: "tom", 50: "tom", 49: "cymbal", 51: "cymbal",
    52: "cymbal", 53: "cymbal", 55: "cymbal", 57: "cymbal", 59: "cymbal",
    **dict.fromkeys((54, 56, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 75, 76, 77, 82), "percussion"),
}
# Kits under licences that allow it; see each kit's drumkit.xml and Debian's copyright file of hydrogen-drumkits.
HYDROGEN = {
    **drums.LICENCES, "Millo-Drums_v.1": "GPL-2", "Millo_MultiLayered2": "GPL-2", "Millo_MultiLayered3": "GPL-2",
    "ColomboAcousticDrumkit": "GPL-2+", "rumpf_kit_z01_h2": "CC-BY-3.0",
}
FONT_KITS = {"fluid": (0, 8, 16, 24, 25, 32, 40, 48), "musescore": (0, 8, 16, 24, 25, 32, 40, 48), "timgm": (0,)}
FONT_BASSES, FONT_TONES = range(32, 40), (*range(0, 32), *range(40, 56), *range(56, 96), *range(104, 112))
# Whole sources that only validation hears.
HELD_OUT = (
    "hydrogen:The Black Pearl 1.0", "hydrogen:Millo_MultiLayered2", "hydrogen:HardElectro1", "folder:uzu",
    "font:musescore:32", "font:musescore:24", "font:timgm:0", "files:meatbass-pizz", "files:flbass", "files:emilyguitar",
    "files:vocadito", "files:producerspace_etv", "files:GregSullivan-EPianos", "machine:7", "machine:17", "waves:7", "noise:1",
)


@dataclass(frozen=True)
class Hit:
    kind: str
    source: str
    load: Callable[[np.random.Generator], np.ndarray]  # mono, from its attack on


def mono(audio: np.ndarray) -> np.ndarray:
    return audio.mean(axis=1) if audio.ndim > 1 else audio


def from_attack(audio: np.ndarray) -> np.ndarray:
    """Cut where it first reaches a fiftieth of its peak, less a millisecond."""
    level = np.abs(audio[:SAMPLE_RATE])
    loud = np.flatnonzero(level > 0.02 * max(float(level.max(initial=0.0)), 1e-9))
    return audio[max(0, int(loud[0]) - 44) if len(loud) else 0:]


def _file(path):
    return lambda rng: from_attack(mono(sounds.load(path)))


def _font(font, bank, program, key, velocity, seconds):
    return lambda rng: from_attack(mono(soundfont.note(font, bank, program, key, velocity, seconds)))


def _drum_files() -> list[Hit]:
    kits = [(f"hydrogen:{name}", drums._hydrogen(name)) for name in HYDROGEN]
    kits += [("folder:uzu", drums._folder_kit("uzu", "close")), ("folder:sonic-pi", drums._folder_kit("sonic-pi", "close"))]
    kits += [("folder:gogodze", drums._folder_kit("gogodze", mic)) for mic in ("close", "front", "retro", "overheads")]
    kits += [("folder:percussion", drums._percussion())]
    hits = []
    for source, kit in kits:
        for key, layers in sorted(kit.items()):
            paths = sorted({path for paths in layers.values() for path in paths})
            hits += [Hit(KEY_CLASS[key], source, _file(path)) for path in paths if key in KEY_CLASS]
    base = os.path.join(sounds.folder(), "drums_oneshot")
    for pattern, kind in (("vcsl/*bassdrum*", "kick"), ("vcsl/*tom_*", "tom"), ("berklee_perc/*kick[12_.]*", "kick"),
                          ("berklee_perc/*cymbal*", "cymbal"), ("vcsl/*cymbal*", "cymbal"), ("vcsl/*sleigh*", "percussion")):
        hits += [Hit(kind, "folder:percussion", _file(p)) for p in sorted(glob.glob(os.path.join(base, pattern)))]
    return hits


def _drum_fonts() -> list[Hit]:
    hits = []
    for font, programs in FONT_KITS.items():
        for program in programs:
            for key, kind in KEY_CLASS.items():
                seconds = 2.0 if kind in ("cymbal", "open_hat") else 1.0
                for velocity in (60, 90, 120):
                    hits.append(Hit(kind, f"font:{font}:{program}", _font(font, 128, program, key, velocity, seconds)))
    return hits


def _machines() -> list[Hit]:
    hits = []
    for number in range(24):
        model = ("drawn", "drawn", "808", "909")[number % 4]
        machine = drum_synthesis.Machine(model, np.random.default_rng(number))
        for key in drum_synthesis.KEYS:
            if key in KEY_CLASS:
                hits.append(Hit(KEY_CLASS[key], f"machine:{number}", lambda rng, m=machine, k=key: mono(m.sound(k))))
    return hits


def _phrase(path: str, voiced: bool):
    """From somewhere inside a long file: near where it gets louder, as slices begin."""
    def load(rng):
        audio = mono(sounds.load(path))
        if len(audio) < 2 * SAMPLE_RATE:
            return from_attack(audio)
        hop = 441
        level = np.sqrt(np.add.reduceat(audio ** 2, np.arange(0, len(audio) - hop, hop)) / hop)
        rise = level[4:] / (np.maximum.reduce([level[i:len(level) - 4 + i] for i in range(4)]) + 0.02 * level.max() + 1e-9)
        frames = np.flatnonzero((rise > np.quantile(rise, 0.9)) & (level[4:] > 0.05 * level.max()))
        at = (int(rng.choice(frames)) + 4) * hop if len(frames) else int(rng.integers(len(audio)))
        return audio[at:at + 3 * SAMPLE_RATE]
    return load


def _notes() -> list[Hit]:
    hits = []
    for folder, kind in (("bass", "bass"), ("guitar", "tonal"), ("keys", "tonal"), ("strings", "tonal"), ("synth", "tonal"),
                         ("other", "tonal"), ("vocals", "vocal")):
        for path in sorted(glob.glob(os.path.join(sounds.folder(), folder, "*", "*.ogg"))):
            hits.append(Hit(kind, "files:" + os.path.basename(os.path.dirname(path)), _phrase(path, kind == "vocal")))
    for font in ("fluid", "musescore"):
        for program in FONT_BASSES:
            hits += [Hit("bass", f"tones:{font}:{program}", _font(font, 0, program, key, velocity, 1.0))
                     for key in range(28, 53, 4) for velocity in (70, 110)]
        for program in FONT_TONES:
            hits += [Hit("tonal", f"tones:{font}:{program}", _font(font, 0, program, key, 90, 1.0)) for key in range(45, 90, 11)]
    return hits


def _waves() -> list[Hit]:
    """Plain waves of synthesizers, high ones and low."""
    def load(kind, number):
        def make(rng):
            hertz = 440 * 2 ** (rng.uniform(-38, -19) / 12) if kind == "bass" else 440 * 2 ** (rng.uniform(-17, 24) / 12)
            t = np.arange(int(1.5 * SAMPLE_RATE)) / SAMPLE_RATE
            phase = hertz * t * (1 if number % 2 else 1 + 0.003 * np.sin(2 * np.pi * rng.uniform(3, 7) * t))
            wave = (np.sin(2 * np.pi * phase), 2 * np.abs(2 * (phase % 1) - 1) - 1, 2 * (phase % 1) - 1,
                    np.sign(np.sin(2 * np.pi * phase)))[number % 4]
            if number % 4 > 1:
                wave = sosfilt(butter(2, min(20000, hertz * 10 ** rng.uniform(0.2, 1.5)), fs=SAMPLE_RATE, output="sos"), wave)
            decay = 10 ** rng.uniform(-1, 1)
            return (wave * np.minimum(1, t / 10 ** rng.uniform(-3.5, -1)) * np.exp(-t / decay)).astype(np.float32)
        return make
    return [Hit(kind, f"waves:{number}", load(kind, number)) for kind in ("bass", "tonal") for number in range(8)]


def _noises() -> list[Hit]:
    def load(number):
        def make(rng):
            t = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
            sound = rng.standard_normal(len(t))
            if rng.random() < 0.6:
                low = 10 ** rng.uniform(1.8, 3.6)
                sound = sosfilt(butter(1, [low, min(20000, low * 10 ** rng.uniform(0.6, 2))], "band", fs=SAMPLE_RATE,
                                       output="sos"), sound)
            if rng.random() < 0.4:  # a swell, a sweep
                sound *= np.interp(t, (0, rng.uniform(0.3, 2)), (rng.uniform(0.05, 0.5), 1))
            elif rng.random() < 0.3:  # crackle, rain
                sound *= np.abs(rng.standard_normal(len(t))) ** rng.uniform(0.5, 3)
            return (sound / np.abs(sound).max()).astype(np.float32)
        return make
    return [Hit("noise", f"noise:{number}", load(number)) for number in range(8)]


def library() -> list[Hit]:
    return _drum_files() + _drum_fonts() + _machines() + _notes() + _waves() + _noises()


def is_held_out(hit: Hit) -> bool:
    return hit.source in HELD_OUT or (hit.source.startswith("tones:") and zlib.crc32(hit.source.encode()) % 6 == 0)
