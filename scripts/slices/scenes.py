"""A hit as it is met in a slice: cut short, over the tail of the one before, with others, equalised, in a room, coded."""
import io

import numpy as np
import soundfile
from scipy.signal import butter, fftconvolve, resample_poly, sosfilt

from songs.score import SAMPLE_RATE
from songs.sounds import resampled

LEAD = ("kick", "snare", "clap", "tom")
WITH = {"kick": ("closed_hat", "open_hat", "cymbal", "percussion"), "snare": ("closed_hat", "open_hat", "cymbal", "percussion"),
        "clap": ("closed_hat", "open_hat", "percussion"), "tom": ("closed_hat", "open_hat", "cymbal", "percussion")}
QUIET = ("closed_hat", "open_hat", "cymbal", "percussion")  # what a ringing kick or tom may be louder than
PITCHED = ("bass", "tonal", "vocal")


def level(audio: np.ndarray, seconds: float = 0.08) -> float:
    part = audio[:int(seconds * SAMPLE_RATE)]
    return float(np.sqrt(np.mean(part ** 2))) + 1e-9 if len(part) else 1e-9


def place(into: np.ndarray, sound: np.ndarray, at: int, gain: float) -> None:
    part = sound[:max(0, len(into) - at)]
    into[at:at + len(part)] += np.float32(gain) * part


def shelf(audio: np.ndarray, rng) -> np.ndarray:
    """A tilt and a bell or two."""
    low = sosfilt(butter(1, 10 ** rng.uniform(2, 3.7), fs=SAMPLE_RATE, output="sos"), audio)
    audio = audio + (10 ** (rng.uniform(-9, 6) / 20) - 1) * low
    for _ in range(int(rng.integers(0, 3))):
        centre = 10 ** rng.uniform(1.8, 4.1)
        band = sosfilt(butter(1, [centre / 1.4, min(centre * 1.4, 21000)], "band", fs=SAMPLE_RATE, output="sos"), audio)
        audio = audio + (10 ** (rng.uniform(-9, 9) / 20) - 1) * band
    return audio


def room(audio: np.ndarray, rng) -> np.ndarray:
    seconds = 10 ** rng.uniform(-0.8, 0.3)
    t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    response = rng.standard_normal(len(t)) * 10 ** (-3 * t / seconds)
    response = sosfilt(butter(1, rng.uniform(2000, 12000), fs=SAMPLE_RATE, output="sos"), response)
    response[:int(rng.uniform(0.002, 0.02) * SAMPLE_RATE)] = 0
    wet = fftconvolve(audio, response / (np.sqrt(np.sum(response ** 2)) + 1e-9))[:len(audio)]
    return audio + 10 ** (rng.uniform(-24, -3) / 20) * wet


def coded(audio: np.ndarray, rng) -> np.ndarray:
    kind, subtype = (("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"))[int(rng.integers(2))]
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", SAMPLE_RATE, 1, subtype, format=kind) as out:
        out.write(np.clip(audio, -1, 1))
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float32")
    delay = len(decoded) - len(audio)
    if kind == "MP3" and delay > 0:  # the coder's delay, unless the decoder took it away
        near = range(0, delay + 1, 1)
        delay = max(near, key=lambda d: float(np.dot(decoded[d:d + 2000], audio[:2000]))) if len(near) < 3000 else 0
        decoded = decoded[delay:]
    return decoded[:len(audio)] if len(decoded) >= len(audio) else audio


def stroke(hit, rng) -> np.ndarray:
    audio = hit.load(rng)
    semitones = rng.normal(0, 1.5) if hit.kind not in PITCHED else rng.normal(0, 0.5)
    if abs(semitones) > 0.1 and len(audio) > 100:
        audio = resampled(audio[:, None], 2 ** (np.clip(semitones, -5, 5) / 12))[:, 0]
    return np.asarray(audio, np.float32) / max(float(np.abs(audio).max(initial=0.0)), 1e-6)


BEFORE = 0.055  # seconds that are made of what precedes the slice


def scene(kind: str, by_kind: dict, rng) -> tuple[np.ndarray, int, int]:
    """A slice of that class: its samples after those that precede it, their rate, and how many precede it."""
    draw = lambda k: by_kind[k][int(rng.integers(len(by_kind[k])))]
    main = stroke(draw(kind), rng)
    seconds = float(np.clip(10 ** rng.uniform(-1.25, 0.1), 0.05, 1.2)) if rng.random() < 0.8 else 1.3
    before = int(BEFORE * SAMPLE_RATE)
    audio = np.zeros(before + int((seconds + 0.03) * SAMPLE_RATE), np.float32)
    lead_in = before + int(np.clip(rng.normal(0.002, 0.002), 0, 0.008) * SAMPLE_RATE)
    if rng.random() < 0.1:  # cut a little late
        main = main[int(rng.uniform(0, 0.003) * SAMPLE_RATE):]
    if kind in ("tonal", "bass") and rng.random() < 0.35:  # a chord, or two at once
        for _ in range(int(rng.integers(1, 4)) if kind == "tonal" else 1):
            place(main, stroke(draw("tonal"), rng), int(rng.integers(0, 300)), 10 ** (rng.uniform(-12, -2) / 20))
    reference = level(main)
    place(audio, main, lead_in, 1.0)
    if kind in LEAD and rng.random() < 0.45:
        other = stroke(draw(WITH[kind][int(rng.integers(len(WITH[kind])))]), rng)
        place(audio, other, max(0, lead_in + int(rng.normal(0, 0.004) * SAMPLE_RATE)),
              reference / level(other) * 10 ** (rng.uniform(-20, 3) / 20))
    elif kind not in PITCHED and kind != "noise" and rng.random() < 0.15:
        other = stroke(draw(("kick", "snare", "closed_hat", "cymbal", "tom", "percussion")[int(rng.integers(6))]), rng)
        place(audio, other, lead_in, reference / level(other) * 10 ** (rng.uniform(-30, -9) / 20))
    for _ in range(int(rng.choice(3, p=(0.3, 0.5, 0.2)))):  # what rings from before
        last = stroke(draw(("cymbal", "open_hat", "snare", "tom", "kick", "kick", "tonal", "bass")[int(rng.integers(8))]), rng)
        last = last[int(rng.uniform(0.03, 0.5) * SAMPLE_RATE):]
        if len(last) > 3000:
            loudest = 6 if kind in QUIET else -6
            place(audio, last, 0, reference / level(last) * 10 ** (rng.uniform(-40, loudest) / 20))
    if kind not in PITCHED and rng.random() < 0.15:  # the rest of a band, faintly or not
        behind = stroke(draw(PITCHED[int(rng.integers(3))]), rng)
        place(audio, behind, 0, reference / level(behind) * 10 ** (rng.uniform(-36, -8) / 20))
    if rng.random() < 0.75:
        audio = shelf(audio, rng)
    if rng.random() < 0.35:
        audio = room(audio, rng)
    if rng.random() < 0.25:
        drive = 10 ** rng.uniform(-0.3, 0.8)
        audio = np.tanh(drive * audio / max(float(np.abs(audio).max()), 1e-6))
    if rng.random() < 0.15:
        audio = sosfilt(butter(4, rng.uniform(3000, 16000), fs=SAMPLE_RATE, output="sos"), audio)
    if rng.random() < 0.15:
        audio = sosfilt(butter(2, rng.uniform(25, 120), "high", fs=SAMPLE_RATE, output="sos"), audio)
    if rng.random() < 0.3:
        audio = audio + rng.standard_normal(len(audio)) * level(audio) * 10 ** (rng.uniform(-60, -25) / 20)
    audio = np.asarray(audio, np.float32)
    audio *= np.float32(10 ** (rng.uniform(-30, 0) / 20) / max(float(np.abs(audio).max()), 1e-6))
    if rng.random() < 0.12:
        audio = coded(audio, rng)
    audio = audio[:before + int(seconds * SAMPLE_RATE)]
    if rng.random() < 0.2:  # nothing is known of what was before
        audio, before = audio[before:], 0
    rate = SAMPLE_RATE
    if rng.random() < 0.15:
        rate, up, down = ((22050, 1, 2), (48000, 160, 147), (32000, 320, 441), (16000, 160, 441))[int(rng.integers(4))]
        audio, before = resample_poly(audio, up, down).astype(np.float32), before * up // down
    return np.ascontiguousarray(audio, np.float32), rate, before
