"""Drum loops brought to a song's tempo: cut into sixteenths, played a little faster or slower, set on the grid."""
import os

import numpy as np

from . import sounds
from .score import SAMPLE_RATE, Part, Song

# Loops whose onsets keep to the sixteenths of a tempo: file and tempo.
_SONIC_PI = (
    ("arovane_beat_a", 130), ("arovane_beat_b", 130), ("arovane_beat_c", 130), ("arovane_beat_e", 130),
    ("loop_compus", 148), ("loop_electric", 97), ("loop_garzul", 120), ("loop_industrial", 135.7),
    ("loop_mehackit1", 97), ("loop_mehackit2", 97), ("loop_mika", 120), ("loop_perc2", 97), ("loop_safari", 120),
    ("loop_tabla", 90),
)
_EVERYTHING_IS_FREE = {
    "2.Lithium": (124, ("ALT_HH", "HAT_FILL", "HOUSE_BEAT", "INTRO_DRUMS", "SLOW_BEAT")),
    "3.Sodium": (140, ("HH", "ALT_HATS", "K_SN", "TOPS", "SLOW_BEAT")),
    "6.Caesium": (130, ("HATS", "ALT_HATS", "GARAGE_BEAT", "SCRATCH_HATS", "BREAK")),
}
LOOPS = [(f"sonic-pi/etc_samples_{name}", tempo) for name, tempo in _SONIC_PI]
LOOPS += [(f"everythingisfree/src_{song}_{song}_Stem_{name}", tempo)
          for song, (tempo, names) in _EVERYTHING_IS_FREE.items() for name in names]


def play_loop(part: Part, song: Song, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The part's loop, begun anew in each section."""
    def mismatch(tempo):
        return min(abs(np.log2(song.tempo_bpm / (tempo * f))) for f in (0.5, 1, 2))

    near = sorted(LOOPS, key=lambda l: mismatch(l[1]))[:10]
    file, tempo = near[int(rng.integers(len(near)))]
    factor = min((0.5, 1, 2), key=lambda f: abs(np.log2(song.tempo_bpm / (tempo * f))))
    audio = np.concatenate([[[0, 0]], sounds.load(os.path.join(sounds.folder(), "drums_loop", file + ".ogg"),
                                                  trimmed=False) * np.ones((1, 2), np.float32)]).astype(
        np.float32,
    )
    sixteenth = 60 / tempo / factor / 4
    ratio = float(np.clip(song.tempo_bpm / (tempo * factor), 0.92, 1.09))
    audio = sounds.resampled(audio, ratio)
    source = sixteenth / ratio * SAMPLE_RATE
    beats = max(4 * int(len(audio) / source / 16 + 0.1), 4)
    first = 16 * int(rng.integers(max(beats // 4 - 3, 1))) if beats > 16 else 0
    length = min(beats * 4 - first, 64)
    out = np.zeros((song.frames, 2), np.float32)
    target = song.seconds(0.25) * SAMPLE_RATE
    overlap = 220
    ramp = np.linspace(0, 1, overlap, dtype=np.float32)[:, None]
    for note in part.notes:
        for step in range(int(round(note.duration * 4))):
            begin = int(song.seconds(note.start) * SAMPLE_RATE + step * target)
            at = int((first + step % length) * source)
            piece = audio[at:at + int(min(target, source * 1.15)) + overlap].copy()
            if len(piece) < 2 * overlap or begin + len(piece) > song.frames:
                continue
            piece[-overlap:] *= 1 - ramp
            if step:
                piece[:overlap] *= ramp
            out[begin:begin + len(piece)] += piece
    return {"loop": out}
