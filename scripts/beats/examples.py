"""Excerpts to train on, never twice the same: another tempo, now and then one that moves, another mix of the stems,
another tone and level, noise, and bars of four that lost a beat."""
import math
from dataclasses import dataclass, field

import numpy as np

from .bands import FRAMES_PER_SECOND, INPUTS

SECONDS = 24
FRAMES = SECONDS * FRAMES_PER_SECOND


@dataclass
class Song:
    """Stems as reduced bands in sixteen bits (`SCALE` is 1.0) and the times of its beats."""
    name: str
    stems: dict[str, np.ndarray]
    beats: np.ndarray = field(default_factory=lambda: np.zeros(0))     # seconds
    downbeats: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    beats_per_bar: int = 0
    weight: float = 1.0

    @property
    def frames(self) -> int:
        return min(len(stem) for stem in self.stems.values())


SCALE = 16384


def packed(bands: np.ndarray) -> np.ndarray:
    return np.minimum(np.round(bands * SCALE), 65535).astype(np.uint16)


def wander(rng, count: int, knots: int, scale: float) -> np.ndarray:
    return np.interp(np.arange(count), np.linspace(0, count - 1, knots), rng.normal(0, scale, knots))


def speeds(rng) -> np.ndarray:
    """For each frame of the excerpt, how fast the song goes by."""
    rate = np.full(FRAMES, math.exp(rng.uniform(math.log(0.8), math.log(1.25))))
    draw = rng.random()
    if draw < 0.25:
        rate *= np.exp(wander(rng, FRAMES, int(rng.integers(3, 14)), rng.uniform(0.01, 0.06)))
    elif draw < 0.32:
        rate *= np.exp(np.linspace(-1, 1, FRAMES) * rng.normal(0, 0.06))
    return rate


def pieces_without_a_beat(song: Song, rng) -> list[tuple[float, float]]:
    """What is left of the song where each bar, or every second, loses one of its beats: bars of three and seven."""
    lost = int(rng.choice([1, 2, 3, 3, 3]))
    every = 1 if rng.random() < 0.75 else 2
    early = 0.012       # attacks begin a little before the beat
    pieces, at, bar, position = [], 0.0, 0, -1
    for k in range(len(song.beats) - 1):
        position = 0 if song.downbeats[k] else position + 1 if position >= 0 else -1
        bar += position == 0
        if position == lost and bar % every == 0:
            pieces.append((at, song.beats[k] - early))
            at = song.beats[k + 1] - early
    return pieces + [(at, song.frames / FRAMES_PER_SECOND)]


def mixed(song: Song, rng, begin: int, end: int) -> np.ndarray:
    """Power of some of the stems, each louder or softer, in another tone, with noise."""
    names = list(song.stems)
    kept = dict.fromkeys(names, True)
    if "drums" in kept and len(names) > 1:
        draw = rng.random()
        if draw < 0.25:
            kept["drums"] = False
        elif draw < 0.32:
            kept = {name: name == "drums" for name in names}
    for name in names:
        if name != "drums" and rng.random() < 0.15:
            kept[name] = False
    if not any(kept.values()):
        kept[names[0]] = True
    power = np.zeros((end - begin, INPUTS), np.float32)
    for name in names:
        if kept[name]:
            bands = song.stems[name][begin:end].astype(np.float32) * np.float32(math.log2(10) / SCALE)
            power += ((np.exp2(bands) - 1) * np.float32(10 ** (rng.normal(0, 4) / 20))) ** 2
    return coloured(power, rng)


def coloured(power: np.ndarray, rng) -> np.ndarray:
    tone = np.full(INPUTS, rng.uniform(-30, 4))
    if rng.random() < 0.6:
        tone += np.linspace(-1, 1, INPUTS) * rng.normal(0, 5)
    if rng.random() < 0.5:
        tone += wander(rng, INPUTS, 8, 4)
    if rng.random() < 0.15:       # no treble, as of a poor codec or radio
        corner = rng.integers(INPUTS // 2, INPUTS - 4)
        tone[corner:] -= np.minimum(60, np.arange(INPUTS - corner) * 12)
    if rng.random() < 0.12:       # no bass
        corner = rng.integers(4, 24)
        tone[:corner] -= np.minimum(40, np.arange(corner, 0, -1) * 6)
    power = power * (10 ** (tone / 10)).astype(np.float32)
    if rng.random() < 0.3:
        shape = 10 ** (np.linspace(0, -1, INPUTS) * rng.uniform(0, 2.5))
        level = power.mean() * 10 ** (rng.uniform(-45, -12) / 10)
        power = power + (level * shape * rng.exponential(1, power.shape)).astype(np.float32)
    return power


def excerpt(song: Song, rng) -> tuple[np.ndarray, np.ndarray]:
    """(FRAMES, INPUTS) and targets (2, FRAMES / 2): 1 at beats and downbeats, half beside them."""
    rate = speeds(rng)
    needed = rate.sum() / FRAMES_PER_SECOND
    cut = song.beats_per_bar == 4 and rng.random() < 0.14
    pieces = pieces_without_a_beat(song, rng) if cut else [(0.0, song.frames / FRAMES_PER_SECOND)]
    starts, ends = (np.array(side) for side in zip(*pieces))
    joins = np.r_[0, np.cumsum(ends - starts)]
    total = joins[-1]
    begin = rng.uniform(0, total - needed) if total > needed else rng.uniform(total - needed, 0)
    at = begin + np.r_[0, np.cumsum(rate)[:-1]] / FRAMES_PER_SECOND        # in what is left of the song
    piece = np.clip(np.searchsorted(joins, at, side="right") - 1, 0, len(starts) - 1)
    source = np.clip((starts[piece] + at - joins[piece]) * FRAMES_PER_SECOND, 0, song.frames - 2)
    frame = source.astype(int)
    part = (source - frame).astype(np.float32)[:, None]
    low = frame.min()
    bands = np.log10(1 + np.sqrt(mixed(song, rng, low, frame.max() + 2)))
    x = bands[frame - low] * (1 - part) + bands[frame - low + 1] * part
    x[(at < 0) | (at >= total)] = 0

    piece = np.clip(np.searchsorted(starts, song.beats, side="right") - 1, 0, len(starts) - 1)
    kept = song.beats < ends[piece]
    left = joins[piece] + song.beats - starts[piece]
    y = np.zeros((2, FRAMES // 2), np.float32)
    positions = np.interp(left[kept], at, np.arange(FRAMES), left=-1, right=-1)
    for position, down in zip(positions, song.downbeats[kept]):
        centre = int(round(position / 2))
        for index, value in ((centre - 1, 0.5), (centre, 1.0), (centre + 1, 0.5)):
            if position >= 0 and 0 <= index < FRAMES // 2:
                y[0, index] = max(y[0, index], value)
                y[1, index] = max(y[1, index], value * down)
    return x.astype(np.float32), y
