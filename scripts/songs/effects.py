"""What a mixing desk and its racks do, on whole tracks at once: arrays are (channels, frames), float32.

Nothing loops over samples: filters are scipy's, and what varies in time is blended from a few fixed settings.
"""
import numpy as np
import scipy.fft
from scipy.ndimage import uniform_filter1d
from scipy.signal import sosfilt

from .dynamics import BLOCK, RATE, upsampled


def biquad(kind: str, hertz: float, gain: float = 0.0, q: float = 0.707) -> np.ndarray:
    """One section of the Audio EQ Cookbook: low, high (passes), lowshelf, highshelf, peak, notch."""
    w = 2 * np.pi * min(hertz, 0.47 * RATE) / RATE
    cos, alpha, a = np.cos(w), np.sin(w) / (2 * q), 10 ** (gain / 40)
    root = 2 * np.sqrt(a) * alpha
    if kind == "low":
        b, d = [(1 - cos) / 2, 1 - cos, (1 - cos) / 2], [1 + alpha, -2 * cos, 1 - alpha]
    elif kind == "high":
        b, d = [(1 + cos) / 2, -1 - cos, (1 + cos) / 2], [1 + alpha, -2 * cos, 1 - alpha]
    elif kind == "peak":
        b, d = [1 + alpha * a, -2 * cos, 1 - alpha * a], [1 + alpha / a, -2 * cos, 1 - alpha / a]
    elif kind == "notch":
        b, d = [1, -2 * cos, 1], [1 + alpha, -2 * cos, 1 - alpha]
    elif kind == "lowshelf":
        b = [a * (a + 1 - (a - 1) * cos + root), 2 * a * (a - 1 - (a + 1) * cos), a * (a + 1 - (a - 1) * cos - root)]
        d = [a + 1 + (a - 1) * cos + root, -2 * (a - 1 + (a + 1) * cos), a + 1 + (a - 1) * cos - root]
    else:
        b = [a * (a + 1 + (a - 1) * cos + root), -2 * a * (a - 1 + (a + 1) * cos), a * (a + 1 + (a - 1) * cos - root)]
        d = [a + 1 - (a - 1) * cos + root, 2 * (a - 1 - (a + 1) * cos), a + 1 - (a - 1) * cos - root]
    return np.array(b + d) / d[0]


def equalise(x: np.ndarray, *bands: tuple) -> np.ndarray:
    """Bands are arguments of `biquad`."""
    if not bands:
        return x
    return sosfilt(np.array([biquad(*band) for band in bands], np.float32), x).astype(np.float32, copy=False)


def minimum_phase(hertz: list, decibels: list, taps: int = 512) -> np.ndarray:
    """A short impulse response with the magnitude drawn through the points."""
    size = 4096
    axis = np.log2(np.maximum(np.arange(size // 2 + 1) * RATE / size, 10))
    magnitude = np.interp(axis, np.log2(hertz), decibels) * np.log(10) / 20
    cepstrum = np.fft.irfft(magnitude)
    cepstrum[1:size // 2] *= 2
    cepstrum[size // 2 + 1:] = 0
    response = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)))[:taps]
    response[taps // 2:] *= np.linspace(1, 0, taps - taps // 2)
    return response.astype(np.float32)


def convolve(x: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Overlap-save, all blocks in one go; one channel through a stereo response becomes stereo."""
    length = response.shape[-1]
    size = 16384
    while size < 3 * length:
        size *= 2
    hop = size - length + 1
    rows, frames = x.shape
    blocks = -(-frames // hop)
    padded = np.zeros((rows, length - 1 + blocks * hop), np.float32)
    padded[:, length - 1:length - 1 + frames] = x
    view = np.lib.stride_tricks.as_strided(padded, (rows, blocks, size), (padded.strides[0], hop * 4, 4))
    spectrum = scipy.fft.rfft(view) * scipy.fft.rfft(response.astype(np.float32), size)[:, None]
    return scipy.fft.irfft(spectrum, size)[..., length - 1:].reshape(len(spectrum), -1)[:, :frames]


def delayed(x: np.ndarray, delay: np.ndarray) -> np.ndarray:
    """`x` read `delay` frames late, a different delay at each frame; linear between frames."""
    frames = x.shape[-1]
    place = np.arange(frames, dtype=np.float64) - delay
    np.clip(place, 0, frames - 2, out=place)
    whole = place.astype(np.int32)
    part = (place - whole).astype(np.float32)
    return x[..., whole] * (1 - part) + x[..., whole + 1] * part


def oscillator(frames: int, hertz: float, phase: float = 0.0) -> np.ndarray:
    coarse = np.arange(frames // BLOCK + 2)
    return upsampled(np.sin(2 * np.pi * (hertz * coarse * BLOCK / RATE + phase)), frames)


def stereo(x: np.ndarray) -> np.ndarray:
    return x if x.shape[0] == 2 else np.repeat(x, 2, 0)


def chorus(x: np.ndarray, rate: float, depth: float, wet: float, delay: float = 0.012) -> np.ndarray:
    """`depth` and `delay` in seconds; left and right swing apart. A delay of 1-3 ms is a flanger."""
    x = stereo(x)
    wave = oscillator(x.shape[1], rate)
    late = (delay + depth) * RATE
    left = delayed(x[:1], late + depth * RATE * wave)
    right = delayed(x[1:], late - depth * RATE * wave)
    return x * np.float32(1 - 0.4 * wet) + np.float32(wet * 0.8) * np.concatenate([left, right])


def phaser(x: np.ndarray, rate: float, wet: float = 0.8) -> np.ndarray:
    """Notches that wander: a blend, moving in time, of all-pass chains at fixed places."""
    phase = oscillator(x.shape[-1], rate) * 0.5 + 0.5
    places = np.linspace(0, 1, 4)
    y = np.zeros_like(x)
    for place in places:
        c = (np.tan(np.pi * 300 * 2 ** (place * 3) / RATE) - 1) / (np.tan(np.pi * 300 * 2 ** (place * 3) / RATE) + 1)
        chain = sosfilt(np.array([[c, 1, 0, 1, c, 0]] * 4, np.float32), x)
        y += chain * np.clip(1 - np.abs(phase - place) * 3, 0, 1).astype(np.float32)
    return (x + np.float32(wet) * y) * np.float32(0.7)


def tremolo(x: np.ndarray, rate: float, depth: float, pan: bool = False) -> np.ndarray:
    wave = oscillator(x.shape[-1], rate) * np.float32(depth * 0.5)
    if pan:
        x = stereo(x)
        return np.stack([x[0] * (1 - np.float32(depth * 0.5) + wave), x[1] * (1 - np.float32(depth * 0.5) - wave)])
    return x * (1 - np.float32(depth * 0.5) + wave)


def widen(x: np.ndarray, width: float) -> np.ndarray:
    """Side times `width`; 0 is mono."""
    if x.shape[0] == 1:
        return x
    middle, side = (x[0] + x[1]) * np.float32(0.5), (x[0] - x[1]) * np.float32(0.5 * width)
    return np.stack([middle + side, middle - side])


def spread(x: np.ndarray, rng, amount: float = 0.5) -> np.ndarray:
    """Mono to stereo by opposite ripples of the two sides' spectra."""
    x = x.mean(0, keepdims=True)
    points = np.geomspace(150, 16000, 14)
    signs = rng.choice([-1, 1], 14) * rng.uniform(2, 7, 14) * amount
    left, right = minimum_phase(list(points), list(signs), 256), minimum_phase(list(points), list(-signs), 256)
    return np.concatenate([convolve(x, left[None]), convolve(x, right[None])])


def sweep(x: np.ndarray, curve: np.ndarray, kind: str = "low") -> np.ndarray:
    """A filter that moves: `curve` (per frame, 0 to 1) blends from a closed to an open one."""
    places = np.array([0.0, 0.33, 0.67])
    hertz = (250, 900, 3500) if kind == "low" else (2500, 700, 200)
    y = x * np.clip((curve - 0.67) / 0.33, 0, 1).astype(np.float32)
    for place, frequency in zip(places, hertz):
        weight = np.clip(1 - np.abs(curve - place) / 0.333, 0, 1).astype(np.float32)
        y += equalise(x, (kind, frequency, 0, 1.2)) * weight
    return y


def vocode(voice: np.ndarray, carrier: np.ndarray) -> np.ndarray:
    """The voice's spectral envelope upon another sound: chords for a vocoder, noise for a whisper. Both mono rows."""
    size, hop = 1024, 256
    window = np.hanning(size + 1)[:-1].astype(np.float32)

    def spectra(x):
        padded = np.pad(x[0], (size, size))
        frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
        return scipy.fft.rfft(frames * window)

    one, two = spectra(voice), spectra(carrier[:, :voice.shape[1]])
    envelope = uniform_filter1d(np.abs(one), 11, axis=1)
    flat = two / (uniform_filter1d(np.abs(two), 11, axis=1) + 1e-4)
    frames = scipy.fft.irfft(flat * envelope, size) * window
    length = (len(frames) + 4) * hop
    y = np.zeros(length, np.float32)
    for part in range(size // hop):
        rows = frames[:, part * hop:(part + 1) * hop].reshape(-1)
        y[part * hop:part * hop + len(rows)] += rows
    return (y[None, size:size + voice.shape[1]] * np.float32(0.67)).astype(np.float32)


def whisper(voice: np.ndarray, rng) -> np.ndarray:
    return vocode(voice, rng.standard_normal(voice.shape, np.float32) * np.float32(0.1))
