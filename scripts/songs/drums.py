"""Drum kits: recorded kits with velocity layers, kits of sound fonts, drum machines by synthesis.

A kit gives a sound for each key of General MIDI percussion; strokes go to sub-tracks (kick, snare, hats, toms,
overheads, percussion), so that a mix can treat them apart.
"""
import glob
import os
import re
from functools import lru_cache

import numpy as np

from . import drum_synthesis, soundfont, sounds
from .score import SAMPLE_RATE, Part, Song

TRACKS = {
    **dict.fromkeys((35, 36), "kick"), **dict.fromkeys((37, 38, 39, 40), "snare"),
    **dict.fromkeys((42, 44, 46), "hats"), **dict.fromkeys((41, 43, 45, 47, 48, 50), "toms"),
    **dict.fromkeys((49, 51, 52, 53, 55, 57, 59), "overheads"),
}
# Peaks of a full stroke, so that kits from many makers are balanced as a drummer is.
PEAKS = {"kick": 0.75, "snare": 0.85, "hats": 0.36, "toms": 0.7, "overheads": 0.46, "percussion": 0.4}
SUBSTITUTES = {
    57: 49, 55: 49, 52: 49, 59: 51, 53: 51, 51: 42, 40: 38, 39: 38, 37: 39, 44: 42, 47: 50, 48: 50, 45: 43, 41: 43,
    50: 43, 62: 63, 64: 63, 60: 63, 61: 64, 65: 63, 66: 64, 54: 70, 69: 70, 73: 70, 76: 75, 67: 56, 68: 56, 81: 56,
    35: 36,
}
LICENCES = {
    "ForzeeStereo": "GPL-2", "GMRockKit": "GPL", "The Black Pearl 1.0": "GPL", "Gimme A Hand 1.0": "GPL",
    "ElectricEmpireKit": "GPL", "HardElectro1": "GPL", "TR808EmulationKit": "GPL", "VariBreaks": "GPL",
    "Audiophob": "CC0",
}
_HYDROGEN_NAMES = [  # the first pattern that fits an instrument's name says its key
    (r"bass ?drum|kick", 36), (r"rim ?click|side ?stick|^stick|stick$", 37), (r"clap", 39), (r"snare roll",
        None), (r"rimshot|snare 2|snare2|snare_2|snare rock", 40), (r"snare", 38),
    (r"tambourine", 54), (r"shaker|maraca", 70), (r"cowbell", 56), (r"clave",
        75), (r"conga 1|conga$|bongo hi|cajon slap", 63), (r"conga 2|bongo lo|cajon thump", 64), (r"wood", 76),
    (r"agogo low", 68), (r"agogo", 67), (r"pedal|foot", 44), (r"choke|flink|swish", None), (r"semi|half",
        44), (r"(hh|hat|hihat).*(open|op\b|ohh)|open.*(hh|hat)|\bop\b|ohh", 46), (r"hh|hat|hi-hat", 42),
    (r"(floor|low).*tom|tom.*(floor|low)|drum 2", 43), (r"tom.*(2|mid)|mid.*tom", 47), (r"tom|drum 1",
        50), (r"splash", 55), (r"china", 52), (r"bell|cup", 53), (r"ride", 51), (r"crash|cymbal", 49)]
_UZU = {
    "bd": 36, "sd": 38, "cp": 39, "rim": 37, "hh": 42, "oh": 46, "cr": 49, "rd": 51, "ht": 50, "mt": 47, "lt": 43,
    "sh": 70, "tb": 54, "cb": 56,
}
_SONIC = [
    (r"bd_|drum_(bass|heavy_kick)|(hollow|soft)_kick", 36), (r"sn_|drum_snare|elec_(filt_|hi_|lo_|mid_)?snare", 38),
    (r"drum_cymbal_open", 46), (r"drum_cymbal_pedal", 44), (r"drum_cymbal_closed|hat_", 42),
    (r"drum_cymbal|elec_cymbal", 49), (r"drum_splash", 55), (r"ride_", 51), (r"tom_hi", 50), (r"tom_mid", 47),
    (r"tom_lo", 43), (r"cowbell", 56), (r"perc_snap", 39), (r"elec_(wood|tick)", 75), (r"perc_bell", 53),
    (r"tabla_(te|ke|na)", 63), (r"tabla_(ghe|tun)", 64),
]
_GOGODZE = {
    "ks": 36, "sc": 38, "se": 40, "ss": 37, "ht": 42, "hc": 42, "hf": 44, "ho": 46, "th": 50, "tm": 47, "tl": 43,
}


_HAND_PERCUSSION = (
    ("vcsl/*claves*", 75), ("vcsl/*darbuka-[123]*", 63), ("vcsl/*darbuka-[45]*", 64),
    ("berklee_perc/*hand_drum*", 64), ("berklee_perc/*conga_[1234].*", 63), ("berklee_perc/*shaker[578].*", 70), ("berklee_perc/*tambourine*", 54),
    ("berklee_perc/*reverb_clap*", 39),
)


def _add(kit: dict, key: int, layer: float, path: str) -> None:
    kit.setdefault(key, {}).setdefault(layer, []).append(path)


@lru_cache(maxsize=None)
def _hydrogen(name: str) -> dict:
    folder = os.path.join(sounds.HYDROGEN_FOLDER, name)
    text = open(os.path.join(folder, "drumkit.xml"), errors="replace").read()
    kit: dict = {}
    for number, instrument in enumerate(re.split(r"<instrument>", text)[1:]):
        title = re.search(r"<name>(.*?)</name>", instrument)
        title = re.sub(r" *\(.*", "", title.group(1).lower()) if title else ""
        key = next((k for pattern, k in _HYDROGEN_NAMES if re.search(pattern, title)), None)
        if key is None:
            continue
        files = re.findall(r"<filename>(.*?)</filename>", instrument)
        tops = [float(v) for v in re.findall(r"<max>(.*?)</max>", instrument)] or [1.0] * len(files)
        if len(files) > 1 and key in kit and len(next(iter(kit.values()))) > 1:
            continue  # the first drum of a kind keeps its layers
        for file, top in zip(files, tops):
            path = os.path.join(folder, file)
            if os.path.exists(path):
                _add(kit, key, top if len(files) > 1 else 1.0, path)
    return kit


@lru_cache(maxsize=None)
def _folder_kit(name: str, microphone: str) -> dict:
    base = os.path.join(sounds.folder(), "drums_oneshot")
    kit: dict = {}
    if name == "uzu":
        for path in sorted(glob.glob(os.path.join(base, "uzu-drumkit", "*"))):
            key = _UZU.get(os.path.basename(path).split("_")[0])
            if key:
                _add(kit, key, 1.0, path)
    elif name == "sonic-pi":
        for path in sorted(glob.glob(os.path.join(base, "sonic-pi", "*"))):
            key = next((k for pattern, k in _SONIC if re.search(pattern, path)), None)
            if key:
                _add(kit, key, 0.5 if "soft" in path else 1.0, path)
    else:
        wanted = {"close": ("kick_mic", "snare_mic", "front_mic"), "front": ("front_mic",),
                  "retro": ("retro_mic", "front_mic"), "overheads": ("oh_mic", "front_mic")}[microphone]
        for mic in wanted:
            have = set(kit)
            for path in sorted(glob.glob(os.path.join(base, "gogodze-phu-vol-ii", f"Samples_{mic}_*"))):
                match = re.search(r"_mic_([a-z]+)_vl(\d)", path)
                key = _GOGODZE.get(match[1])
                if key and key not in have:
                    _add(kit, key, float(match[2]), path)
        for layers in kit.values():
            top = max(layers)
            for layer in sorted(layers):
                layers[layer / top] = layers.pop(layer)
    return kit


@lru_cache(maxsize=None)
def _percussion() -> dict:
    """Hand percussion that any kit may borrow."""
    if not sounds.has_folder():
        return {}
    base = os.path.join(sounds.folder(), "drums_oneshot")
    kit: dict = {}
    for pattern, key in _HAND_PERCUSSION:
        for path in sorted(glob.glob(os.path.join(base, pattern))):
            _add(kit, key, 1.0, path)
    return kit


class Kit:
    """One kit as drawn for a song: a kit of single hits has one of its kicks, snares and so on chosen."""

    def __init__(self, name: str, rng: np.random.Generator):
        family, _, rest = name.partition(":")
        self.rng, self.family = rng, family
        self.font = tuple(rest.split(":")) if family == "font" else None
        self.machine = drum_synthesis.Machine(rest, rng) if family == "machine" else None
        self.drawn = drum_synthesis.Machine("909", rng) if family in ("uzu", "sonic-pi", "hydrogen") else None
        if family == "hydrogen":
            files = _hydrogen(rest)
        elif family in ("font", "machine"):
            files = {}
        else:
            files = _folder_kit(family, ("close", "close", "front", "retro", "overheads")[int(rng.integers(5))])
        self.files = {key: self._chosen(layers) for key, layers in sorted(files.items())}
        acoustic = ("GMRockKit", "ForzeeStereo", "The Black Pearl 1.0")[int(rng.integers(3))]
        lent = _hydrogen(acoustic) if family in ("gogodze", "hydrogen") else {}
        for key, layers in sorted(lent.items()):
            if key in (49, 51, 53, 55, 52) or family == "gogodze" or rest == "Gimme A Hand 1.0":
                self.files.setdefault(key, self._chosen(layers))
        for key, layers in sorted(_percussion().items()):
            if not self.font:
                self.files.setdefault(key, self._chosen(layers))
        self.trim = {track: float(10 ** (rng.normal(0, 1.8) / 20)) for track in PEAKS}
        # Heads are tuned and damped differently in every studio.
        spread = 1.5 if rng.random() < 0.5 else 0.0
        self.tuning = {track: float(2 ** (np.clip(rng.normal(0, spread), -4, 4) / 12)) for track in PEAKS}
        self.damping = {track: float(rng.uniform(0.06, 0.3)) if track in ("kick", "snare",
            "toms") and rng.random() < 0.25 else 0.0 for track in PEAKS}

    def _chosen(self, layers: dict) -> list[tuple[float, list[str]]]:
        if len(layers) == 1:
            paths = next(iter(layers.values()))
            return [(1.0, [paths[int(self.rng.integers(len(paths)))]])]
        return [(layer, layers[layer]) for layer in sorted(layers)]

    def stroke(self, key: int, velocity: float) -> np.ndarray | None:
        """The sound of one stroke at its level, (frames, channels)."""
        audio = self._sound(key, velocity)
        if audio is None:
            return None
        track = TRACKS.get(key, "percussion")
        if abs(self.tuning[track] - 1) > 0.01 and len(audio) > 64:
            audio = sounds.resampled(audio, self.tuning[track])
        longest = int({70: 0.3, 54: 0.5}.get(key, 3.5) * SAMPLE_RATE)
        audio = audio[:longest]
        gain = self.trim[track] * PEAKS[track] * velocity ** 1.4 / max(float(np.abs(audio).max()), 1e-3)
        if self.damping[track]:
            decay = np.exp(-np.arange(len(audio), dtype=np.float32) / (self.damping[track] * SAMPLE_RATE))
            audio = audio * np.minimum(1, decay * 1.5)[:, None]
        elif len(audio) == longest:
            audio = audio * np.minimum(1, np.linspace(4, 0, longest, dtype=np.float32))[:, None]
        return audio * np.float32(gain)

    def _sound(self, key: int, velocity: float) -> np.ndarray | None:
        if self.font:
            near = soundfont.nearest_velocity(velocity)
            seconds = 4.0 if TRACKS.get(key) == "overheads" else 1.0
            return soundfont.note(self.font[0], 128, int(self.font[1]), key, near, seconds)
        if self.machine and key not in (54, 63, 64, 60, 61, 62):
            return self.machine.sound(key)
        for _ in range(3):
            if key in self.files:
                layers = self.files[key]
                paths = next((p for top, p in layers if top >= velocity - 1e-6), layers[-1][1])
                return sounds.load(paths[int(self.rng.integers(len(paths)))])
            if self.drawn and key in drum_synthesis.KEYS:
                return self.drawn.sound(key)
            if key not in SUBSTITUTES:
                return None
            key = SUBSTITUTES[key]
        return None


def play_kit(part: Part, song: Song, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The part's strokes as sub-tracks; a closed or pedalled hat ends an open one."""
    kit = Kit(part.instrument, rng)
    out: dict[str, np.ndarray] = {}
    closings = np.array([song.seconds(n.start) for n in part.notes if n.pitch in (42, 44, 46)] + [1e9])
    memory: dict = {}
    for note in part.notes:
        key, velocity = int(note.pitch), round(note.velocity * 24) / 24
        repeat = (key, velocity, int(rng.integers(3)))
        if repeat not in memory:
            memory[repeat] = kit.stroke(key, max(velocity, 0.04))
        audio = memory[repeat]
        if audio is None:
            continue
        begin = int(song.seconds(note.start) * SAMPLE_RATE)
        count = min(len(audio), song.frames - begin)
        if count <= 0:
            continue
        track = TRACKS.get(key, "percussion")
        if track not in out:
            out[track] = np.zeros((song.frames, 2), np.float32)
        if key == 46:
            at = song.seconds(note.start)
            count = min(count, int((closings[np.searchsorted(closings, at + 0.02)] - at + 0.02) * SAMPLE_RATE))
            audio = audio[:count].copy()
            tail = min(880, count)
            audio[count - tail:] *= np.linspace(1, 0, tail, dtype=np.float32)[:, None]
        out[track][begin:begin + count] += audio[:count]
    return out
