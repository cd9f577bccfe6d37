"""Drum machines by synthesis: kicks of falling sines, snares and claps of noise, hats of metallic squares."""
import numpy as np
from scipy.signal import butter, sosfilt

from .score import SAMPLE_RATE

KEYS = (35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 55, 56, 57, 62, 63, 64, 70, 75)

_TOMS = {41: 75, 43: 85, 45: 105, 47: 125, 48: 145, 50: 165, 62: 330, 63: 280, 64: 200}   # Hz


def _band(noise, low, high):
    return sosfilt(butter(2, [low, min(high, 20000)], "band", fs=SAMPLE_RATE, output="sos"), noise)


def _glide(hertz):
    """A sine whose pitch moves."""
    return np.sin(2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE)


class Machine:
    """A machine whose knobs are set once; each sound is made once and repeats exactly, as machines do."""

    def __init__(self, model: str, rng: np.random.Generator):
        self.model, self.rng = model, np.random.default_rng(int(rng.integers(1 << 31)))
        self.kept: dict = {}
        wide = 1.0 if model == "drawn" else 0.35
        u = lambda low, high: (low + high) / 2 + (high - low) / 2 * wide * self.rng.uniform(-1, 1)
        deep = model == "808"
        self.knobs = dict(
            kick=u(42, 62) if not deep else u(44, 54), sweep=u(60, 340) if not deep else u(20, 90),
            fall=u(0.012, 0.05), kick_decay=u(0.12, 0.4) if not deep else u(0.35, 0.8), click=u(0, 0.6),
            drive=u(0, 3), snare=u(160, 240), snare_decay=u(0.08, 0.28), noise=u(0.4, 0.95), noise_low=u(400, 1800),
            noise_high=u(3500, 11000), hat=u(0.025, 0.09), open=u(0.2, 0.6), hat_low=u(5000, 9000),
            clap=u(0.08, 0.25), metal=u(0.7, 1.4),
        )

    def sound(self, key: int) -> np.ndarray:
        if key not in self.kept:
            audio = np.asarray(self._made(key), np.float32)
            fade = min(400, len(audio))
            audio[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
            self.kept[key] = (audio / max(float(np.abs(audio).max()), 1e-6))[:, None]
        return self.kept[key]

    def _time(self, seconds):
        return np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE

    def _noise(self, t):
        return self.rng.standard_normal(len(t))

    def _metal(self, t):
        base = 205.3 * self.knobs["metal"]
        return sum(np.sign(np.sin(2 * np.pi * base * r * t)) for r in (1, 1.484, 1.8, 2.547, 2.63, 3.9))

    def _made(self, key: int) -> np.ndarray:
        if key in (35, 36):
            return self._kick()
        if key in (38, 40):
            return self._snare(1.2 if key == 40 else 1.0)
        if key == 39:
            return self._clap()
        if key in (42, 44, 46):
            return self._hat(key)
        if key in (49, 51, 52, 53, 55, 57):
            return self._cymbal(key)
        if key in _TOMS:
            return self._tom(_TOMS[key])
        return self._small(key)

    def _kick(self):
        k = self.knobs
        t = self._time(min(5 * k["kick_decay"], 2.0))
        tone = _glide(k["kick"] + k["sweep"] * np.exp(-t / k["fall"])) * np.exp(-t / k["kick_decay"])
        click = _band(self._noise(t), 1000, 9000) * np.exp(-t / 0.004)
        return np.tanh(tone * np.minimum(1, t / 0.001) * (1 + k["drive"])) + 0.5 * k["click"] * click

    def _snare(self, higher: float):
        k = self.knobs
        t = self._time(0.6)
        pitch = k["snare"] * higher
        body = _glide(pitch * (1 + 0.5 * np.exp(-t / 0.01))) + 0.6 * np.sin(2 * np.pi * 1.78 * pitch * t)
        wires = _band(self._noise(t), k["noise_low"], k["noise_high"]) * np.exp(-t / k["snare_decay"])
        return (1 - k["noise"]) * body * np.exp(-2 * t / k["snare_decay"]) + 1.2 * k["noise"] * wires

    def _clap(self):
        t = self._time(0.6)
        hands = sum(np.where(t >= begin, np.exp(-(t - begin) / 0.006), 0) for begin in (0, 0.011, 0.023))
        room = np.where(t >= 0.03, np.exp(-(t - 0.03) / self.knobs["clap"]), 0)
        return _band(self._noise(t), 700, 4500) * (hands + 0.7 * room)

    def _hat(self, key: int):
        k = self.knobs
        t = self._time(1.2 if key == 46 else 0.15)
        decay = {46: k["open"], 44: 0.7 * k["hat"]}.get(key, k["hat"])
        source = 0.5 * self._metal(t) + self._noise(t) * (0.1 if self.model == "808" else 0.8)
        return _band(source, k["hat_low"], 18000) * np.exp(-t / decay)

    def _cymbal(self, key: int):
        t = self._time(3.0)
        decay = {51: 0.7, 53: 0.6, 55: 0.4}.get(key, 1.1)
        source = 0.35 * self._metal(t) + self._noise(t) * (0.25 if key in (51, 53) else 1)
        return _band(source, 3500, 16000) * (np.exp(-t / decay) + 0.8 * np.exp(-t / 0.02))

    def _tom(self, hertz: float):
        t = self._time(0.7)
        tone = _glide(hertz * (1 + 0.5 * np.exp(-t / 0.03))) * np.exp(-t / (0.2 if hertz < 180 else 0.1))
        return tone + 0.1 * self._noise(t) * np.exp(-t / 0.01)

    def _small(self, key: int):
        """Cowbell, shaker, rim, and claves for whatever else."""
        t = self._time(0.4)
        if key == 56:
            squares = np.sign(np.sin(2 * np.pi * 540 * t)) + np.sign(np.sin(2 * np.pi * 800 * t))
            return _band(squares, 500, 5000) * (np.exp(-t / 0.08) + np.exp(-t / 0.01))
        if key == 70:
            return _band(self._noise(t), 4000, 14000) * np.exp(-((t - 0.02) / 0.025) ** 2)
        if key == 37:
            tone = np.sin(2 * np.pi * 1700 * t) + np.sin(2 * np.pi * 480 * t)
            return (tone + 0.3 * self._noise(t)) * np.exp(-t / 0.01)
        return np.sin(2 * np.pi * 2500 * t) * np.exp(-t / 0.02)
