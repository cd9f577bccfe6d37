"""Distortion: saturation, amplifiers with their cabinets, forced throats, old samplers."""
import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import butter, firwin, sosfilt, upfirdn

from . import dynamics
from .dynamics import BLOCK, RATE
from .effects import convolve, equalise, minimum_phase

_half = (firwin(23, 0.5, window=("kaiser", 5.0))).astype(np.float32)      # for oversampling by 2


def doubled_rate(x: np.ndarray) -> np.ndarray:
    return upfirdn(2 * _half, x, 2, 1)[..., 11:11 + 2 * x.shape[-1]].astype(np.float32, copy=False)


def halved_rate(x: np.ndarray) -> np.ndarray:
    """The inverse of `doubled_rate`."""
    padded = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(11, 0)])
    return upfirdn(_half, padded, 1, 2)[..., 11:11 + (x.shape[-1] + 1) // 2].astype(np.float32, copy=False)


def shape(x: np.ndarray, kind: str) -> np.ndarray:
    if kind == "tanh":
        return np.tanh(x)
    if kind == "tube":       # the halves bend differently
        return np.where(x > 0, np.tanh(x), x / (1 + np.abs(x) * 0.6)).astype(np.float32)
    if kind == "hard":
        return np.clip(x, -0.9, 0.9)
    if kind == "fuzz":
        return np.clip(x + 0.25, -0.5, 1.0).astype(np.float32) - np.float32(0.25)
    if kind == "fold":
        return np.sin(x * np.float32(1.5))
    return x / np.sqrt(1 + x * x)


def saturate(x: np.ndarray, drive: float, kind: str = "soft", oversample: bool = False) -> np.ndarray:
    """`drive` in dB over the track's own level; the level stays."""
    level = dynamics.loud(x)
    if level < 1e-6:
        return x
    factor = np.float32(10 ** (drive / 20) * 0.25 / level)
    y = doubled_rate(x) if oversample else x
    y = shape((y * factor).astype(np.float32), kind)
    if oversample:
        y = halved_rate(y)[..., :x.shape[-1]]
    return (y * np.float32(level / max(dynamics.loud(y), 1e-6))).astype(np.float32)


def cabinet(rng, bass: bool = False) -> np.ndarray:
    """A loudspeaker in a box before a microphone."""
    if bass:
        points = [(20, -14), (45, -2), (rng.uniform(70, 110), 3), (400, rng.uniform(-4, 0)), (1500, rng.uniform(-3, 3)),
                  (rng.uniform(2500, 4500), -3), (6500, -26), (20000, -60)]
    else:
        points = [(20, -40), (70, -8), (rng.uniform(95, 140), rng.uniform(1, 5)), (rng.uniform(300, 500), rng.uniform(-5, 0)), (1200, rng.uniform(-2, 1)),
                  (rng.uniform(2000, 3200), rng.uniform(2, 7)), (rng.uniform(3600, 5200), rng.uniform(-3, 2)), (rng.uniform(6200, 8000), rng.uniform(-26, -14)), (12000, -45), (22000, -70)]
    ripple = np.geomspace(150, 7000, 24)
    base = np.interp(np.log2(ripple), np.log2([p[0] for p in points]), [p[1] for p in points])
    points = sorted(points + list(zip(ripple, base + rng.normal(0, 1.3, 24))))
    return minimum_phase([p[0] for p in points], [p[1] for p in points])


def amplifier(x: np.ndarray, rng, gain: float, bass: bool = False) -> np.ndarray:
    """A guitar or bass amplifier: tight low end, one or two bending stages, tone, cabinet. `gain` 0 clean to 1 metal."""
    level = dynamics.loud(x)
    if level < 1e-6:
        return x
    y = equalise(x, ("high", (40 if bass else 70 + 90 * gain)), ("peak", rng.uniform(500, 1100), 1 + 5 * gain, 0.6))
    y = y * np.float32(0.25 / level * 10 ** ((gain * 44 - 6) / 20))
    y = doubled_rate(y)
    y = shape(y + np.float32(0.12), "tube")
    if gain > 0.45:
        y = shape(y * np.float32(1 + 5 * gain), str(rng.choice(["tanh", "soft", "hard"])))
    y = halved_rate(y)[..., :x.shape[-1]]
    y = equalise(y, ("high", 45), ("lowshelf", 180, rng.uniform(-3, 3)), ("peak", rng.uniform(500, 900), rng.uniform(-6, 3) - 3 * gain, 0.7),
                 ("highshelf", 2500, rng.uniform(-2, 4)))
    y = convolve(y, cabinet(rng, bass)[None])
    if gain > 0.6:
        y = y * dynamics.upsampled(uniform_filter1d(maximum_filter1d((dynamics.block_peaks(x) > 0.03 * level).astype(float), 200), 80), x.shape[-1])
    return (y * np.float32(level / max(dynamics.loud(y), 1e-6))).astype(np.float32)


def growl(x: np.ndarray, rng, amount: float) -> np.ndarray:
    """Roughness of a forced throat: irregular flutter at 50-110 Hz, then distortion."""
    noise = rng.standard_normal(x.shape[-1] // BLOCK + 2)
    low = sosfilt(butter(2, [40, 120], "band", fs=RATE / BLOCK, output="sos"), noise)
    flutter = dynamics.upsampled(low / max(low.std(), 1e-6), x.shape[-1])
    rough = x * np.maximum(1 + np.float32(amount) * flutter, 0.05).astype(np.float32)
    return saturate(rough, 6 + 10 * amount, "tube")


def crush(x: np.ndarray, bits: float, hold: int) -> np.ndarray:
    """Fewer bits and a lower rate, as old samplers had."""
    levels = np.float32(2 ** (bits - 1) / max(np.abs(x).max(), 1e-6))
    y = np.round(x * levels) / levels
    if hold > 1:
        y = np.repeat(y[:, ::hold], hold, axis=1)[:, :x.shape[1]]
    return y.astype(np.float32)
