"""The channel strips: each dry track with its EQ, compression, distortion, place and sends, by what it is."""
import numpy as np

from . import distortion, dynamics, effects as fx, spaces
from .score import STEMS, Song
from .singing import chord_tones

RATE = 44100
ELECTRONIC = ("house", "techno", "trance", "edm", "electro", "dubstep", "drum", "synth", "dance", "garage", "trap", "disco")
HEAVY = ("metal", "punk", "hard", "grunge")


def channels(audio: np.ndarray, frames: int) -> np.ndarray:
    """(frames,) or (frames, 2) as (channels, `frames`); two equal channels become one."""
    x = audio[None] if audio.ndim == 1 else audio.T
    if x.shape[0] == 2 and np.array_equal(x[0, ::97], x[1, ::97]):
        x = x[:1]
    x = x[:, :frames]
    if x.shape[1] < frames:
        x = np.pad(x, ((0, 0), (0, frames - x.shape[1])))
    return np.ascontiguousarray(x, np.float32)


def place(x: np.ndarray, pan: float) -> np.ndarray:
    """Pans, -1 left to 1 right, with equal power; stereo is tilted."""
    angle = (np.clip(pan, -1, 1) + 1) * np.pi / 4
    gains = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32) * np.float32(np.sqrt(2))
    if x.shape[0] == 2:
        gains = np.minimum(gains, np.float32(1.25))
    return fx.stereo(x) * gains


def has(text: str, *words: str) -> bool:
    return any(word in text for word in words)


class Strips:
    """One song's mix: a common space, a taste in EQ and compression, and what its genre does."""

    def __init__(self, song: Song, rng):
        self.song, self.rng = song, rng
        self.frames = song.frames
        style = song.style.lower()
        self.electronic, self.heavy = has(style, *ELECTRONIC), has(style, *HEAVY)
        self.wet = float(rng.choice([0.4, 0.8, 1.0, 1.6], p=[0.2, 0.3, 0.35, 0.15]))
        self.kind = str(rng.choice(["plate", "room", "hall", "ambience", "spring"], p=[0.3, 0.3, 0.22, 0.13, 0.05]))
        length = {"plate": (0.8, 2.4), "room": (0.3, 0.9), "hall": (1.4, 3.2), "ambience": (0.2, 0.6), "spring": (1.0, 2.2)}[self.kind]
        self.space = spaces.space(rng, self.kind, rng.uniform(*length))
        self.voice_kind = str(rng.choice(["plate", "hall", "room"], p=[0.55, 0.25, 0.2]))
        self.voice_space = spaces.space(rng, self.voice_kind, rng.uniform(0.6, 2.6))
        self.drum_space = spaces.space(rng, "room", rng.uniform(0.25, 0.8))
        self.squash = float(rng.uniform(0.3, 1.0))          # how hard everything is compressed
        self.hard_panned = rng.random() < 0.04
        self.mono = rng.random() < 0.03
        self.lofi = has(style, "lo-fi", "lofi") or rng.random() < 0.03
        self.kicks: list[float] = []
        for part in song.parts:
            if part.stem == "drums":
                self.kicks += [song.seconds(note.start) for note in part.notes if note.pitch in (35, 36)]
        self.ducked = bool(self.kicks) and rng.random() < (0.65 if self.electronic else 0.06)
        self.duck_depth, self.duck_release = float(rng.uniform(0.3, 0.9)), float(rng.uniform(0.08, 0.25))
        self.stems = {stem: np.zeros((2, self.frames), np.float32) for stem in STEMS}
        self.sends = {stem: {} for stem in STEMS}

    def send(self, stem: str, space: str, x: np.ndarray, amount: float) -> None:
        if amount <= 0.004:
            return
        mono = x.mean(0, keepdims=True) * np.float32(amount)
        held = self.sends[stem].get(space)
        self.sends[stem][space] = mono if held is None else held + mono

    def tone(self, *bands) -> list:
        """The bands, with their gains varied, and now and then a wide peak more."""
        rng = self.rng
        result = [(kind, hertz * rng.uniform(0.85, 1.2), gain + rng.normal(0, 1.2) if gain else 0, q) for kind, hertz, gain, q in bands]
        if rng.random() < 0.5:
            result.append(("peak", float(np.exp(rng.uniform(np.log(200), np.log(6000)))), rng.normal(0, 2.5), rng.uniform(0.5, 1.5)))
        return result

    def drums(self, name: str, x: np.ndarray) -> np.ndarray:
        rng = self.rng
        room, pan = 0.05, 0.0
        if has(name, "kick"):
            x = fx.equalise(x, *self.tone(("lowshelf", 80, 1.5, 0.7), ("peak", 350, -3, 0.9), ("peak", 3500, 2, 1.0)))
            if rng.random() < 0.5:
                x = dynamics.compress(x, -8, 3, 0.012, 0.1)
            if rng.random() < 0.25:
                x = distortion.saturate(x, rng.uniform(0, 9), "tanh")
            x, room = x.mean(0, keepdims=True), rng.uniform(0, 0.05)
        elif has(name, "snare", "clap", "rim"):
            x = fx.equalise(x, *self.tone(("high", 90, 0, 0.7), ("peak", 200, 1.5, 1.0), ("highshelf", 6000, 2, 0.7)))
            if rng.random() < 0.5:
                x = dynamics.compress(x, -9, 3.5, 0.008, 0.12)
            if rng.random() < 0.3:
                x = distortion.saturate(x, rng.uniform(0, 8), "soft")
            if rng.random() < 0.12:
                x = dynamics.gate(x, rng.uniform(-32, -20))
            room, pan = rng.uniform(0.05, 0.3), rng.normal(0, 0.04)
        elif has(name, "hat", "shaker", "ride"):
            x = fx.equalise(x, *self.tone(("high", 250, 0, 0.7), ("highshelf", 8000, 0.5, 0.7)))
            pan, room = rng.uniform(-0.45, 0.45), 0.04
        elif has(name, "tom", "perc", "conga", "tamb"):
            x = fx.equalise(x, *self.tone(("high", 60, 0, 0.7), ("peak", 400, -2, 0.8)))
            pan, room = (rng.uniform(-0.5, 0.5) if x.shape[0] == 1 else 0), rng.uniform(0.05, 0.25)
            if x.shape[0] == 1 and has(name, "tom"):
                x = fx.spread(x, rng, 0.4)
        elif has(name, "overhead", "cymb", "crash"):
            x = fx.equalise(x, *self.tone(("high", 150, 0, 0.7), ("highshelf", 9000, 1, 0.7)))
            if x.shape[0] == 1:
                x = fx.spread(x, rng, 0.9)
            room = 0.06
        else:
            x = fx.equalise(x, *self.tone(("high", 35, 0, 0.7)))
            if rng.random() < 0.3:
                x = dynamics.compress(x, -10, 3, 0.01, 0.12)
        if self.lofi and rng.random() < 0.5:
            x = distortion.crush(x, rng.uniform(8, 12), int(rng.integers(1, 4)))
        self.send("drums", "drum", x, room * self.wet * (0.6 if self.electronic else 1.2))
        return place(x, pan if not self.hard_panned else -0.9)

    def bass(self, name: str, role: str, x: np.ndarray, settings: dict) -> np.ndarray:
        rng = self.rng
        sub = role == "sub" or has(name, "sub", "808")
        x = fx.equalise(x, *self.tone(("high", 30, 0, 0.7), ("peak", 250, -2, 0.8), ("peak", 900, 1, 0.8)))
        amp = settings.get("amp")
        if amp or not sub and not has(name, "synth", "doublebass", "meatbass", ":32") and rng.random() < 0.4:
            low, high = (0.35, 0.8) if amp == "bass drive" else (0.05, 0.6 if self.heavy else 0.4)
            x = distortion.amplifier(x.mean(0, keepdims=True), rng, float(rng.uniform(low, high)), bass=True)
        elif rng.random() < 0.5:
            x = distortion.saturate(x, rng.uniform(-3, 10), str(rng.choice(["tanh", "tube", "soft"])))
        x = dynamics.compress(x, -6 - 6 * self.squash, 3 + 2 * self.squash, 0.015, 0.15)
        if not sub and rng.random() < 0.12:
            x = fx.chorus(x, rng.uniform(0.2, 0.9), 0.002, 0.4)
        if self.kicks and "sidechain" in settings:
            x = dynamics.duck(x, self.kicks, settings["sidechain"], self.duck_release)
        elif self.ducked and rng.random() < 0.7:
            x = dynamics.duck(x, self.kicks, self.duck_depth, self.duck_release)
        if rng.random() < 0.15:
            self.send("bass", "room", x, 0.08 * self.wet)
        return place(x, 0.0 if not self.hard_panned else -0.8)

    def other(self, name: str, role: str, x: np.ndarray, number: int, settings: dict) -> np.ndarray:
        rng = self.rng
        guitar = has(name, "guitar", "martin") or has(str(settings.get("kind", "")), "guitar", "strum", "acoustic", "electric")
        wet, pan = rng.uniform(0.02, 0.2), float(settings.get("pan", 0.0))
        amp = settings.get("amp")
        if amp:
            low, high = {"clean": (0.02, 0.3), "crunch": (0.35, 0.65)}.get(amp, (0.65, 1.0))
            x = dynamics.condense(x.mean(0, keepdims=True))
            x = dynamics.expand(distortion.amplifier(x[0], rng, float(rng.uniform(low, high))), x[1], self.frames)
            if role == "lead":
                pan *= 0.4
            x = fx.equalise(x, *self.tone(("high", 80, 0, 0.7)))
            if rng.random() < 0.2:
                x = fx.phaser(x, rng.uniform(0.1, 0.6)) if rng.random() < 0.5 else fx.chorus(x, rng.uniform(0.2, 1), 0.003, 0.5)
            if rng.random() < 0.07:
                x = fx.tremolo(x, rng.uniform(3, 7), rng.uniform(0.4, 0.8))
        elif guitar:
            x = fx.equalise(x, *self.tone(("high", 90, 0, 0.7), ("peak", 250, -2, 0.8), ("highshelf", 6000, rng.uniform(1, 8), 0.7)))
            x = dynamics.compress(x, -9, 2.5, 0.015, 0.2)
            if x.shape[0] == 1:
                x, pan = (fx.spread(x, rng, 0.6), 0.0) if abs(pan) < 0.5 and rng.random() < 0.5 else (x, pan)
        else:
            x = fx.equalise(x, *self.tone(("high", 50 if role != "pad" else 120, 0, 0.7), ("highshelf", 5000, rng.uniform(0, 10), 0.7)))
            if x.shape[0] == 1 and rng.random() < 0.7:
                x, pan = fx.spread(x, rng, rng.uniform(0.2, 0.8)), 0.0
            elif x.shape[0] == 2:
                pan *= 0.5
            if role == "pad":
                wet = rng.uniform(0.15, 0.5)
            if role in ("pad", "chords", "arpeggio") and rng.random() < 0.3:
                x = fx.chorus(x, rng.uniform(0.1, 0.8), rng.uniform(0.001, 0.004), rng.uniform(0.3, 0.7))
            if has(name, "organ") and rng.random() < 0.6:
                x = fx.chorus(x, rng.choice([0.8, 6.3]), 0.0006, 0.6)
            if has(name, "piano", "rhodes", "wurl") and has(name, "electric", "ep", "rhodes", "wurl") and rng.random() < 0.4:
                x = fx.tremolo(x, rng.uniform(2, 6), rng.uniform(0.2, 0.7), pan=True)
            if rng.random() < 0.15:
                x = distortion.saturate(x, rng.uniform(-3, 8), "tube")
            if rng.random() < 0.3:
                x = dynamics.compress(x, -8, 2.5, 0.02, 0.2)
        if self.kicks and "sidechain" in settings:
            x = dynamics.duck(x, self.kicks, settings["sidechain"], self.duck_release)
        elif self.ducked and role in ("pad", "chords", "arpeggio", "rhythm"):
            x = dynamics.duck(x, self.kicks, self.duck_depth * rng.uniform(0.5, 1), self.duck_release)
        if role in ("lead", "riff", "arpeggio") and rng.random() < 0.3:
            beats = rng.choice([0.5, 0.75, 1.0])
            x = fx.stereo(x)
            x = x + spaces.echo(x, self.song.seconds(beats), rng.uniform(0.3, 0.6), 4) * np.float32(rng.uniform(0.12, 0.4))
        self.send("other", "room", x, wet * self.wet)
        if self.hard_panned:
            return place(x.mean(0, keepdims=True), 0.9 if number % 2 else -0.9)
        return place(x, pan)

    def vocals(self, name: str, x: np.ndarray) -> np.ndarray:
        rng = self.rng
        backing = has(name, "backing", "harmony", "double", "gang")
        low = 90 if not backing else 160
        x, spans = dynamics.condense(x)
        x = fx.equalise(x, *self.tone(("high", low, 0, 0.7), ("peak", 280, -2, 0.8), ("peak", 3500, 1.5, 0.7), ("highshelf", 9000, 2, 0.7)))
        x = dynamics.compress(x, -8 - 6 * self.squash, 3 + 2 * self.squash, 0.006, 0.12)
        if rng.random() < 0.35:
            x = dynamics.compress(x, -4, 6, 0.002, 0.08)
        if rng.random() < (0.5 if self.heavy else 0.2):
            x = distortion.saturate(x, rng.uniform(-3, 9), str(rng.choice(["tube", "tanh", "soft"])))
        if name in ("lead", "second lead") and rng.random() < (0.35 if self.heavy else 0.02):
            x = distortion.growl(x, rng, rng.uniform(0.3, 1.0))
        elif backing and x.shape[0] == 1 and rng.random() < 0.04:
            x = fx.whisper(x, rng)
        x = dynamics.expand(x, spans, self.frames)
        if self.electronic and name in ("lead", "second lead") and rng.random() < 0.05 or backing and rng.random() < 0.015:
            x = self.robot(x)
        pan, wet, gain = 0.0, rng.uniform(0.05, 0.22), 1.0
        if has(name, "left", "right"):
            width = rng.uniform(0.4, 1.0)
            pan = -width if "left" in name else width
            gain = rng.uniform(0.2, 0.6) if not has(name, "backing") else rng.uniform(0.15, 0.45)
        elif has(name, "backing"):
            gain, wet = rng.uniform(0.2, 0.55), wet * 1.5
        elif has(name, "ad-lib", "speech", "chops", "second", "hook"):
            gain, pan = rng.uniform(0.55, 0.95), rng.normal(0, 0.2)
            if not has(name, "second", "hook") and rng.random() < 0.3:
                low, high = rng.uniform(250, 500), rng.uniform(2200, 4000)      # through a telephone
                x = distortion.saturate(fx.equalise(x, ("high", low, 0, 1), ("high", low, 0, 0.7), ("low", high, 0, 1), ("low", high, 0, 0.7)), rng.uniform(2, 12), "tanh")
            if has(name, "chops"):
                if rng.random() < 0.5:
                    x = fx.chorus(x, rng.uniform(0.2, 1), 0.003, 0.5)
                if self.ducked:
                    x = dynamics.duck(x, self.kicks, self.duck_depth * 0.7, self.duck_release)
        elif name == "lead":
            draw = rng.random()
            if draw < 0.03:
                x = distortion.saturate(fx.equalise(x, ("high", 350, 0, 1), ("low", 3500, 0, 1)), rng.uniform(6, 14), "hard")   # a megaphone
            elif draw < 0.12:
                x = fx.stereo(x)
                x = x + fx.chorus(x, 0.4, 0.004, 1.0, 0.015) * np.float32(0.4)
            if rng.random() < 0.2:
                x = fx.stereo(x) + spaces.echo(x, rng.uniform(0.07, 0.14), 0.3, 2, False) * np.float32(rng.uniform(0.15, 0.35))   # slap
        if rng.random() < 0.3:
            x = fx.stereo(x)
            beats = rng.choice([0.5, 0.75, 1.0])
            x = x + spaces.echo(x, self.song.seconds(beats), rng.uniform(0.25, 0.5), 4, rng.random() < 0.5, 3500) * np.float32(rng.uniform(0.08, 0.3))
        x = x * np.float32(gain)
        self.send("vocals", "voice", x, wet * self.wet)
        if self.hard_panned:
            pan = 0.6
        return place(x, pan)

    def robot(self, x: np.ndarray) -> np.ndarray:
        """A vocoder playing the song's chords."""
        rng, song = self.rng, self.song
        carrier = np.zeros((1, self.frames), np.float32)
        low = int(rng.integers(45, 55))
        for chord in song.chords:
            begin = int(song.seconds(chord.start) * RATE)
            end = min(self.frames, int(song.seconds(chord.start + chord.duration) * RATE))
            if end <= begin:
                continue
            time = np.arange(end - begin, dtype=np.float32) / RATE
            for number, tone in enumerate((chord.root, *chord_tones(chord))):
                hertz = 440 * 2 ** ((low + (tone - low) % 12 - (12 if number == 0 else 0) - 69) / 12)
                carrier[0, begin:end] += 2 * ((time * np.float32(hertz)) % 1) - 1
        return fx.vocode(x.mean(0, keepdims=True), carrier * np.float32(0.1))

    def strip(self, stem: str, role: str, name: str, audio: np.ndarray, settings: dict, number: int) -> None:
        x = channels(audio, self.frames)
        if not np.any(x):
            return
        name = name.lower()
        if stem == "drums":
            x = self.drums(name, x)
        elif stem == "bass":
            x = self.bass(name, role, x, settings)
        elif stem == "other":
            x = self.other(name, role, x, number, settings)
        else:
            x = self.vocals(name, x)
        self.stems[stem] += x
