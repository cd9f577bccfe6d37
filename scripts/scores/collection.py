"""Sounds with truths beside them, in folders.

A sound NAME.wav (flac, ogg, mp3, also NAME.mix.flac) has its truths beside it:
  NAME.beats     time, and position in the bar where that is known, 1 for the first beat
  NAME.bpm       tempo, where it is not to be had from the beats
  NAME.key       "Gb major"
  NAME.segments  begin, label; the last line is the end
  NAME.chords    begin, end, chord such as A:min or N
  NAME.class     time, KD SD HH TT CY OT: of the drums alone, which are NAME.drums.flac (or .wav)
A sound without truths whose name ends in _BPM is a loop.
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import beats
import chords
import events
import tempo

SOUNDS = {".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff"}
SAME_HIT = 0.030   # seconds: hits of a drummer's hands and feet that are one onset


@dataclass
class Sound:
    path: Path
    kind: str                               # the folder's name
    beats: np.ndarray | None = None
    downbeats: np.ndarray | None = None
    meter: int = 0                          # beats in most bars; 0 where that is not known
    bpm: float = 0.0
    key: str = ""
    segments: tuple | None = None           # (intervals, labels)
    chords: list = field(default_factory=list)   # (begin, end, name)
    hits: list = field(default_factory=list)     # (time, set of classes)
    loop: bool = False


def _segments(path: Path) -> tuple[np.ndarray, list[str]]:
    lines = events.rows(path)
    times = [float(line[0]) for line in lines]
    return np.array(list(zip(times, times[1:]))), [line[1] for line in lines[:-1]]


def _hits(path: Path) -> list[tuple[float, set[str]]]:
    groups: list[list[tuple[float, str]]] = []
    for time, name in sorted((float(line[0]), line[1]) for line in events.rows(path)):
        if groups and time - groups[-1][0][0] <= SAME_HIT:
            groups[-1].append((time, name))
        else:
            groups.append([(time, name)])
    return [(float(np.mean([time for time, _ in group])), {name for _, name in group}) for group in groups]


def _meter(path: Path) -> int:
    positions = [int(float(line[1])) for line in events.rows(path)]
    bars = [position for position, after in zip(positions, positions[1:]) if after == 1]
    return max(set(bars), key=bars.count) if bars else 0


def _sound(path: Path) -> Sound | None:
    sound = Sound(path, path.parent.name)
    name = path.stem
    drums_alone = name.endswith(".drums")
    name = name.removesuffix(".drums").removesuffix(".mix")

    def truth(suffix: str) -> Path | None:
        file = path.with_name(f"{name}.{suffix}")
        return file if file.exists() else None

    if drums_alone:
        if truth("class"):
            sound.hits = _hits(truth("class"))
        return sound if sound.hits else None
    if truth("beats"):
        sound.beats = events.read(truth("beats"))
        sound.downbeats = beats.downbeats(truth("beats"))
        sound.bpm = tempo.of_beats(sound.beats)
        sound.meter = _meter(truth("beats")) if sound.downbeats is not None else 0
    if truth("bpm"):
        sound.bpm = float(truth("bpm").read_text())
    if truth("key"):
        sound.key = truth("key").read_text().strip()
    if truth("segments"):
        sound.segments = _segments(truth("segments"))
    if truth("chords"):
        sound.chords = chords.read(truth("chords"))
    if sound.bpm or sound.key or sound.segments:
        return sound
    at_the_end = re.search(r"_(\d+(?:\.\d+)?)$", path.stem)
    if not at_the_end:
        return None
    sound.bpm, sound.loop = float(at_the_end[1]), True
    return sound


def find(folders) -> list[Sound]:
    """All sounds with a truth in these folders and the folders in them."""
    files = []
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise SystemExit(f"{folder}: no such folder")
        files += [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SOUNDS]
    return [sound for sound in map(_sound, files) if sound]
