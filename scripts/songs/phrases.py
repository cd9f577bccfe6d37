"""The voices at hand: phrases of real singers and of speech synthesisers, analysed once and kept in a cache.

Each phrase knows who sings it, its pitch periods, its syllables, and how its pitch lies. Whole singers are held
out: what a validation song sings with, no training song has.
"""
import hashlib
import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, find_peaks, resample_poly, sosfiltfilt

from . import psola, speech

RATE = 44100
VERSION = 3
LINES = 26                 # per synthetic voice
HELD_OUT = ("vocadito", "caesium")
LICENCES = {
    "vocals/producerspace_shv": "Producer Space vocals, CC0-1.0", "vocals/producerspace_etv": "Producer Space vocals, CC0-1.0",
    "vocals/producerspace_dvs": "Producer Space vocals, CC0-1.0",
    "vocals/everythingisfree": "Everything Is Free by Software-Entwicklungskit, CC0-1.0",
    "vocals/vocadito": "vocadito by Bittner et al., CC BY 4.0", "vocals/berklee_voices": "Berklee College of Music OLPC samples, CC BY 3.0",
    "vocals/sonic-pi": "Sonic Pi samples, CC0", "espeak-ng": "eSpeak NG, GPL-3.0-or-later", "flite": "Flite voices, CMU licence",
    "festival": "Festival voices, CMU licence, LGPL or GPL by voice"}


@dataclass
class Phrase:
    singer: str
    kind: str              # lead, backing, adlib, spoken, vowel, ensemble
    synthetic: bool
    validation: bool
    source: str
    bpm: float             # 0 unknown
    begin: int             # frames in the bank's audio
    length: int
    marks: tuple           # begin, end in the bank's marks
    pitches: tuple         # begin, end in the bank's pitch track
    syllables: list        # [start, vowel, end, median MIDI pitch, level in dB] in seconds
    median: float          # MIDI
    classes: list          # how long each of the 12 pitch classes sounds, sum 1
    level: float           # RMS of what sounds
    name: str = ""         # words or note


def singer_of(path: Path) -> tuple[str, str, float, str]:
    """Returns singer, kind, tempo and words, as the file's name tells."""
    folder, name = path.parent.name, path.stem
    tempo = re.search(r"(\d{2,3})[_-]*BPM", name)
    bpm = float(tempo.group(1)) if tempo else 0.0
    if folder == "producerspace_shv":
        return "shv-" + "-".join(name.split("_")[1:3]), "lead", bpm, name.split("BPM_-_")[-1]
    if folder == "producerspace_etv":
        return "etv", ("adlib" if "adlib" in name else "lead"), bpm, name
    if folder == "producerspace_dvs":
        return name.split("_")[0], "spoken", 0.0, name.split("-_")[-1]
    if folder == "everythingisfree":
        song = name.split("_")[1].split(".")[-1].lower()
        return song, ("lead" if "_VOX_" in name else "backing"), 0.0, name
    if folder == "vocadito":
        return "vocadito-" + name.split("_")[-1], "lead", 0.0, name
    if folder == "berklee_voices":
        group = re.search(r"(fe)?malevoices?", name).group(0)
        return f"berklee-{group}", ("ensemble" if "voices" in name else "vowel"), 0.0, name
    return folder, "ensemble", 0.0, name


def recordings(sounds: Path) -> list[Path]:
    """The files that real singers' phrases are cut out of."""
    return [path for path in sorted((sounds / "vocals").rglob("*.ogg"))
            if "REVERSE" not in path.name and "Percussion" not in path.name]


def is_held_out(singer: str) -> bool:
    return any(word in singer for word in HELD_OUT)


def cut(audio: np.ndarray) -> list[tuple[int, int]]:
    """Returns where `audio` sounds: pieces between silences, at most about nine seconds long."""
    frames = len(audio) // 441
    if frames < 20:
        return []
    level = 10 * np.log10(np.mean(audio[:frames * 441].reshape(-1, 441).astype(np.float64) ** 2, 1) + 1e-10)
    active = level > max(level.max() - 40, -58)
    pieces, gap = [], 30
    indices = np.flatnonzero(active)
    if not len(indices):
        return []
    for piece in np.split(indices, np.flatnonzero(np.diff(indices) > gap) + 1):
        todo = [(piece[0], piece[-1] + 1)]
        while todo:
            begin, end = todo.pop(0)
            if end - begin > 900:    # cut at the softest place in its middle
                smooth = gaussian_filter1d(level[begin:end], 5)
                middle = begin + 200 + int(np.argmin(smooth[200:-200]))
                todo[:0] = [(begin, middle), (middle, end)]
            elif end - begin >= 15:
                pieces.append((max(0, begin - 4) * 441, min(frames, end + 8) * 441))
    return pieces


def syllables(audio: np.ndarray, f0: np.ndarray) -> list:
    """Returns the syllables: peaks of the vowels' band, with the dips between them and the vowels' onsets."""
    band = sosfiltfilt(butter(2, [250, 3500], "band", fs=RATE, output="sos"), audio)
    frames = len(f0)
    band = np.pad(band, (0, max(0, frames * 441 - len(band))))[:frames * 441]
    energy = np.mean(band.reshape(-1, 441) ** 2, 1) * (0.15 + 0.85 * (f0 > 0))
    level = 10 * np.log10(gaussian_filter1d(energy, 2.5) + 1e-9)
    peaks, _ = find_peaks(np.concatenate([[-90], level, [-90]]), prominence=2.5, distance=10, height=level.max() - 26)
    peaks = peaks - 1
    result = []
    semitones = np.where(f0 > 0, 12 * np.log2(np.maximum(f0, 1) / 440) + 69, np.nan)
    edges = [0] + [int(a + np.argmin(level[a:b])) for a, b in zip(peaks[:-1], peaks[1:])] + [frames]
    for peak, begin, end in zip(peaks, edges[:-1], edges[1:]):
        if end - begin < 4:
            continue
        before = np.flatnonzero(level[begin:peak + 1] >= level[peak] - 7)
        vowel = begin + (int(before[0]) if len(before) else 0)
        pitched = semitones[vowel:end]
        pitched = pitched[~np.isnan(pitched)]
        result.append([round(begin / 100, 3), round(vowel / 100, 3), round(end / 100, 3),
                       round(float(np.median(pitched)), 2) if len(pitched) > 2 else 0.0, round(float(level[peak]), 1)])
    return result


class Builder:
    def __init__(self):
        self.phrases, self.audio, self.marks, self.periods, self.voiced, self.f0 = [], [], [], [], [], []
        self.position = self.mark_position = self.pitch_position = 0

    def add(self, audio, singer, kind, synthetic, validation, source, bpm, name):
        audio = sosfiltfilt(butter(2, 60, "high", fs=RATE, output="sos"), audio).astype(np.float32)
        for begin, end in cut(audio):
            piece = audio[begin:end].copy()
            fade = np.linspace(0, 1, 220, dtype=np.float32)
            piece[:220] *= fade
            piece[-440:] *= np.repeat(fade[::-1], 2)
            peak = float(np.abs(piece).max())
            if peak < 0.004:
                continue
            piece *= 0.7 / peak
            f0, clarity = psola.track_pitch(piece)
            marks, periods, voiced = psola.mark_periods(piece, f0)
            parts = syllables(piece, f0)
            if not parts or not len(marks):
                continue
            pitched = f0 > 0
            midi = 12 * np.log2(f0[pitched] / 440) + 69
            classes = np.bincount(np.round(midi).astype(int) % 12, minlength=12).astype(float) + 1e-6
            actual = kind
            if kind in ("lead", "backing") and (pitched.mean() < 0.35 or np.median(clarity[pitched]) < 0.86):
                actual = "ensemble" if kind == "backing" else "spoken"
            squares = np.sort(np.mean(piece[:len(piece) // 441 * 441].reshape(-1, 441) ** 2, 1))
            loud = float(np.sqrt(squares[len(squares) // 3:].mean()))
            self.phrases.append(Phrase(
                singer, actual, synthetic, validation, source, bpm, self.position, len(piece),
                (self.mark_position, self.mark_position + len(marks)),
                (self.pitch_position, self.pitch_position + len(f0)), parts,
                round(float(np.median(midi)), 2) if len(midi) else 0.0,
                [round(float(c), 4) for c in classes / classes.sum()], loud, name[:80]))
            self.audio.append((piece * 32767).astype(np.int16))
            self.marks.append(marks)
            self.periods.append(periods)
            self.voiced.append(voiced)
            self.f0.append(f0)
            self.position += len(piece)
            self.mark_position += len(marks)
            self.pitch_position += len(f0)

    def save(self, folder: Path):
        for name in ("audio", "marks", "periods", "voiced", "f0"):
            np.save(folder / f"{name}.npy", np.concatenate(getattr(self, name)))
        (folder / "phrases.json").write_text(json.dumps([asdict(phrase) for phrase in self.phrases]))


def build(sounds: Path, folder: Path) -> None:
    builder = Builder()
    for path in recordings(sounds):
        singer, kind, bpm, name = singer_of(path)
        audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
        audio = audio.mean(1)
        if rate != RATE:
            audio = resample_poly(audio, RATE, rate)
        builder.add(audio, singer, kind, False, is_held_out(singer), f"vocals/{path.parent.name}", bpm, name)
    with tempfile.TemporaryDirectory() as temporary:
        for voice in speech.VOICES:
            for line in speech.speak(voice, LINES, Path(temporary)):
                builder.add(line, voice[0], "spoken", True, voice[4], voice[1], 0.0, "")
    builder.save(folder)


class Bank:
    """All phrases, their sound mapped into memory."""

    def __init__(self, sounds: Path, cache: Path, split: str = "train"):
        names = sorted(str(path.relative_to(sounds)) for path in (sounds / "vocals").rglob("*.ogg"))
        key = hashlib.sha256("\n".join([str(VERSION), str(LINES)] + names).encode()).hexdigest()[:12]
        folder = cache / f"voices-{key}"
        if not folder.exists():
            cache.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(dir=cache))
            build(sounds, temporary)
            try:
                os.rename(temporary, folder)
            except OSError:      # another process was faster
                shutil.rmtree(temporary)
        for name in ("audio", "marks", "periods", "voiced", "f0"):
            setattr(self, name, np.load(folder / f"{name}.npy", mmap_mode="r"))
        every = [Phrase(**item) for item in json.loads((folder / "phrases.json").read_text())]
        self.phrases = [phrase for phrase in every if phrase.validation == (split == "validation")]
        self.by_singer: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            self.by_singer.setdefault(phrase.singer, []).append(phrase)
        self.vowels = [phrase for phrase in self.phrases if phrase.kind == "vowel"]

    def sound(self, phrase: Phrase):
        """Returns audio, marks, periods and voicing, as psola.lay takes them."""
        a, b = phrase.marks
        audio = self.audio[phrase.begin:phrase.begin + phrase.length].astype(np.float32) / 32767
        return audio, self.marks[a:b], self.periods[a:b], self.voiced[a:b]

    def pitch(self, phrase: Phrase) -> np.ndarray:
        return self.f0[phrase.pitches[0]:phrase.pitches[1]]
