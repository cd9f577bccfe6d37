"""Where the sounds lie, and the decoded samples that a worker keeps in memory.

The folder of openly licensed sounds is set once per process; sound fonts and drum kits come with the system.
Decoded audio is kept under a bound of bytes, the least recently used goes first; what is kept never changes what
is heard, only how soon.
"""
import os
from collections import OrderedDict

import numpy as np
import soundfile

from .score import SAMPLE_RATE

SOUND_FONTS = {
    "fluid": ("/usr/share/sounds/sf2/FluidR3_GM.sf2", "FluidR3 GM by Frank Wen, MIT"),
    "musescore": (
        "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3", "MuseScore General by S. Christian Collins, MIT",
    ),
    "timgm": ("/usr/share/sounds/sf2/TimGM6mb.sf2", "TimGM6mb by Tim Brechbill, GPL-2"),
}
HYDROGEN_FOLDER = "/usr/share/hydrogen/data/drumkits"
LAYOUT = """\
SOUNDS holds Ogg Vorbis files as CLASS/SOURCE/NAME.ogg. NAME is the file's path in its source's repository, with _
for / and spaces. Without --sounds songs play what scripts/setup --songs installs and synthesizers, and nobody sings.

  vocals         everythingisfree, vocadito (held out for validation: vocadito, and Caesium of everythingisfree),
                 producerspace_shv, producerspace_etv, producerspace_dvs, berklee_voices, sonic-pi
  drums_loop     sonic-pi, everythingisfree
  drums_oneshot  gogodze-phu-vol-ii, uzu-drumkit, sonic-pi, vcsl, berklee_perc
  bass           growlybass, swagbass, fashionbass, pastabass, meatbass-pizz, dsmolken-double-bass-pizz,
                 discord-gm-electric-bass
  guitar         emilyguitar, shinyguitar-electric, shinyguitar-acoustic, discord-gm-steel-guitar, sonic-pi
  keys           GregSullivan-EPianos, discord-gm-pianos, berklee, sonic-pi
  strings        vsco2, discord-gm-strings, dsmolken-double-bass-arco
  synth          sonic-pi, berklee
  other          vsco2-vcsl-winds

vocals needs a singer of the split, and drums_loop, guitar, keys and synth the files that scripts/songs/loops.py and
synths.py name; of the rest, songs play what is there. The same songs come of the same files only.

The sources, all on GitHub unless said otherwise: berklee*: Tonejs/audio (berklee/). discord-gm-*:
sfzinstruments/Discord-SFZ-GM-Bank. dsmolken-*: sfzinstruments/dsmolken.double-bass. everythingisfree:
ichbinsoftware/everythingisremixed (songs 2, 3 and 6, without silences over 0.6 s, at most 150 s of each stem).
GregSullivan-EPianos: sfzinstruments/GregSullivan.E-Pianos. producerspace_*: neshanjo/strudel-producer-space-samples.
sonic-pi: sonic-pi-net/sonic-pi (etc/samples). uzu-drumkit: tidalcycles/uzu-drumkit. vcsl, vsco2*:
generative-music/samples.generative.fm. vocadito: doi.org/10.5281/zenodo.5578807, the three
singers that mir-dataset-loaders/mirdata and spotify/basic-pitch keep for their tests. The others:
sfzinstruments/karoryfer.NAME.
"""

_folder = os.environ.get("SFA_SOUNDS", "")


def set_folder(path: str) -> None:
    """Say where the openly licensed sounds (folders vocals, drums_loop, drums_oneshot, ...) lie."""
    global _folder
    _folder = path


def has_folder() -> bool:
    return bool(_folder)


def folder() -> str:
    if not _folder:
        raise RuntimeError("no folder of sounds: call sounds.set_folder or set SFA_SOUNDS")
    return _folder


class Cache:
    """Keeps arrays by key up to a bound of bytes."""

    def __init__(self, bytes_at_most: int):
        self.bound = bytes_at_most
        self.size = 0
        self.kept: OrderedDict = OrderedDict()

    def get(self, key, make):
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        value = make()
        self.kept[key] = value
        self.size += value.nbytes
        while self.size > self.bound and len(self.kept) > 1:
            self.size -= self.kept.popitem(last=False)[1].nbytes
        return value


_decoded = Cache(300 << 20)


def load(path: str, trimmed: bool = True) -> np.ndarray:
    """The file as float32 of shape (frames, 1 or 2) at the songs' rate; trimmed: without silence at the ends."""
    return _decoded.get((path, trimmed), lambda: _load(path, trimmed))


def _load(path: str, trimmed: bool) -> np.ndarray:
    audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
    audio = audio[:, :2]
    if rate != SAMPLE_RATE:
        from scipy.signal import resample_poly
        divisor = np.gcd(SAMPLE_RATE, rate)
        audio = resample_poly(audio, SAMPLE_RATE // divisor, rate // divisor, axis=0).astype(np.float32)
    if not trimmed:
        return audio
    level = np.abs(audio).max(axis=1)
    loud = np.flatnonzero(level > 0.02 * max(float(level.max(initial=0.0)), 1e-9))
    first = max(0, int(loud[0]) - 64) if len(loud) else 0
    last = min(len(audio), int(np.flatnonzero(level > 0.0003 * level.max())[-1]) + 256) if len(loud) else 1
    return np.ascontiguousarray(audio[first:last])


def resampled(audio: np.ndarray, ratio: float) -> np.ndarray:
    """Played `ratio` times as fast, by Hermite interpolation of four points."""
    if abs(ratio - 1) < 1e-6:
        return audio
    position = np.arange(0, len(audio) - 3, ratio, dtype=np.float64)
    return interpolated(audio, position + 1)


def interpolated(audio: np.ndarray, position: np.ndarray) -> np.ndarray:
    """The audio read at fractional positions, which lie in [1, frames - 2)."""
    index = position.astype(np.int32)
    t = (position - index).astype(np.float32)[:, None]
    index = np.clip(index, 1, len(audio) - 3)
    a, b, c, d = audio[index - 1], audio[index], audio[index + 1], audio[index + 2]
    slope_b, slope_c = 0.5 * (c - a), 0.5 * (d - b)
    step = b - c
    cubic = slope_b + slope_c + 2 * step
    return ((cubic * t - (3 * step + 2 * slope_b + slope_c)) * t + slope_b) * t + b
