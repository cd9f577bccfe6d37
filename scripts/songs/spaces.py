"""Rooms, plates, halls, springs, and echoes."""
import numpy as np
from scipy.signal import butter, sosfilt

from .distortion import doubled_rate, halved_rate
from .effects import RATE, convolve, equalise, stereo


def echo(x: np.ndarray, seconds: float, feedback: float, count: int = 5, ping_pong: bool = True, top: float = 5000) -> np.ndarray:
    """The repeats alone, each a little duller."""
    x = stereo(x)
    y = np.zeros_like(x)
    source, gain = equalise(x, ("low", top), ("high", 180)), 1.0
    for number in range(1, count + 1):
        shift = int(seconds * number * RATE)
        if shift >= x.shape[1]:
            break
        repeat = source[:, :-shift]
        if ping_pong:
            side = number % 2
            y[side, shift:] += repeat.mean(0) * np.float32(gain * 1.2)
        else:
            y[:, shift:] += repeat * np.float32(gain)
        gain *= feedback
    return y


def space(rng, kind: str, seconds: float, rate: int = RATE // 2) -> np.ndarray:
    """A stereo impulse response: early reflections, then noise that decays, the treble sooner."""
    frames = int(min(seconds * 1.2, 4.0) * rate) + 512
    time = np.arange(frames) / rate
    noise = rng.standard_normal((2, frames))
    if kind == "spring":
        frequency = np.linspace(3500, 300, frames)
        noise = noise * 0.4 + np.sin(2 * np.pi * np.cumsum(frequency) / rate + rng.uniform(0, 6, (2, 1)))
    tail = np.zeros((2, frames))
    edges = [(None, 500, 1.1), (500, 3000, 1.0), (3000, None, 0.45 if kind != "plate" else 0.75)]
    for low, high, length in edges:
        if low is None:
            sos = butter(2, high, "low", fs=rate, output="sos")
        elif high is None:
            sos = butter(2, low, "high", fs=rate, output="sos")
        else:
            sos = butter(2, [low, high], "band", fs=rate, output="sos")
        tail += sosfilt(sos, noise) * 10 ** (-3 * time / (seconds * length))
    delay = {"plate": 0.0, "room": 0.004, "hall": 0.02, "spring": 0.015, "ambience": 0.0}.get(kind, 0.01) * rng.uniform(0.7, 1.5)
    tail *= 1 - np.exp(-time / (0.002 if kind in ("plate", "ambience") else 0.012 * rng.uniform(0.5, 2)))
    tail = np.roll(tail, int(delay * rate), axis=1)
    early = np.zeros((2, frames))
    if kind in ("room", "hall", "ambience"):
        for _ in range(14):
            at = int(rng.uniform(0.003, 0.04 if kind == "room" else 0.08) * rate)
            early[:, at] += rng.normal(0, 1, 2) * np.exp(-at / rate / 0.04)
    response = tail / np.sqrt((tail ** 2).sum() / 2) + early / max(np.sqrt((early ** 2).sum() / 2), 1e-6) * 0.6
    low = sosfilt(butter(2, rng.uniform(120, 400), "high", fs=rate, output="sos"), response / np.sqrt((response ** 2).sum() / 2))
    return low.astype(np.float32)


def reverberate(send: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Wet sound of a mono send in a stereo space; reckoned at half the rate, where reverberation lives."""
    half = halved_rate(send.mean(0))
    wet = convolve(half[None], response)
    return doubled_rate(wet)[:, :send.shape[-1]]
