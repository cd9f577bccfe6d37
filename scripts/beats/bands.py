"""What the beat network hears of a sound: the bands of lib/analysis/band_spectrogram.hpp, reduced as
lib/analysis/beat_network.hpp says. Log magnitudes, 100 frames a second, `INPUTS` a frame."""
import numpy as np

FRAMES_PER_SECOND = 100
INPUTS = 80
NOMINAL_SIZE, NOMINAL_RATE = 2048, 44100
SINGLE = 20     # bands at the low end that are not paired


def filters() -> np.ndarray:
    """(bands, bins of the nominal transform): triangles whose corners are the neighbours' centres."""
    corners, hz = [], 27.5
    while hz <= 17000:
        bin_ = int(np.floor(hz * NOMINAL_SIZE / NOMINAL_RATE + 0.5))
        if not corners or bin_ != corners[-1]:
            corners.append(bin_)
        hz *= 2 ** (1 / 24)
    bank = np.zeros((len(corners) - 2, NOMINAL_SIZE // 2 + 1), np.float32)
    for row, (low, centre, high) in zip(bank, zip(corners, corners[1:], corners[2:])):
        row[low + 1:centre + 1] = (np.arange(low + 1, centre + 1) - low) / (centre - low)
        row[centre + 1:high] = (high - np.arange(centre + 1, high)) / (high - centre)
    return bank


def fast_size(least: float) -> int:
    """The smallest even size >= least without a prime factor above 7."""
    size = max(4, int(np.ceil(least / 2)) * 2)
    while True:
        rest = size
        for prime in (2, 3, 5, 7):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return size
        size += 2


def reduced(mono: np.ndarray, rate: float) -> np.ndarray:
    """(frames, INPUTS) of `mono` as float32. A `rate` other than the true one plays it faster or slower."""
    size = fast_size(NOMINAL_SIZE * rate / NOMINAL_RATE)
    window = (np.hanning(size + 1)[:-1] * NOMINAL_SIZE / size).astype(np.float32)
    bank = filters()
    bins = min(size // 2 + 1, bank.shape[1])
    count = int(np.ceil(len(mono) * FRAMES_PER_SECOND / rate))
    padded = np.pad(mono.astype(np.float32), (size // 2, size))
    out = np.empty((count, INPUTS), np.float32)
    for begin in range(0, count, 1024):
        centres = np.floor(np.arange(begin, min(count, begin + 1024)) * rate / FRAMES_PER_SECOND + 0.5).astype(int)
        spectrum = np.abs(np.fft.rfft(padded[centres[:, None] + np.arange(size)] * window))[:, :bins]
        bands = np.log10(1 + spectrum.astype(np.float32) @ bank[:, :bins].T)
        paired = bands[:, SINGLE:SINGLE + 2 * (INPUTS - SINGLE)].reshape(len(bands), -1, 2).mean(2)
        out[begin:begin + len(bands)] = np.concatenate([bands[:, :SINGLE], paired], 1)
    return out
