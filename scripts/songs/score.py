"""A song before anything of it sounds: tempo, key, chords, sections, and each part's notes.

Times are in beats from the beginning of the song; `Song.seconds` tells where a beat lies. Pitches are MIDI
numbers and may have a fraction. Everything is drawn from generators seeded by the song's own seed, so that the
same seed gives the same song.
"""
from dataclasses import dataclass, field

STEMS = ("drums", "bass", "other", "vocals")
SAMPLE_RATE = 44100


@dataclass
class Note:
    start: float       # beats
    duration: float    # beats, > 0
    pitch: float       # MIDI number; of drums: the General MIDI percussion key
    velocity: float    # 0 to 1


@dataclass
class Chord:
    start: float
    duration: float
    root: int          # pitch class, 0 is C
    quality: str       # maj, min, 7, maj7, min7, sus4, dim, 5


@dataclass
class Section:
    name: str          # intro, verse, chorus, bridge, break, drop, outro
    start: float
    beats: float
    energy: float      # 0 to 1: how much plays, and how hard


@dataclass
class Part:
    """One player: its notes, and what it plays them on.

    Options for the mix: amp (clean, crunch, high_gain; of a bass "bass amp", "bass drive"), pan (-1 to 1), double (one
    of two takes, left and right), sidechain (depth at which the kick ducks it). For the voice: register, range (lowest
    and highest MIDI number), delivery (sing, rap, shout), harmony (third, sixth, octave, oohs, gang).
    """
    stem: str          # one of STEMS
    role: str          # kit, percussion, loop, bass, sub, rhythm, chords, pad, lead, arpeggio, riff, effects, melody, backing
    instrument: str    # a name that the renderer knows
    notes: list[Note] = field(default_factory=list)
    options: dict = field(default_factory=dict)


@dataclass
class Song:
    seed: int
    style: str
    tempo_bpm: float
    beats_per_bar: int
    swing: float       # 0 none, 1 triplets
    key: int           # pitch class of the tonic
    mode: str          # major, minor, dorian, mixolydian
    chords: list[Chord] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    @property
    def beats(self) -> float:
        return self.sections[-1].start + self.sections[-1].beats

    def seconds(self, beat: float) -> float:
        return beat * 60.0 / self.tempo_bpm

    @property
    def frames(self) -> int:
        """With two seconds in which everything rings out."""
        return int((self.seconds(self.beats) + 2.0) * SAMPLE_RATE)
