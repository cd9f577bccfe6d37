"""Synthesizers in numpy: band-limited oscillators, filters that move, and lines that glide.

A polyphonic patch renders each pitch once, through a few fixed low-pass filters; a note's filter envelope fades from
one of them to the next. A monophonic patch is one oscillator whose phase runs through the whole line.
"""
import os

import numpy as np
from scipy.signal import butter, sosfilt

from . import sounds
from .patches import patch
from .score import SAMPLE_RATE, Part, Song


def hertz(pitch):
    return 440.0 * 2.0 ** ((np.asarray(pitch, float) - 69) / 12)


def saw(phase: np.ndarray, step) -> np.ndarray:
    """A sawtooth at phases that rise by `step` cycles a frame, as the slope of a parabola (little aliasing)."""
    inside = phase - np.floor(phase)
    parabola = (2 * inside - 1) ** 2
    return (np.diff(parabola, prepend=parabola[:1]) / (4 * step)).astype(np.float32)


def pulse(phase: np.ndarray, step, width: float) -> np.ndarray:
    return 0.5 * (saw(phase, step) - saw(phase + width, step))


def triangle(phase: np.ndarray) -> np.ndarray:
    return (2 * np.abs(2 * (phase - np.floor(phase)) - 1) - 1).astype(np.float32)


def lowpass(cutoff: float, resonance: float) -> np.ndarray:
    """Two poles with a peak, then two without: second-order sections."""
    cutoff = min(max(cutoff, 30.0), 18000.0)
    w = 2 * np.pi * cutoff / SAMPLE_RATE
    q = 0.6 + 7 * resonance
    alpha = np.sin(w) / (2 * q)
    a0 = 1 + alpha
    b = (1 - np.cos(w)) / 2 / a0
    peak = [b, 2 * b, b, 1, -2 * np.cos(w) / a0, (1 - alpha) / a0]
    return np.vstack([peak, butter(2, cutoff, fs=SAMPLE_RATE, output="sos")])


def envelope(frames: int, attack: float, decay: float, sustain: float) -> np.ndarray:
    t = np.arange(frames, dtype=np.float32) / SAMPLE_RATE
    return np.minimum(1, t / max(attack, 1e-3)) * (sustain + (1 - sustain)
                                                   * np.exp(-np.maximum(t - attack, 0) / max(decay, 1e-3)))


def oscillator(p: dict, phase: np.ndarray, step, t: np.ndarray, voice: int) -> np.ndarray:
    kind = p["osc"]
    if kind == "saw":
        return saw(phase, step)
    if kind == "pulse":
        return pulse(phase, step, p["width"])
    if kind == "triangle":
        return triangle(phase)
    if kind == "fm":
        return np.sin(2 * np.pi * phase + p["index"] * np.exp(-t / p["fade"])
                      * np.sin(2 * np.pi * p["ratio"] * phase)).astype(
            np.float32,
        )
    if kind == "organ":
        partials = (0.5, 1.5, 1, 2, 3, 4, 5, 6, 8)
        draw = np.asarray(p["draw"]) + 1e-3
        return sum(np.sin(2 * np.pi * r * phase) * d for r, d in zip(partials, draw) if d > 0.01).astype(np.float32)
    return np.sin(2 * np.pi * phase).astype(np.float32)


def play(part: Part, song: Song, rng: np.random.Generator) -> np.ndarray:
    """The part's line on the patch that its instrument names, as (frames, 2)."""
    p = patch(part.instrument.split(":", 1)[1], rng)
    if part.stem == "bass" or part.options.get("mono") and part.instrument != "synth:supersaw":
        return line(part, song, p, rng)
    return chords(part, song, p, rng)


def chords(part: Part, song: Song, p: dict, rng: np.random.Generator) -> np.ndarray:
    out = np.zeros((song.frames, 2), np.float32)
    release = int(p["release"] * SAMPLE_RATE)
    longest: dict[int, float] = {}
    for note in part.notes:
        pitch = round(note.pitch)
        longest[pitch] = min(max(longest.get(pitch, 0), song.seconds(note.duration)), 12.0)
    moving = abs(p["high"] / p["low"] - 1) > 0.1
    cutoffs = np.geomspace(p["low"], p["high"], 3) if moving else np.array([p["low"]])
    limit = int(max(longest.values()) * SAMPLE_RATE) + release + 2
    t = np.arange(limit, dtype=np.float32) / SAMPLE_RATE
    opening = np.exp(-t / p["sweep"]) if p["attack"] < 0.05 else 1 - np.exp(-t / p["sweep"])
    place = opening * (len(cutoffs) - 1)
    weights = [np.maximum(0, 1 - np.abs(place - k)) for k in range(len(cutoffs))]
    loudness = envelope(limit, p["attack"], p["decay"], p["sustain"])
    weights = [(w * loudness).astype(np.float32)[:, None] for w in weights]
    waves = {pitch: _wave(p, pitch, seconds, release, cutoffs, rng) for pitch, seconds in sorted(longest.items())}
    fade = np.linspace(1, 0, release, dtype=np.float32)[:, None] ** 2
    for note in part.notes:
        versions, spare = waves[round(note.pitch)]
        begin = int(song.seconds(note.start) * SAMPLE_RATE)
        hold = min(int(song.seconds(note.duration) * SAMPLE_RATE), limit - release - 2)
        end = min(begin + hold + release, len(out))
        count = end - begin
        if count <= 0:
            continue
        offset = int(rng.integers(spare)) if p["osc"] not in ("fm",) else 0
        tone = sum(v[offset:offset + count] * w[:count] for v, w in zip(versions, weights))
        tone[hold:count] *= fade[:max(count - hold, 0)]
        out[begin:begin + len(tone)] += tone * np.float32(note.velocity ** 1.3)
    return out


def _wave(p: dict, pitch: int, seconds: float, release: int, cutoffs: np.ndarray, rng: np.random.Generator):
    """One pitch held for long enough, through each of the filters; and how much later than its start it may begin."""
    spare = 2000
    frames = int(seconds * SAMPLE_RATE) + release + spare + 4
    t = np.arange(frames) / SAMPLE_RATE
    voices = p["voices"]
    left, right = np.zeros(frames, np.float32), np.zeros(frames, np.float32)
    for voice in range(voices):
        cents = 0.0 if voices == 1 else p["detune"] * (2 * voice / (voices - 1) - 1) * (1
            + 0.1 * rng.standard_normal())
        step = float(hertz(pitch + cents / 100)) / SAMPLE_RATE
        wave = oscillator(p, np.arange(frames) * step + rng.random(), step, t, voice)
        pan = 0.5 if voices == 1 else (voice * 2 % voices) / max(voices - 1, 1)
        left += wave * np.float32(np.cos(np.pi / 2 * pan))
        right += wave * np.float32(np.sin(np.pi / 2 * pan))
    both = np.stack([left, right]) / np.float32(np.sqrt(voices))
    if p["noise"]:
        both += p["noise"] * rng.standard_normal((2, frames), dtype=np.float32)
    brightness = 2 ** ((pitch - 60) / 24)
    versions = []
    for cutoff in cutoffs:
        filtered = sosfilt(lowpass(cutoff * brightness, p["resonance"]), both if voices > 1 else both[:1], axis=1)
        versions.append(np.ascontiguousarray(filtered.T, dtype=np.float32))
    return versions, spare


def line(part: Part, song: Song, p: dict, rng: np.random.Generator) -> np.ndarray:
    """A monophonic line: glides, vibrato, wobbling filters, drive."""
    out = np.zeros((song.frames, 2), np.float32)
    notes = sorted(part.notes, key=lambda n: n.start)
    first = int(song.seconds(notes[0].start) * SAMPLE_RATE)
    last = min(
        int(
            song.seconds(max(n.start + n.duration for n in notes)) * SAMPLE_RATE + (p["release"]
                + 0.05) * SAMPLE_RATE,
        ),
        song.frames,
    )
    frames = last - first
    pitch = np.full(frames, notes[0].pitch, np.float64)
    loudness = np.zeros(frames, np.float32)
    cutoff = np.zeros(frames, np.float32)
    age = np.zeros(frames, np.float32)
    release = max(int(p["release"] * SAMPLE_RATE), 64)
    starts = [max(int(song.seconds(n.start) * SAMPLE_RATE) - first, 0) for n in notes] + [frames]
    glide = p.get("glide", 0.0) or (0.04 if part.options.get("glide") and rng.random() < 0.7 else 0.0)
    vibrato = 0.25 * rng.uniform(0.3, 1) if part.options.get("vibrato") else 0.0
    before = notes[0].pitch
    ramp = np.linspace(1, 0, release, dtype=np.float32)
    for index, note in enumerate(notes):
        begin, following = starts[index], starts[index + 1]
        if following - begin < 64:
            continue
        hold = min(int(song.seconds(note.duration) * SAMPLE_RATE), following - begin)
        count = min(following - begin, hold + release)
        t = np.arange(count, dtype=np.float32) / SAMPLE_RATE
        curve = np.full(following - begin, note.pitch, np.float64)
        if glide and index and abs(before - note.pitch) < 13 and rng.random() < 0.7:
            curve[:count] += (before - note.pitch) * np.exp(-t / glide)
        if vibrato and hold > 0.35 * SAMPLE_RATE:
            curve[:count] += vibrato * np.clip((t - 0.2) * 3, 0, 1) * np.sin(2 * np.pi * 5.6 * t)
        if "drop" in p:
            curve[:count] += p["drop"] * np.exp(-t / p["drop_time"])
        pitch[begin:following] = curve
        shape = envelope(count, p["attack"], p["decay"], p["sustain"]) * np.float32(note.velocity ** 1.2)
        tail = max(count - hold, 0)
        if tail:
            shape[hold:] *= ramp[:tail]
        elif count > 128:
            shape[-64:] *= np.linspace(1, 0, 64, dtype=np.float32)
        loudness[begin:begin + count] = shape
        if p.get("wobble"):
            rate = float(rng.choice([1, 2, 3, 4, 6, 0.5])) * song.tempo_bpm / 60
            cutoff[begin:begin + count] = 0.5 - 0.5 * np.cos(2 * np.pi * rate * t)
        else:
            cutoff[begin:begin + count] = np.exp(-t / p["sweep"]) * (0.6 + 0.4 * note.velocity)
        age[begin:begin + count] = t
        before = note.pitch
    wave = _running(p, pitch, age, rng)
    if p["noise"]:
        wave = wave + np.float32(p["noise"]) * rng.standard_normal(frames, dtype=np.float32)
    if abs(p["high"] / p["low"] - 1) > 0.1:
        brightness = 2 ** (max(float(np.mean([n.pitch for n in notes])) - 38, 0) / 18)
        bank = np.geomspace(p["low"], p["high"], 4 if p["resonance"] > 0.2 else 3) * brightness
        place = cutoff * (len(bank) - 1)
        wave = sum(
            (sosfilt(lowpass(c, p["resonance"]), wave).astype(np.float32)
             * np.maximum(0, 1 - np.abs(place - k)) for k, c in enumerate(bank)),
        )
    else:
        wave = sosfilt(lowpass(p["low"], p["resonance"]), wave).astype(np.float32)
    if p["sub"]:
        wave = wave + np.float32(p["sub"]) * np.sin(2 * np.pi
                                                    * np.cumsum(hertz(pitch)) / SAMPLE_RATE).astype(np.float32)
    wave = wave * loudness
    if p.get("drive"):
        peak = max(float(np.abs(wave).max()), 1e-6)
        wave = np.tanh(wave / peak * (1 + 2 * p["drive"])) / np.tanh(1 + 2 * p["drive"])
    out[first:last] = wave[:, None]
    return out


def _running(p: dict, pitch: np.ndarray, age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    voices = p["voices"]
    total = np.zeros(len(pitch), np.float32)
    base = hertz(pitch) / SAMPLE_RATE
    for voice in range(voices):
        cents = 0.0 if voices == 1 else p["detune"] * (2 * voice / (voices - 1) - 1)
        step = base * 2 ** (cents / 1200)
        total += oscillator(p, np.cumsum(step) + rng.random(), step, age, voice)
    return total / np.float32(np.sqrt(voices))


def noises(part: Part, song: Song, rng: np.random.Generator) -> np.ndarray:
    """Risers, impacts, sweeps, and the crackle of a record."""
    kind = part.instrument.split(":", 1)[1]
    out = np.zeros((song.frames, 2), np.float32)
    for note in part.notes:
        begin = int(song.seconds(note.start) * SAMPLE_RATE)
        count = min(int(song.seconds(note.duration) * SAMPLE_RATE), song.frames - begin)
        if count < 256:
            continue
        noise = rng.standard_normal((2, count), dtype=np.float32)
        t = np.linspace(0, 1, count, dtype=np.float32)
        if kind == "crackle":
            clicks = np.zeros((2, count), np.float32)
            places = rng.integers(0, count - 8, int(count / SAMPLE_RATE * rng.uniform(4, 25)))
            clicks[:, places] = rng.standard_normal(len(places)).astype(np.float32) ** 3
            sound = sosfilt(
                butter(1, [600, 6000], "band", fs=SAMPLE_RATE, output="sos"), clicks * 2 + 0.02 * noise, axis=1,
            )
        elif kind == "impact":
            tone = np.sin(2 * np.pi * np.cumsum(35 + 60 * np.exp(-t * 20)) / SAMPLE_RATE)
            sound = (tone + 0.4 * sosfilt(butter(2, 1500, fs=SAMPLE_RATE, output="sos"), noise,
                                          axis=1)) * np.exp(-t * 7)
        else:
            bank = np.geomspace(400, 12000, 4)
            place = (t if kind == "riser" else 1 - t) * 3
            sound = sum(
                (sosfilt(butter(1, [c * 0.6, min(c * 1.6, 20000)], "band", fs=SAMPLE_RATE, output="sos"), noise,
                         axis=1) * np.maximum(0, 1 - np.abs(place - k)) for k, c in enumerate(bank)),
            )
            if rng.random() < 0.3:
                sweep = hertz(48 + 36 * (t if kind == "riser" else 1 - t)) / SAMPLE_RATE
                sound = sound + 0.3 * saw(np.cumsum(sweep), sweep)
            sound = sound * (t ** 2 if kind == "riser" else (1 - t) ** 2)
        out[begin:begin + count] += (sound * note.velocity).T.astype(np.float32)
    return out


TEXTURES = [f"synth/sonic-pi/etc_samples_ambi_{name}" for name in (
    "dark_woosh", "drone", "glass_hum", "glass_rub", "haunted_hum", "lunar_land", "swoosh")]
TEXTURES += [f"synth/berklee/berklee_{name}" for name in (
    "eerie_synth1", "eerie_synth2", "eerie_synth5", "eerie_synth9", "Longsynth1", "Longsynth5", "string_pad_1",
    "wacky_synth3", "piano_pad_4")]
TEXTURES += ["keys/sonic-pi/etc_samples_ambi_piano", "guitar/sonic-pi/etc_samples_guit_harmonics"]


def textures(part: Part, song: Song, rng: np.random.Generator) -> np.ndarray:
    """An atmosphere, slowed or not, begun anew while the section lasts, each time faded."""
    at = os.path.join(sounds.folder(), TEXTURES[int(part.instrument.split(":")[1]) % len(TEXTURES)] + ".ogg")
    audio = sounds.resampled(sounds.load(at), float(rng.choice([0.5, 0.75, 1.0, 1.0, 0.9])))
    out = np.zeros((song.frames, 2), np.float32)
    fade = min(8000, len(audio) // 3)
    audio = audio.copy()
    audio[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)[:, None]
    audio[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    for note in part.notes:
        begin, end = (int(song.seconds(b) * SAMPLE_RATE) for b in (note.start, note.start + note.duration))
        while begin < end:
            count = min(len(audio), song.frames - begin)
            out[begin:begin + count] += audio[:count] * np.float32(note.velocity)
            begin += int(len(audio) * rng.uniform(0.8, 1.6))
    return out
