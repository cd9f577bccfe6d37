"""How a stem's energy lies over the octaves, brought near to what records have.

Samples and synthesizers end early in the treble, and a network that never hears bright guitars takes all treble for
cymbals and voices. So a stem is given overtones where it has none, and an equaliser turns it towards a tone drawn
round that of records.
"""
import numpy as np
from scipy.signal import butter, sosfilt, welch

from . import effects as fx
from .strips import RATE

OCTAVES = (42, 85, 170, 355, 710, 1400, 2800, 5600, 11300)            # middles, in Hz
EDGES = (30, 60, 120, 250, 500, 1000, 2000, 4000, 8000, 16000)
TONES = {"drums": (-9, -5, -9, -13, -14, -14, -13, -13, -14),          # dB of each octave against the whole stem
         "bass": (-9, -3.5, -5, -11, -17, -22, -27, -34, -45),
         "other": (-25, -14, -7.5, -5, -7, -9.5, -12.5, -18, -26),
         "vocals": (-50, -30, -10, -5, -5.5, -9, -12, -16, -21)}
SPREAD = {"drums": 3.5, "bass": 5.0, "other": 3.5, "vocals": 2.5}
CHANCE = {"drums": 0.4, "bass": 0.6, "other": 0.8, "vocals": 0.4}
_MIDDLE = butter(2, 900, "high", fs=RATE, output="sos")
_TREBLE = butter(2, 2500, "high", fs=RATE, output="sos")


def tone(x: np.ndarray) -> np.ndarray:
    """dB of each octave against the whole, of (channels, frames)."""
    hertz, power = welch(x.mean(0), RATE, nperseg=4096)
    octaves = np.array([power[(hertz >= low) & (hertz < high)].sum() for low, high in zip(EDGES, EDGES[1:])])
    return 10 * np.log10(octaves / (octaves.sum() + 1e-20) + 1e-12)


def overtones(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The stem with its middle bent, so that there is something above it; 25 dB or so below."""
    middle = sosfilt(_MIDDLE, x, axis=-1)
    level = float(np.sqrt(np.mean(np.square(middle)))) + 1e-9
    bent = np.tanh(middle / (level * rng.uniform(1, 4))) + 0.5 * np.abs(middle) / level
    return x + (sosfilt(_TREBLE, bent, axis=-1) * (0.06 * float(np.std(x)))).astype(np.float32)


def toned(stem: str, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if rng.random() >= CHANCE[stem] or not np.any(x):
        return x
    drift = np.cumsum(rng.normal(0, 0.5, len(OCTAVES)))      # neighbours go together
    wanted = np.array(TONES[stem]) + rng.normal(0, 1, len(OCTAVES)) * SPREAD[stem] * 0.6 + (drift - drift.mean()) * SPREAD[stem]
    if stem in ("other", "bass") and tone(x)[7] < wanted[7] - 8:
        x = overtones(x, rng)
    change = np.clip(0.8 * (wanted - tone(x)), -10, 14)
    change[0] = change[1]                                       # what is below is rumble, or a bass's own affair
    change -= np.average(change, weights=10 ** (tone(x) / 10))
    return fx.convolve(x, fx.minimum_phase([20, *OCTAVES, 20000], [change[0], *change, change[-1]])[None])
