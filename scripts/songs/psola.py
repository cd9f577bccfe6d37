"""Singing as a chain of pitch periods: where each period lies, and new singing laid from the same periods.

TD-PSOLA: a voice is cut at its glottal pulses into windowed grains two periods long; laid down again at other
distances they give another pitch, laid more or less often another duration, and read faster or slower another
throat (formants). Breath and sibilants are grains, too, of a fixed length, and stay noise.
"""
import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, sosfiltfilt

RATE = 44100
HOP = 441                  # of pitch tracks: 10 ms
NOISE_PERIOD = 230         # grain distance where nothing vibrates
LOW, HIGH = 65.0, 1100.0   # Hz


def track_pitch(audio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns f0 in Hz (0 where unvoiced) and clarity (0 to 1) for each 10 ms of `audio`.

    The normalised square difference function (McLeod) for all frames at once, its best few peaks, and the
    smoothest way through them by dynamic programming.
    """
    rate = RATE // 4
    low = sosfiltfilt(butter(6, 0.22, output="sos"), np.pad(audio, (0, 4)))[::4].astype(np.float32)
    size, hop = 560, HOP / 4
    count = max(1, int(len(audio) / HOP))
    padded = np.pad(low, (size // 2, size))
    starts = (np.arange(count) * hop).astype(int)
    clarity, f0 = np.zeros(count, np.float32), np.zeros(count, np.float32)
    candidates, weights = np.zeros((count, 5), np.float32), np.zeros((count, 5), np.float32)
    first, last = int(rate / HIGH), int(rate / LOW)
    for begin in range(0, count, 4096):
        rows = starts[begin:begin + 4096]
        frames = padded[rows[:, None] + np.arange(size)]
        frames = frames - frames.mean(1, keepdims=True)
        spectrum = np.fft.rfft(frames, 2048)
        correlation = np.fft.irfft(np.abs(spectrum) ** 2, 2048)[:, :last + 2]
        squares = np.cumsum(frames.astype(np.float64) ** 2, 1)
        total = squares[:, -1:]
        lags = np.arange(1, last + 2)
        energy = squares[:, size - 1 - lags] + total - squares[:, lags - 1]
        function = 2 * correlation[:, 1:] / (energy + 1e-4)
        function = np.concatenate([np.ones((len(rows), 1)), function], 1)
        middle = function[:, first:last + 1]
        peaks = (middle >= function[:, first - 1:last]) & (middle > function[:, first + 1:last + 2]) & (middle > 0.3)
        height = np.where(peaks, middle - 0.0004 * np.arange(middle.shape[1]), -1)
        best = np.argpartition(-height, 5, axis=1)[:, :5]
        row = np.arange(len(rows))[:, None]
        lag = best + first
        left, centre, right = function[row, lag - 1], function[row, lag], function[row, lag + 1]
        shift = 0.5 * (left - right) / np.minimum(left - 2 * centre + right, -1e-9)
        candidates[begin:begin + 4096] = rate / (lag + np.clip(shift, -0.5, 0.5))
        weights[begin:begin + 4096] = np.where(height[row, best] > 0, np.clip(centre, 0, 1), 0)
    # the way through: candidate 5 means unvoiced
    cost = np.concatenate([1 - weights + (weights == 0) * 9, np.full((count, 1), 0.42)], 1)
    pitch = np.log2(np.maximum(candidates, 1))
    arrival, back = cost[0], np.zeros((count, 6), np.int8)
    step = np.full((6, 6), 0.25)
    step[5, 5] = 0
    for frame in range(1, count):
        step[:5, :5] = np.minimum(np.abs(pitch[frame - 1][:, None] - pitch[frame]) * 2.5, 1.2)
        ways = arrival[:, None] + step
        back[frame] = np.argmin(ways, 0)
        arrival = ways[back[frame], np.arange(6)] + cost[frame]
    state = int(np.argmin(arrival))
    for frame in range(count - 1, -1, -1):
        if state < 5:
            f0[frame], clarity[frame] = candidates[frame, state], weights[frame, state]
        state = int(back[frame, state])
    return f0, clarity


def mark_periods(audio: np.ndarray, f0: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the pulses' positions in frames, the period at each, and whether it is voiced."""
    low = sosfiltfilt(butter(2, [60 / (RATE / 2), 900 / (RATE / 2)], "band", output="sos"), audio)
    if -low.min() > low.max():
        low = -low
    marks, periods, voiced = [], [], []
    position, in_voice, count = 0, False, len(f0)
    while position < len(audio) - 1:
        hertz = f0[min(int(position / HOP + 0.5), count - 1)]
        if hertz > 0:
            period = int(RATE / hertz)
            if in_voice:
                reach = max(2, period // 6)
                begin, end = position + period - reach, position + period + reach + 1
                position = (begin + int(np.argmax(low[begin:end]))) if end < len(low) else position + period
            else:
                end = min(position + period + 1, len(low))
                position += int(np.argmax(low[position:end]))
                in_voice = True
            periods.append(period)
        else:
            in_voice = False
            position += NOISE_PERIOD
            periods.append(NOISE_PERIOD)
        marks.append(position)
        voiced.append(in_voice)
    return np.array(marks, np.int32), np.array(periods, np.int16), np.array(voiced, bool)


_window = np.hanning(2049).astype(np.float32)


def lay(audio, marks, periods, voiced, times_out, times_in, pitch_ratio, formant=1.0, rng=None) -> np.ndarray:
    """Lays the voice anew.

    `times_out` to `times_in` (seconds, both rising) say which moment of the source sounds when; `pitch_ratio` maps
    (output seconds, input hertz) to output hertz, both arrays. `formant` above 1 makes the throat smaller.
    """
    length = int(times_out[-1] * RATE) + 1
    if len(marks) < 4 or length < 64:
        return np.zeros(max(length, 1), np.float32)
    grid = np.arange(0, times_out[-1], 0.002)
    source = np.interp(grid, times_out, times_in) * RATE
    nearest = np.clip(np.searchsorted(marks, source), 0, len(marks) - 1)
    hertz = RATE / np.maximum(periods[nearest].astype(np.float32), 20)
    wanted = np.where(voiced[nearest], np.clip(pitch_ratio(grid, hertz), 40, 1800), RATE / NOISE_PERIOD)
    phase = np.concatenate([[0], np.cumsum(wanted * 0.002)])
    ticks = np.interp(np.arange(0, int(phase[-1])), phase, np.arange(len(phase)) * 0.002)
    if not len(ticks):
        return np.zeros(length, np.float32)
    source = np.interp(ticks, times_out, times_in)
    if rng is not None and len(ticks) > 8:      # a held vowel is not the same period again and again
        slow = np.clip(1.3 - 1.5 * np.gradient(source) / np.maximum(np.gradient(ticks), 1e-5), 0, 1)
        source = source + 0.05 * slow * gaussian_filter1d(rng.standard_normal(len(ticks)), 12)
    source = source * RATE
    index = np.clip(np.searchsorted(marks, source), 1, len(marks) - 1)
    index -= (source - marks[index - 1]) < (marks[index] - source)
    repeated = np.concatenate([[False], index[1:] == index[:-1]])
    noisy = ~voiced[index]
    radius = np.minimum(periods[index].astype(np.int64), 700)
    radius = np.maximum((radius / formant).astype(np.int64), 24)
    if rng is not None:   # noise that repeats would hum
        ticks = ticks + noisy * rng.uniform(-0.001, 0.001, len(ticks))
    centre_out = (ticks * RATE).astype(np.int64)
    distance = np.gradient(ticks) * RATE if len(ticks) > 1 else np.array([NOISE_PERIOD])
    gain = np.where(noisy, 1.0, np.sqrt(np.clip(distance / radius, 0.4, 1.6))).astype(np.float32)
    sizes = 2 * radius + 1
    ends = np.cumsum(sizes)
    offset = np.arange(ends[-1]) - np.repeat(ends - sizes + radius, sizes)      # -radius to radius in each grain
    shape = _window[((offset / np.repeat(radius, sizes) + 1) * 1024).astype(np.int32)] * np.repeat(gain, sizes)
    direction = np.where(repeated & noisy, -formant, formant)
    where = offset * np.repeat(direction, sizes) + np.repeat(marks[index].astype(np.float64), sizes)
    where = np.clip(where, 0, len(audio) - 2.001)
    whole = where.astype(np.int64)
    if formant == 1.0:
        grain = audio[whole]
    else:
        part = (where - whole).astype(np.float32)
        grain = audio[whole] * (1 - part) + audio[whole + 1] * part
    target = offset + np.repeat(centre_out, sizes)
    inside = (target >= 0) & (target < length)
    if not inside.all():
        target, grain, shape = target[inside], grain[inside], shape[inside]
    return np.bincount(target, weights=grain * shape, minlength=length)[:length].astype(np.float32)
