"""What a mixing desk and its racks do, on whole tracks at once: arrays are (channels, frames), float32.

Nothing loops over samples: filters are scipy's, envelopes run at 1/32 of the rate, and what varies in time is
blended from a few fixed settings.
"""
import numpy as np
import scipy.fft
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import butter, firwin, lfilter, sosfilt, upfirdn

RATE = 44100
BLOCK = 32
_ramp = (np.arange(BLOCK, dtype=np.float32) + 0.5) / BLOCK
_half = (firwin(23, 0.5, window=("kaiser", 5.0))).astype(np.float32)      # for oversampling by 2


def doubled_rate(x: np.ndarray) -> np.ndarray:
    return upfirdn(2 * _half, x, 2, 1)[..., 11:11 + 2 * x.shape[-1]].astype(np.float32, copy=False)


def halved_rate(x: np.ndarray) -> np.ndarray:
    """The inverse of `doubled_rate`."""
    padded = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(11, 0)])
    return upfirdn(_half, padded, 1, 2)[..., 11:11 + (x.shape[-1] + 1) // 2].astype(np.float32, copy=False)


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


def loud(x: np.ndarray) -> float:
    """RMS of the louder half of the track's blocks: its level while it plays."""
    mono = np.mean(np.square(x), 0) if x.ndim > 1 else np.square(x)
    blocks = mono[:len(mono) // 2048 * 2048].reshape(-1, 2048).mean(1) if len(mono) >= 2048 else mono[None].mean(1)
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


def saturate(x: np.ndarray, drive: float, kind: str = "soft", oversample: bool = False) -> np.ndarray:
    """`drive` in dB over the track's own level; the level stays."""
    level = loud(x)
    if level < 1e-6:
        return x
    factor = np.float32(10 ** (drive / 20) * 0.25 / level)
    y = doubled_rate(x) if oversample else x
    y = shape((y * factor).astype(np.float32), kind)
    if oversample:
        y = halved_rate(y)[..., :x.shape[-1]]
    return (y * np.float32(level / max(loud(y), 1e-6))).astype(np.float32)


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
    level = loud(x)
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
        y = y * upsampled(uniform_filter1d(maximum_filter1d((block_peaks(x) > 0.03 * level).astype(float), 200), 80), x.shape[-1])
    return (y * np.float32(level / max(loud(y), 1e-6))).astype(np.float32)


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
    return (response / np.sqrt((response ** 2).sum() / 2)).astype(np.float32)


def reverberate(send: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Wet sound of a mono send in a stereo space; reckoned at half the rate, where reverberation lives."""
    half = halved_rate(send.mean(0))
    wet = convolve(half[None], response)
    return doubled_rate(wet)[:, :send.shape[-1]]


def duck(x: np.ndarray, times: list[float], depth: float, release: float) -> np.ndarray:
    """Makes way for each of the `times` (seconds): what a side chain from the kick does."""
    frames = x.shape[-1]
    coarse = np.zeros(frames // BLOCK + 2)
    places = np.clip((np.array(times) * RATE / BLOCK).astype(int), 0, len(coarse) - 1)
    coarse[places] = 1
    since = np.arange(len(coarse)) - np.maximum.accumulate(np.where(coarse > 0, np.arange(len(coarse)), -10 ** 7))
    gain = 1 - depth * np.exp(-((since * BLOCK / RATE / release) ** 1.5))
    return x * upsampled(uniform_filter1d(gain, 8), frames)


def sweep(x: np.ndarray, curve: np.ndarray, kind: str = "low") -> np.ndarray:
    """A filter that moves: `curve` (per frame, 0 to 1) blends from a closed to an open one."""
    places = np.array([0.0, 0.33, 0.67])
    hertz = (250, 900, 3500) if kind == "low" else (2500, 700, 200)
    y = x * np.clip((curve - 0.67) / 0.33, 0, 1).astype(np.float32)
    for place, frequency in zip(places, hertz):
        weight = np.clip(1 - np.abs(curve - place) / 0.333, 0, 1).astype(np.float32)
        y += equalise(x, (kind, frequency, 0, 1.2)) * weight
    return y


def crush(x: np.ndarray, bits: float, hold: int) -> np.ndarray:
    """Fewer bits and a lower rate, as old samplers had."""
    levels = np.float32(2 ** (bits - 1) / max(np.abs(x).max(), 1e-6))
    y = np.round(x * levels) / levels
    if hold > 1:
        y = np.repeat(y[:, ::hold], hold, axis=1)[:, :x.shape[1]]
    return y.astype(np.float32)


def transients(x: np.ndarray, amount: float) -> np.ndarray:
    """Sharpens (or softens, below 0) attacks: the fast envelope against the slow one."""
    peaks = block_peaks(x) + 1e-5
    ratio = smoothed(peaks, 0.002) / (smoothed(peaks, 0.03) + 1e-5)
    return x * upsampled(np.clip(ratio, 0.3, 3) ** amount, x.shape[-1])


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


def growl(x: np.ndarray, rng, amount: float) -> np.ndarray:
    """Roughness of a forced throat: irregular flutter at 50-110 Hz, then distortion."""
    noise = rng.standard_normal(x.shape[-1] // BLOCK + 2)
    low = sosfilt(butter(2, [40, 120], "band", fs=RATE / BLOCK, output="sos"), noise)
    flutter = upsampled(low / max(low.std(), 1e-6), x.shape[-1])
    rough = x * np.maximum(1 + np.float32(amount) * flutter, 0.05).astype(np.float32)
    return saturate(rough, 6 + 10 * amount, "tube")
