"""Who sings in a song, with what manner and range; and the tracks that their lines are laid into."""
import numpy as np

from .phrases import Bank
from .score import Note, Part, Song
from .singing import Manner

RATE = 44100
ELECTRONIC = ("house", "techno", "trance", "edm", "electro", "dubstep", "drum", "synth", "dance", "garage", "ambient", "trap")
SPOKEN = ("hip", "rap", "trap")


class Track:
    """A mono or stereo track that lines are laid into."""

    def __init__(self, song: Song):
        self.audio = np.zeros(song.frames, np.float32)
        self.used = False

    def add(self, begin: float, audio: np.ndarray, gain: float = 1.0) -> None:
        position = int(begin * RATE)
        if position < 0:
            audio, position = audio[-position:], 0
        audio = audio[:max(0, len(self.audio) - position)]
        if len(audio):
            self.audio[position:position + len(audio)] += audio * np.float32(gain)
            self.used = True


def phrases_of(part: Part, song: Song) -> list[list[Note]]:
    """The part's notes in phrases: parted by rests of a beat or 0.45 s, at most about nine seconds."""
    result: list[list[Note]] = []
    for note in sorted(part.notes, key=lambda note: note.start):
        last = result[-1][-1] if result else None
        gap = song.seconds(note.start - last.start - last.duration) if last else 9
        span = song.seconds(note.start - result[-1][0].start) if result else 0
        if gap > 0.45 or (gap > 0.12 and span > 5) or span > 9:
            result.append([])
        result[-1].append(note)
    return result


def section_at(song: Song, beat: float):
    for section in song.sections:
        if section.start - 1e-6 <= beat < section.start + section.beats:
            return section
    return song.sections[-1]


class Singer:
    """A cast voice: its phrases by kind, its manner, and its range."""

    def __init__(self, name: str, song: Song, rng, melody: list[Note], bank: Bank):
        self.name = name
        self.phrases = bank.by_singer[name]
        self.synthetic = self.phrases[0].synthetic
        tuned = rng.random() < (0.35 if any(word in song.style for word in ELECTRONIC + SPOKEN) else 0.15)
        self.manner = Manner(
            formant=float(np.clip(np.exp(rng.normal(0, 0.08)), 0.82, 1.22)),
            tune=float(rng.uniform(0.7, 1.0)) if tuned else float(rng.uniform(0, 0.4)),
            glide=float(rng.uniform(0.005, 0.03) if tuned else rng.uniform(0.03, 0.09)),
            vibrato=float(rng.uniform(0, 0.45) if self.synthetic else rng.uniform(0, 0.2)),
            vibrato_rate=float(rng.uniform(4.8, 6.4)),
            keep=float(rng.uniform(0.3, 0.7) if self.synthetic else rng.uniform(0.6, 1.0)),
            drift=float(rng.uniform(0.03, 0.14)))
        self.plain = not self.synthetic and not tuned and rng.random() < 0.45      # phrases are played as recorded
        pitched = [phrase for phrase in self.phrases if phrase.median > 30 and phrase.kind not in ("spoken",)] or self.phrases
        self.sung = [p for p in self.phrases if p.kind in ("lead", "adlib", "backing") or (p.synthetic and p.kind == "spoken")]
        self.range = float(np.median([phrase.median for phrase in pitched]))
        if self.synthetic:      # speech lies low; it sings where a voice of its throat would
            self.range = float(np.clip(self.range + rng.uniform(2, 14), 50, 67))
        self.range += 12 * np.log2(self.manner.formant)
        centre = float(np.median([note.pitch for note in melody])) if melody else 60.0
        self.octave = 12 * round((self.range - centre) / 12)


def cast(song: Song, rng, bank: Bank, melody: list[Note], synthetic_share: float = 0.2) -> Singer:
    """Draws a lead singer: synthetic or real, the real ones by how much they have."""
    synthetic = rng.random() < synthetic_share
    names = [name for name, phrases in bank.by_singer.items() if phrases[0].synthetic == synthetic
             and sum(p.length for p in phrases if p.kind in ("lead", "adlib", "spoken") or p.synthetic) > 5 * RATE
             and any(p.kind == "lead" or p.synthetic for p in phrases)]
    if not names:
        names = [name for name, phrases in bank.by_singer.items() if any(p.kind == "lead" or p.synthetic for p in phrases)]
    weights = np.array([sum(p.length for p in bank.by_singer[name]) ** 0.4 for name in names])
    return Singer(names[rng.choice(len(names), p=weights / weights.sum())], song, rng, melody, bank)
