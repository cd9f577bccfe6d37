"""From dry tracks to four stems that sum to the mix: channel strips, sends, levels, and a master.

Whatever acts on the mix (bus compression, limiting, master EQ) acts on every stem in the same way, so that the
stems still add up. Each stem's share of the mix's energy is drawn per song round what records have.
"""
import io

import numpy as np
import soundfile

from . import distortion, dynamics, effects as fx, spaces
from .score import STEMS, Song
from .strips import RATE, Strips, has
from .tone import toned

SHARES = {"drums": -2.7, "bass": -5.4, "other": -5.0, "vocals": -3.9}   # dB against the other three together


class Desk(Strips):
    """What happens to the stems once the strips have filled them."""

    def buses(self) -> None:
        """Adds the reverberation, then treats each stem as one."""
        rng = self.rng
        rooms = {"room": self.space, "voice": self.voice_space, "drum": self.drum_space}
        for stem, sends in self.sends.items():
            for name, x in sends.items():
                if name == "voice":
                    x = np.roll(x, int(rng.uniform(0, 0.06) * RATE), axis=-1)      # pre-delay
                self.stems[stem] += spaces.reverberate(x, rooms[name])
        drums = self.stems["drums"]
        if np.any(drums):
            draw = rng.random()
            if draw < 0.45:
                drums = dynamics.compress(drums, -8, 2 + 2 * self.squash, 0.02, 0.1)
            elif draw < 0.7:      # in parallel, hard
                drums = drums + dynamics.compress(drums, -20, 10, 0.003, 0.08) * np.float32(rng.uniform(0.5, 1.5))
            if rng.random() < 0.3:
                drums = distortion.saturate(drums, rng.uniform(-3, 7), str(rng.choice(["tanh", "soft", "tube"])))
            if rng.random() < 0.2:
                drums = dynamics.transients(drums, rng.uniform(-0.4, 0.6))
            if rng.random() < 0.3:
                drums = fx.equalise(drums, ("highshelf", rng.uniform(4000, 9000), rng.normal(0, 3)), ("lowshelf", 120, rng.normal(0, 2)))
            self.stems["drums"] = drums
        for stem in ("other", "vocals"):
            if np.any(self.stems[stem]) and rng.random() < 0.35:
                self.stems[stem] = dynamics.compress(self.stems[stem], -6, 2, 0.02, 0.2)

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
            far, wet = spaces.space(rng, "room", rng.uniform(0.2, 0.7)), np.float32(rng.uniform(0.2, 0.6))
            self.everywhere(lambda x: x + wet * spaces.reverberate(x, far))
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
        if bands:
            self.everywhere(lambda x: fx.equalise(x, *bands, ("high", 22)))
        if self.lofi and rng.random() < 0.7:
            wow = fx.oscillator(self.frames, rng.uniform(0.4, 1.2)) * rng.uniform(10, 40) + 50
            self.everywhere(lambda x: fx.delayed(x, wow))
        if self.mono:
            self.everywhere(lambda x: np.repeat(x.mean(0, keepdims=True), 2, 0))
        elif rng.random() < 0.2:
            width = rng.uniform(0.5, 1.4)
            self.everywhere(lambda x: fx.widen(x, width))
        if rng.random() < 0.7:
            gain = dynamics.compression_curve(self.mix(), rng.uniform(-10, -4), rng.uniform(1.5, 3), rng.uniform(0.01, 0.03), rng.uniform(0.1, 0.4))
            self.everywhere(lambda x: x * gain)
        mix = self.mix()
        weighted = fx.equalise(mix, ("highshelf", 1680, 4.0), ("high", 38, 0, 0.5))
        loudness = 20 * np.log10(dynamics.loud(weighted) * np.sqrt(2) + 1e-9) - 0.7
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
        gain *= dynamics.limit_curve(mix, peak)
        if rng.random() < 0.08:      # faded out
            fade = min(int(rng.uniform(4, 10) * RATE), self.frames)
            gain[self.frames - fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
        self.everywhere(lambda x: x * gain)

    def codec(self) -> None:
        """What a lossy codec leaves of each stem, so that its marks are in the mix and known."""
        rng = self.rng
        if rng.random() >= 0.08:
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
    for stem, x in desk.stems.items():
        desk.stems[stem] = toned(stem, x, rng)
    desk.balance()
    desk.tricks()
    desk.master()
    desk.codec()
    return {stem: x.T for stem, x in desk.stems.items()}
