"""Levels in time: compressors, gates, limiters, side chains, transients. Arrays are (channels, frames), float32.

Envelopes run at 1/32 of the rate and nothing loops over samples.
"""
import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import lfilter

RATE = 44100
BLOCK = 32
_ramp = (np.arange(BLOCK, dtype=np.float32) + 0.5) / BLOCK


def upsampled(curve: np.ndarray, frames: int) -> np.ndarray:
    """A curve of one value per block as one value per frame."""
    blocks = -(-frames // BLOCK)
    curve = np.asarray(curve, np.float32)
    curve = np.concatenate([curve, np.repeat(curve[-1:], max(1, blocks + 1 - len(curve)))])[:blocks + 1]
    return (curve[:-1, None] + np.diff(curve)[:, None] * _ramp).reshape(-1)[:frames]


def block_peaks(x: np.ndarray) -> np.ndarray:
    mono = np.abs(x).max(0)
    return np.pad(mono, (0, -len(mono) % BLOCK)).reshape(-1, BLOCK).max(1)


def falling(reduction: np.ndarray, decibels_per_second: float) -> np.ndarray:
    """Lets a gain reduction fall no faster than so many decibels a second."""
    ramp = np.arange(len(reduction)) * (decibels_per_second * BLOCK / RATE)
    return np.maximum.accumulate(reduction + ramp) - ramp


def smoothed(curve: np.ndarray, seconds: float) -> np.ndarray:
    a = np.exp(-BLOCK / (RATE * max(seconds, 1e-4)))
    return lfilter([1 - a], [1, -a], curve, zi=[a * curve[0]])[0]


def compression_curve(x: np.ndarray, threshold: float, ratio: float, attack: float, release: float, knee: float = 6.0) -> np.ndarray:
    """The gain (factor per frame) of a compressor listening to `x`; the threshold in dB below the track's own loud
    parts, attack in seconds, release in seconds per 10 dB."""
    level = 20 * np.log10(block_peaks(x) + 1e-6)
    reference = np.percentile(level, 95)
    over = level - reference - threshold
    over = np.where(over > knee / 2, over, np.where(over < -knee / 2, 0, (over + knee / 2) ** 2 / (2 * knee)))
    reduction = smoothed(falling(over * (1 - 1 / ratio), 10 / release), attack)
    return 10 ** (-upsampled(reduction, x.shape[-1]) / 20)


def compress(x: np.ndarray, threshold: float, ratio: float, attack: float = 0.01, release: float = 0.15, wet: float = 1.0) -> np.ndarray:
    gain = compression_curve(x, threshold, ratio, attack, release)
    if wet < 1:
        gain = gain * np.float32(wet) + np.float32(1 - wet)
    return x * gain


def gate(x: np.ndarray, below: float = -45.0) -> np.ndarray:
    """Closes where the track is `below` dB under its loud parts."""
    level = 20 * np.log10(block_peaks(x) + 1e-6)
    open_ = maximum_filter1d((level > np.percentile(level, 95) + below).astype(float), 300)
    return x * upsampled(uniform_filter1d(open_, 60), x.shape[-1])


def limit_curve(x: np.ndarray, ceiling: float, release: float = 0.12) -> np.ndarray:
    """The gain of a look-ahead limiter."""
    over = np.maximum(20 * np.log10(block_peaks(x) / ceiling + 1e-9), 0)
    reduction = maximum_filter1d(over, 5)
    reduction = np.maximum(uniform_filter1d(falling(reduction, 10 / release), 3), over)
    return 10 ** (-upsampled(maximum_filter1d(reduction, 3), x.shape[-1]) / 20)


def loud(x: np.ndarray) -> float:
    """RMS of the louder half of the track's blocks: its level while it plays."""
    frames = x.shape[-1] // 2048 * 2048
    if not frames:
        return float(np.sqrt(np.mean(np.square(x)))) if x.size else 0.0
    blocks = x[:, :frames].reshape(x.shape[0], -1, 2048)
    blocks = np.einsum("cbk,cbk->b", blocks, blocks) / (2048 * x.shape[0])
    top = blocks.max()
    playing = blocks[blocks > top * 1e-3]
    return float(np.sqrt(playing.mean())) if len(playing) else 0.0


def condense(x: np.ndarray, tail: float = 0.25) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Leaves out long silences; `expand` puts them back. For effects that don't mind."""
    peaks = maximum_filter1d(block_peaks(x), 2 * int(tail * RATE / BLOCK) + 1) > 1e-5
    edges = np.flatnonzero(np.diff(np.concatenate([[0], peaks.astype(np.int8), [0]]))) * BLOCK
    spans = [(int(a), int(min(b, x.shape[-1]))) for a, b in zip(edges[::2], edges[1::2])]
    if not spans or sum(b - a for a, b in spans) > 0.8 * x.shape[-1]:
        return x, []
    return np.concatenate([x[:, a:b] for a, b in spans], axis=1), spans


def expand(x: np.ndarray, spans: list[tuple[int, int]], frames: int) -> np.ndarray:
    if not spans:
        return x
    y = np.zeros((x.shape[0], frames), np.float32)
    position = 0
    for a, b in spans:
        y[:, a:b] = x[:, position:position + b - a]
        position += b - a
    return y


def duck(x: np.ndarray, times: list[float], depth: float, release: float) -> np.ndarray:
    """Makes way for each of the `times` (seconds): what a side chain from the kick does."""
    frames = x.shape[-1]
    coarse = np.zeros(frames // BLOCK + 2)
    places = np.clip((np.array(times) * RATE / BLOCK).astype(int), 0, len(coarse) - 1)
    coarse[places] = 1
    since = np.arange(len(coarse)) - np.maximum.accumulate(np.where(coarse > 0, np.arange(len(coarse)), -10 ** 7))
    gain = 1 - depth * np.exp(-((since * BLOCK / RATE / release) ** 1.5))
    return x * upsampled(uniform_filter1d(gain, 8), frames)


def transients(x: np.ndarray, amount: float) -> np.ndarray:
    """Sharpens (or softens, below 0) attacks: the fast envelope against the slow one."""
    peaks = block_peaks(x) + 1e-5
    ratio = smoothed(peaks, 0.002) / (smoothed(peaks, 0.03) + 1e-5)
    return x * upsampled(np.clip(ratio, 0.3, 3) ** amount, x.shape[-1])
