"""Lets a part sound: dry tracks of the song's length, about -18 dBFS RMS while they play."""
import numpy as np
from scipy.signal import butter, sosfilt

from . import banks, drums, loops, soundfont, sounds, synths
from .score import SAMPLE_RATE, Part, Song

_ACTIVE_RMS = 10 ** (-18 / 20)
_ABOVE_700 = butter(1, 700, "high", fs=SAMPLE_RATE, output="sos")
_ABOVE_2500 = butter(1, 2500, "high", fs=SAMPLE_RATE, output="sos")
_ABOVE_6000 = butter(2, 6000, "high", fs=SAMPLE_RATE, output="sos")
# Seconds that a note of a General MIDI program rings after its key is let go.
_RELEASES = {
    **dict.fromkeys(range(0, 8), 0.16), **dict.fromkeys(range(8, 16), 0.7), **dict.fromkeys(range(16, 24), 0.06),
    **dict.fromkeys(range(24, 32), 0.12), **dict.fromkeys(range(32, 40), 0.07), **dict.fromkeys(range(40, 48), 0.2),
    **dict.fromkeys(range(48, 56), 0.3), **dict.fromkeys(range(56, 72), 0.1), **dict.fromkeys(range(72, 80), 0.12),
    **dict.fromkeys(range(80, 88), 0.1), **dict.fromkeys(range(88, 104), 0.7),
    **dict.fromkeys(range(104, 128), 0.2),
}


def play(part: Part, song: Song, rng: np.random.Generator) -> np.ndarray | dict[str, np.ndarray]:
    """The part as (frames, 2) float32; of drums a dictionary of such sub-tracks."""
    if part.role == "loop":
        tracks = loops.play_loop(part, song, rng)
        return {name: levelled(audio) for name, audio in tracks.items()}
    if part.stem == "drums":
        tracks = drums.play_kit(part, song, rng)
        gain = _gain(sum(tracks.values())) if tracks else 1.0
        return {name: audio * gain for name, audio in tracks.items()}
    family = part.instrument.split(":", 1)[0]
    if family == "synth":
        audio = synths.play(part, song, rng)
    elif family == "texture":
        audio = synths.textures(part, song, rng)
    elif family == "noise":
        audio = synths.noises(part, song, rng)
    else:
        audio = sampled(part, song, rng)
        if part.stem == "other" and "amp" not in part.options and rng.random() < 0.6:
            add_treble(audio, float(rng.uniform(0.3, 1.5)))
        if part.stem == "bass" and rng.random() < 0.65:
            audio += sosfilt(_ABOVE_700, audio, axis=0).astype(np.float32) * np.float32(rng.uniform(0.3, 3))
    audio = levelled(audio)
    if part.instrument == "noise:crackle":
        return np.clip(audio * np.float32(0.1), -0.25, 0.25)
    return audio * np.float32(0.5) if part.role == "effects" else audio


def add_treble(audio: np.ndarray, amount: float) -> None:
    """An exciter: overtones of what lies above 2.5 kHz, for samples that end early; in place."""
    middle = audio.mean(axis=1)
    upper = sosfilt(_ABOVE_2500, middle)
    level = float(np.sqrt(np.mean(np.square(upper[upper != 0])))) if np.any(upper) else 0.0
    if level > 1e-6:
        bright = sosfilt(_ABOVE_6000, np.abs(upper) + np.tanh(upper / (2 * level)) * level)
        audio += (amount * bright).astype(np.float32)[:, None]


def levelled(audio: np.ndarray) -> np.ndarray:
    audio *= _gain(audio)
    return audio


def _gain(audio: np.ndarray) -> np.float32:
    """What brings the frames that sound to the level of a well recorded track."""
    size = 2205
    mono = audio[:len(audio) // size * size].reshape(-1, size, 2)
    power = np.einsum("ijk,ijk->i", mono, mono) / (2 * size)
    loud = power[power > power.max(initial=0) * 1e-3]
    return np.float32(_ACTIVE_RMS / max(float(np.sqrt(loud.mean())), 1e-6)) if len(loud) else np.float32(1)


def _source(part: Part):
    """What fetches a note's samples, how long it rings, whether it is held, and the range that it can play."""
    family, name = part.instrument.split(":", 1)
    if family == "bank":
        bank = banks.BANKS[name]
        return (
            lambda pitch, velocity, seconds, rng: (
                banks.note(name, pitch, velocity, seconds, rng), velocity ** 1.2 * 1.6,
            ),
            bank.release, bank.low, bank.high,
        )
    font, program = name.split(":")
    program = int(program)

    def fetch(pitch, velocity, seconds, rng):
        near = soundfont.nearest_velocity(velocity)
        return soundfont.note(font, 0, program, int(round(pitch)), near, seconds), (velocity * 127 / near) ** 1.4

    return fetch, _RELEASES[program], 12, 108


def sampled(part: Part, song: Song, rng: np.random.Generator) -> np.ndarray:
    """The part on samples: nearest sample of the bank or the sound font, cut to length, with the release it needs."""
    fetch, release, low, high = _source(part)
    out = np.zeros((song.frames, 2), np.float32)
    notes = part.notes
    mono = part.options.get("mono", False)
    tail = int(release * SAMPLE_RATE)
    fade = (np.cos(np.linspace(0, np.pi, tail, dtype=np.float32)) * 0.5 + 0.5)[:, None]
    expressive = part.options.get("vibrato") or part.options.get("bends")
    levels: dict = {}
    for index, note in enumerate(notes):
        pitch = note.pitch
        while pitch < low:
            pitch += 12
        while pitch > high:
            pitch -= 12
        begin = int(song.seconds(note.start) * SAMPLE_RATE)
        hold = int(song.seconds(note.duration) * SAMPLE_RATE)
        if mono and index + 1 < len(notes):
            hold = min(hold, max(int(song.seconds(notes[index + 1].start) * SAMPLE_RATE) - begin, 64))
        seconds = (hold + tail) / SAMPLE_RATE
        audio, gain = fetch(pitch, note.velocity, seconds * 1.1 if expressive else seconds, rng)
        if part.instrument.startswith("bank"):
            gain /= _loudness(levels, audio)
        if expressive and hold > 0.15 * SAMPLE_RATE:
            audio = _expressed(audio, hold + tail, part.options, rng)
        count = min(hold + tail, len(audio), song.frames - begin)
        if count <= 0:
            continue
        solid = min(hold, count)
        out[begin:begin + solid] += audio[:solid] * np.float32(gain)
        ringing = count - solid
        if ringing > 0:
            out[begin + solid:begin + count] += audio[solid:count] * fade[:ringing] * np.float32(gain)
    return out


def _loudness(levels: dict, audio: np.ndarray) -> float:
    """Level of a sample's first 300 ms, so that uneven banks play evenly; partly, for layers are meant to differ."""
    key = id(audio)
    if key not in levels:
        head = audio[:int(0.3 * SAMPLE_RATE)]
        levels[key] = (max(float(np.sqrt(np.mean(head * head))), 1e-4), audio)
    return levels[key][0] ** 0.85


def _expressed(audio: np.ndarray, frames: int, options: dict, rng: np.random.Generator) -> np.ndarray:
    """The note with vibrato that sets in late, and at times a bend into its pitch from below."""
    t = np.arange(min(frames, len(audio) - 8), dtype=np.float32) / SAMPLE_RATE
    cents = np.zeros_like(t)
    if options.get("vibrato") and len(t) > 0.3 * SAMPLE_RATE:
        cents += rng.uniform(8, 35) * np.clip((t - 0.18) * 4, 0, 1) * np.sin(2 * np.pi * rng.uniform(4.8, 6.4) * t)
    if options.get("bends") and rng.random() < 0.35:
        cents -= float(rng.choice([100, 200, 200])) * np.clip(1 - t / rng.uniform(0.06, 0.22), 0, 1) ** 1.5
    position = np.cumsum(2 ** (cents / 1200), dtype=np.float64)
    return sounds.interpolated(audio, position[position < len(audio) - 3])


def sources(song: Song) -> list[str]:
    """Names and licences of what the song's parts sound on."""
    found = set()
    for part in song.parts:
        family, _, rest = part.instrument.partition(":")
        if family == "bank":
            found.add(banks.BANKS[rest].licence)
        elif family == "font":
            found.add(sounds.SOUND_FONTS[rest.split(":")[0]][1])
        elif family == "hydrogen":
            found.add(f"Hydrogen drum kit {rest}, {drums.LICENCES[rest]}")
        elif family == "gogodze":
            found.add("Karoryfer Gogodze Phu Vol II, CC0-1.0")
        elif family == "uzu":
            found.add("uzu-drumkit, Unlicense")
        elif family == "sonic-pi":
            found.add("Sonic Pi samples, CC0")
        elif family == "texture":
            found.add("Sonic Pi samples, CC0; Berklee College of Music OLPC samples, CC BY 3.0")
        elif family == "loop":
            found.add("Sonic Pi samples, CC0; Everything Is Free by Software-Entwicklungskit, CC0-1.0")
        if part.stem == "drums" and part.role == "kit" and sounds.has_folder():
            found.add("Berklee College of Music OLPC samples, CC BY 3.0; VCSL, CC0")
    return sorted(found)
