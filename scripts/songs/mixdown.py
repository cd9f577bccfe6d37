"""From dry tracks to four stems that sum to the mix: channel strips, sends, levels, and a master.

Whatever acts on the mix (bus compression, limiting, master EQ) acts on every stem in the same way, so that the
stems still add up. Each stem's share of the mix's energy is drawn per song round what records have.
"""
import io

import numpy as np
import soundfile

from . import effects as fx
from .score import STEMS, Song
from .singing import chord_tones

RATE = 44100
ELECTRONIC = ("house", "techno", "trance", "edm", "electro", "dubstep", "drum", "synth", "dance", "garage", "trap", "disco")
HEAVY = ("metal", "punk", "hard", "grunge")
SHARES = {"drums": -3.4, "bass": -5.4, "other": -4.9, "vocals": -4.5}   # dB against the other three together


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


class Desk:
    """One song's mix: a common space, a taste in EQ and compression, and what its genre does."""

    def __init__(self, song: Song, rng):
        self.song, self.rng = song, rng
        self.frames = song.frames
        style = song.style.lower()
        self.electronic, self.heavy = has(style, *ELECTRONIC), has(style, *HEAVY)
        self.wet = float(rng.choice([0.4, 0.8, 1.0, 1.6], p=[0.2, 0.3, 0.35, 0.15]))
        self.kind = str(rng.choice(["plate", "room", "hall", "ambience", "spring"], p=[0.3, 0.3, 0.22, 0.13, 0.05]))
        length = {"plate": (0.8, 2.4), "room": (0.3, 0.9), "hall": (1.4, 3.2), "ambience": (0.2, 0.6), "spring": (1.0, 2.2)}[self.kind]
        self.space = fx.space(rng, self.kind, rng.uniform(*length))
        self.voice_kind = str(rng.choice(["plate", "hall", "room"], p=[0.55, 0.25, 0.2]))
        self.voice_space = fx.space(rng, self.voice_kind, rng.uniform(0.6, 2.6))
        self.drum_space = fx.space(rng, "room", rng.uniform(0.25, 0.8))
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
                x = fx.compress(x, -8, 3, 0.012, 0.1)
            if rng.random() < 0.25:
                x = fx.saturate(x, rng.uniform(0, 9), "tanh")
            x, room = x.mean(0, keepdims=True), rng.uniform(0, 0.05)
        elif has(name, "snare", "clap", "rim"):
            x = fx.equalise(x, *self.tone(("high", 90, 0, 0.7), ("peak", 200, 1.5, 1.0), ("highshelf", 6000, 2, 0.7)))
            if rng.random() < 0.5:
                x = fx.compress(x, -9, 3.5, 0.008, 0.12)
            if rng.random() < 0.3:
                x = fx.saturate(x, rng.uniform(0, 8), "soft")
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
                x = fx.compress(x, -10, 3, 0.01, 0.12)
        self.send("drums", "drum", x, room * self.wet * (0.6 if self.electronic else 1.2))
        return place(x, pan if not self.hard_panned else -0.9)

    def bass(self, name: str, role: str, x: np.ndarray, settings: dict) -> np.ndarray:
        rng = self.rng
        sub = role == "sub" or has(name, "sub", "808")
        x = fx.equalise(x, *self.tone(("high", 30, 0, 0.7), ("peak", 250, -2, 0.8), ("peak", 900, 1, 0.8)))
        amp = settings.get("amp")
        if amp or not sub and not has(name, "synth", "doublebass", "meatbass", ":32") and rng.random() < 0.4:
            low, high = (0.35, 0.8) if amp == "bass drive" else (0.05, 0.6 if self.heavy else 0.4)
            x = fx.amplifier(x.mean(0, keepdims=True), rng, float(rng.uniform(low, high)), bass=True)
        elif rng.random() < 0.5:
            x = fx.saturate(x, rng.uniform(-3, 10), str(rng.choice(["tanh", "tube", "soft"])))
        x = fx.compress(x, -6 - 6 * self.squash, 3 + 2 * self.squash, 0.015, 0.15)
        if not sub and rng.random() < 0.12:
            x = fx.chorus(x, rng.uniform(0.2, 0.9), 0.002, 0.4)
        if self.kicks and "sidechain" in settings:
            x = fx.duck(x, self.kicks, settings["sidechain"], self.duck_release)
        elif self.ducked and rng.random() < 0.7:
            x = fx.duck(x, self.kicks, self.duck_depth, self.duck_release)
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
            x = fx.condense(x.mean(0, keepdims=True))
            x = fx.expand(fx.amplifier(x[0], rng, float(rng.uniform(low, high))), x[1], self.frames)
            if role == "lead":
                pan *= 0.4
            x = fx.equalise(x, *self.tone(("high", 80, 0, 0.7)))
            if rng.random() < 0.2:
                x = fx.phaser(x, rng.uniform(0.1, 0.6)) if rng.random() < 0.5 else fx.chorus(x, rng.uniform(0.2, 1), 0.003, 0.5)
            if rng.random() < 0.07:
                x = fx.tremolo(x, rng.uniform(3, 7), rng.uniform(0.4, 0.8))
        elif guitar:
            x = fx.equalise(x, *self.tone(("high", 90, 0, 0.7), ("peak", 250, -2, 0.8), ("highshelf", 6000, rng.uniform(1, 8), 0.7)))
            x = fx.compress(x, -9, 2.5, 0.015, 0.2)
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
                x = fx.saturate(x, rng.uniform(-3, 8), "tube")
            if rng.random() < 0.3:
                x = fx.compress(x, -8, 2.5, 0.02, 0.2)
        if self.kicks and "sidechain" in settings:
            x = fx.duck(x, self.kicks, settings["sidechain"], self.duck_release)
        elif self.ducked and role in ("pad", "chords", "arpeggio", "rhythm"):
            x = fx.duck(x, self.kicks, self.duck_depth * rng.uniform(0.5, 1), self.duck_release)
        if role in ("lead", "riff", "arpeggio") and rng.random() < 0.3:
            beats = rng.choice([0.5, 0.75, 1.0])
            x = fx.stereo(x)
            x = x + fx.echo(x, self.song.seconds(beats), rng.uniform(0.3, 0.6), 4) * np.float32(rng.uniform(0.12, 0.4))
        self.send("other", "room", x, wet * self.wet)
        if self.hard_panned:
            return place(x.mean(0, keepdims=True), 0.9 if number % 2 else -0.9)
        return place(x, pan)

    def vocals(self, name: str, x: np.ndarray) -> np.ndarray:
        rng = self.rng
        backing = has(name, "backing", "harmony", "double", "gang")
        low = 90 if not backing else 160
        x, spans = fx.condense(x)
        x = fx.equalise(x, *self.tone(("high", low, 0, 0.7), ("peak", 280, -2, 0.8), ("peak", 3500, 1.5, 0.7), ("highshelf", 9000, 2, 0.7)))
        x = fx.compress(x, -8 - 6 * self.squash, 3 + 2 * self.squash, 0.006, 0.12)
        if rng.random() < 0.35:
            x = fx.compress(x, -4, 6, 0.002, 0.08)
        if rng.random() < (0.5 if self.heavy else 0.2):
            x = fx.saturate(x, rng.uniform(-3, 9), str(rng.choice(["tube", "tanh", "soft"])))
        if name in ("lead", "second lead") and rng.random() < (0.35 if self.heavy else 0.02):
            x = fx.growl(x, rng, rng.uniform(0.3, 1.0))
        elif backing and x.shape[0] == 1 and rng.random() < 0.04:
            x = fx.whisper(x, rng)
        x = fx.expand(x, spans, self.frames)
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
                x = fx.saturate(fx.equalise(x, ("high", low, 0, 1), ("high", low, 0, 0.7), ("low", high, 0, 1), ("low", high, 0, 0.7)), rng.uniform(2, 12), "tanh")
            if has(name, "chops"):
                if rng.random() < 0.5:
                    x = fx.chorus(x, rng.uniform(0.2, 1), 0.003, 0.5)
                if self.ducked:
                    x = fx.duck(x, self.kicks, self.duck_depth * 0.7, self.duck_release)
        elif name == "lead":
            draw = rng.random()
            if draw < 0.03:
                x = fx.saturate(fx.equalise(x, ("high", 350, 0, 1), ("low", 3500, 0, 1)), rng.uniform(6, 14), "hard")   # a megaphone
            elif draw < 0.12:
                x = fx.stereo(x)
                x = x + fx.chorus(x, 0.4, 0.004, 1.0, 0.015) * np.float32(0.4)
            if rng.random() < 0.2:
                x = fx.stereo(x) + fx.echo(x, rng.uniform(0.07, 0.14), 0.3, 2, False) * np.float32(rng.uniform(0.15, 0.35))   # slap
        if rng.random() < 0.3:
            x = fx.stereo(x)
            beats = rng.choice([0.5, 0.75, 1.0])
            x = x + fx.echo(x, self.song.seconds(beats), rng.uniform(0.25, 0.5), 4, rng.random() < 0.5, 3500) * np.float32(rng.uniform(0.08, 0.3))
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

    def buses(self) -> None:
        """Adds the reverberation, then treats each stem as one."""
        rng = self.rng
        spaces = {"room": self.space, "voice": self.voice_space, "drum": self.drum_space}
        for stem, sends in self.sends.items():
            for name, x in sends.items():
                if name == "voice":
                    x = np.roll(x, int(rng.uniform(0, 0.06) * RATE), axis=-1)      # pre-delay
                self.stems[stem] += fx.equalise(fx.reverberate(x, spaces[name]), ("high", rng.uniform(120, 400)))
        drums = self.stems["drums"]
        if np.any(drums):
            draw = rng.random()
            if draw < 0.45:
                drums = fx.compress(drums, -8, 2 + 2 * self.squash, 0.02, 0.1)
            elif draw < 0.7:      # in parallel, hard
                drums = drums + fx.compress(drums, -20, 10, 0.003, 0.08) * np.float32(rng.uniform(0.5, 1.5))
            if rng.random() < 0.3:
                drums = fx.saturate(drums, rng.uniform(-3, 7), str(rng.choice(["tanh", "soft", "tube"])))
            if rng.random() < 0.2:
                drums = fx.transients(drums, rng.uniform(-0.4, 0.6))
            if rng.random() < 0.3:
                drums = fx.equalise(drums, ("highshelf", rng.uniform(4000, 9000), rng.normal(0, 3)), ("lowshelf", 120, rng.normal(0, 2)))
            self.stems["drums"] = drums
        for stem in ("other", "vocals"):
            if np.any(self.stems[stem]) and rng.random() < 0.35:
                self.stems[stem] = fx.compress(self.stems[stem], -6, 2, 0.02, 0.2)

    def automate(self) -> None:
        """Filters that open through an intro or a build, now and then."""
        rng, song = self.rng, self.song
        for section in song.sections:
            chance = 0.3 if self.electronic and section.name in ("intro", "break", "build", "bridge") else 0.05 if section.name in ("intro", "bridge") else 0
            if rng.random() >= chance:
                continue
            begin, end = int(song.seconds(section.start) * RATE), int(song.seconds(section.start + section.beats) * RATE)
            kind = str(rng.choice(["low", "high"], p=[0.75, 0.25]))
            curve = np.linspace(rng.uniform(0, 0.5), 1, max(1, end - begin)).astype(np.float32)
            for stem in (("drums", "other", "bass") if kind == "low" else ("drums", "other")):
                x = self.stems[stem][:, begin:end]
                if x.shape[1] > RATE and np.any(x) and rng.random() < 0.7:
                    self.stems[stem][:, begin:end] = fx.sweep(x, curve[:x.shape[1]], kind)

    def balance(self) -> None:
        """Gives each stem its share of the mix's energy."""
        rng = self.rng
        style = self.song.style.lower()
        shift = {"drums": 0.0, "bass": 0.0, "other": 0.0, "vocals": 0.0}
        if self.electronic:
            shift.update(drums=1.5, bass=1.0, vocals=-1.0)
        elif has(style, "hip", "rap", "trap", "reggae", "dub"):
            shift.update(drums=0.5, bass=2.0, other=-1.5)
        elif self.heavy:
            shift.update(other=2.5, vocals=-1.0, bass=-0.5)
        elif has(style, "folk", "ballad", "acoustic", "country", "singer"):
            shift.update(drums=-3.0, bass=-1.5, other=1.0, vocals=2.5)
        energies, shares = {}, {}
        for stem, x in self.stems.items():
            energy = float(np.square(x).mean(dtype=np.float64))
            if energy < 1e-10:
                continue
            energies[stem] = energy
            blocks = np.square(x).mean(0)[:self.frames // 22050 * 22050].reshape(-1, 22050).mean(1)
            active = float((blocks > 0.02 * np.percentile(blocks, 95)).mean())
            usual = {"drums": 0.8, "bass": 0.8, "other": 0.9, "vocals": 0.6}[stem]
            spread = {"drums": 2.6, "bass": 2.6, "other": 2.8, "vocals": 2.8}[stem]
            decibels = SHARES[stem] + shift[stem] + rng.normal(0, spread)
            ratio = 10 ** (decibels / 10)
            shares[stem] = ratio / (1 + ratio) * np.clip(active / usual, 0.1, 1.4)
        total = sum(shares.values())
        for stem in STEMS:
            if stem in shares:
                self.stems[stem] *= np.float32(np.sqrt(shares[stem] / total / energies[stem]) * 0.1)
            else:
                self.stems.pop(stem)

    def tricks(self) -> None:
        """Edits of the whole mix before a new section: a stutter, a stop, or everything far away."""
        rng, song = self.rng, self.song
        if rng.random() < 0.04:      # heard in a room, as from the audience
            far, wet = fx.space(rng, "room", rng.uniform(0.2, 0.7)), np.float32(rng.uniform(0.2, 0.6))
            self.everywhere(lambda x: x + wet * fx.reverberate(x, far))
        if rng.random() >= (0.15 if self.electronic else 0.03):
            return
        for section in song.sections[1:]:
            if rng.random() < 0.5:
                continue
            beat = int(song.seconds(1) * RATE)
            end = int(song.seconds(section.start) * RATE)
            size = int(beat * rng.choice([0.25, 0.5]))
            begin = end - beat * int(rng.choice([1, 2]))
            if begin < 0 or end > self.frames:
                continue
            gate = np.ones(size, np.float32)
            gate[:100], gate[-100:] = np.linspace(0, 1, 100), np.linspace(1, 0, 100)
            count = -(-(end - begin) // size)
            for x in self.stems.values():
                piece = x[:, begin:begin + size] * gate
                x[:, begin:end] = np.tile(piece, count)[:, :end - begin]

    def everywhere(self, change) -> None:
        for stem in self.stems:
            self.stems[stem] = change(self.stems[stem])

    def mix(self) -> np.ndarray:
        return sum(self.stems.values())

    def master(self) -> None:
        rng = self.rng
        bands = []
        if rng.random() < 0.7:
            bands = [("lowshelf", rng.uniform(70, 160), rng.normal(0, 1.5)), ("highshelf", rng.uniform(5000, 10000), rng.normal(0.5, 2))]
        if self.lofi:
            bands += [("low", rng.uniform(4000, 9000)), ("high", rng.uniform(60, 150))]
        bands.append(("high", 22))
        self.everywhere(lambda x: fx.equalise(x, *bands))
        if self.lofi and rng.random() < 0.7:
            wow = fx.oscillator(self.frames, rng.uniform(0.4, 1.2)) * rng.uniform(10, 40) + 50
            self.everywhere(lambda x: fx.delayed(x, wow))
        if self.mono:
            self.everywhere(lambda x: np.repeat(x.mean(0, keepdims=True), 2, 0))
        elif rng.random() < 0.2:
            width = rng.uniform(0.5, 1.4)
            self.everywhere(lambda x: fx.widen(x, width))
        if rng.random() < 0.7:
            gain = fx.compression_curve(self.mix(), rng.uniform(-10, -4), rng.uniform(1.5, 3), rng.uniform(0.01, 0.03), rng.uniform(0.1, 0.4))
            self.everywhere(lambda x: x * gain)
        mix = self.mix()
        weighted = fx.equalise(mix, ("highshelf", 1680, 4.0), ("high", 38, 0, 0.5))
        loudness = 20 * np.log10(fx.loud(weighted) * np.sqrt(2) + 1e-9) - 0.7
        target = rng.uniform(-16, -6.5) if not self.heavy else rng.uniform(-12, -6)
        level = np.float32(10 ** ((target - loudness) / 20))
        peak, mix = float(10 ** (rng.uniform(-1.5, -0.2) / 20)), mix * level
        gain = np.full(self.frames, level, np.float32)
        if rng.random() < 0.4:      # clip the highest peaks before the limiter
            ceiling = np.float32(peak * 10 ** (rng.uniform(1.5, 4) / 20))
            bent = np.float32(ceiling) * np.tanh(mix / ceiling)
            ratio = np.where(np.abs(mix) > 1e-4, bent / np.where(np.abs(mix) > 1e-4, mix, 1), 1).astype(np.float32)
            self.everywhere(lambda x: x * ratio)
            mix = bent
        gain *= fx.limit_curve(mix, peak)
        if rng.random() < 0.08:      # faded out
            fade = min(int(rng.uniform(4, 10) * RATE), self.frames)
            gain[self.frames - fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
        self.everywhere(lambda x: x * gain)

    def codec(self) -> None:
        """What a lossy codec leaves of each stem, so that its marks are in the mix and known."""
        rng = self.rng
        if rng.random() >= 0.12:
            return
        format_, subtype = ("MP3", "MPEG_LAYER_III") if rng.random() < 0.6 else ("OGG", "VORBIS")
        top = float(rng.choice([15000, 16000, 17500, 20000]))     # encoders of low rates cut the treble
        for stem, x in self.stems.items():
            memory = io.BytesIO()
            if top < 20000:
                x = fx.equalise(x, *[("low", top, 0, q) for q in (0.52, 0.71, 1.93)])
            with soundfile.SoundFile(memory, "w", RATE, 2, format=format_, subtype=subtype) as file:
                for begin in range(0, x.shape[1], 65536):
                    file.write(np.clip(x[:, begin:begin + 65536].T, -1, 1))
            memory.seek(0)
            back = soundfile.read(memory, dtype="float32", always_2d=True)[0].T[:, :self.frames]
            self.stems[stem] = np.pad(back, ((0, 0), (0, self.frames - back.shape[1])))
        peak = float(np.abs(self.mix()).max())
        if peak > 0.99:
            self.everywhere(lambda x: x * np.float32(0.97 / peak))


def mix(song: Song, tracks: list, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Takes (stem, role, name, audio) tracks, with the part's options (amp, pan, sidechain, kind) as fifth where there
    are any; returns the stems that sound, (frames, 2) each, summing to the mix."""
    desk = Desk(song, rng)
    for number, (stem, role, name, audio, *settings) in enumerate(tracks):
        desk.strip(stem, role, name, audio, settings[0] if settings else {}, number)
    desk.buses()
    desk.automate()
    desk.balance()
    desk.tricks()
    desk.master()
    desk.codec()
    return {stem: x.T for stem, x in desk.stems.items()}
