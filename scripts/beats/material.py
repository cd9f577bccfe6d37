"""Songs whose beats are known: those of scripts/make-songs, POP909 played on other instruments and with drums, and
sounds that have no beat."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

import mido
import numpy as np
import soundfile
from songs.patterns import GROOVES, KEYS, STROKES

from .bands import FRAMES_PER_SECOND, reduced
from .examples import Song, packed

STEMS = ("drums", "bass", "other", "vocals")
HALF_TIME = ("trap", "dubstep")     # written at twice the tempo that people tap
LEADS = (0, 4, 5, 11, 22, 24, 25, 26, 27, 40, 52, 53, 54, 56, 64, 65, 66, 68, 71, 73, 75, 80, 81, 85)
BRIDGES = (0, 4, 6, 11, 12, 16, 19, 24, 25, 26, 27, 28, 48, 50, 52, 60, 61, 88, 90)
CHORDS = (0, 0, 0, 1, 2, 4, 5, 6, 7, 24, 25, 26, 27, 30, 46, 48)
KITS = (0, 0, 0, 8, 16, 24, 25, 40)
GROOVE_FAMILIES = ("rock", "pop", "folk", "country", "funk", "soul", "disco", "ballad", "boombap", "latin", "afro", "house")


def speed_of(rng) -> float:
    """Like a tape that runs fast or slow."""
    return 1.0 if rng.random() < 0.35 else float(rng.uniform(0.86, 1.18))


def bands_of(path: Path, speed: float) -> np.ndarray:
    audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return packed(reduced(audio.mean(1), round(rate * speed)))


def made_song(folder: Path) -> Song:
    """Its beats lie at k * 60 / tempo from the begin on."""
    facts = json.loads((folder / "song.json").read_text())
    speed = speed_of(np.random.default_rng([facts["seed"], 909]))
    stems = {stem: bands_of(folder / f"{stem}.wav", speed) for stem in STEMS if (folder / f"{stem}.wav").exists()}
    bpm, bar = facts["tempo_bpm"] * speed, facts["beats_per_bar"]
    if facts["style"] in HALF_TIME and bpm > 110:
        bpm, bar = bpm / 2, 4
    seconds = min(map(len, stems.values())) / FRAMES_PER_SECOND
    beats = np.arange(0, seconds - 1.5, 60 / bpm)
    return Song(folder.name, stems, beats, np.arange(len(beats)) % bar == 0, bar, 1.0 if bar == 4 else 3.0)


class Performance:
    """A song of POP909: notes in seconds by part, and annotated beats."""

    def __init__(self, folder: Path, seconds: float):
        self.name = folder.name
        self.beats = np.loadtxt(folder / "beat_midi.txt")
        self.column, self.bar = self.bars()
        midi = mido.MidiFile(folder / f"{folder.name}.mid")
        tempi = sorted((at, message.tempo) for track in midi.tracks
                       for at, message in self.timed(track) if message.type == "set_tempo")
        self.seconds = seconds
        self.parts = {track.name: self.notes(track, tempi, midi.ticks_per_beat) for track in midi.tracks}

    def bars(self):
        """Which column holds the downbeats, and how many beats a bar has; (0, 0) if that is not clear."""
        for column in (2, 1):
            gaps = np.diff(np.flatnonzero(self.beats[:, column] > 0))
            if len(gaps) > 8:
                sizes, counts = np.unique(gaps, return_counts=True)
                if counts.max() > 0.9 * counts.sum() and sizes[counts.argmax()] in (2, 3, 4, 6):
                    return column, int(sizes[counts.argmax()])
        return 0, 0

    @staticmethod
    def timed(track):
        at = 0
        for message in track:
            at += message.time
            yield at, message

    def notes(self, track, tempi, ticks_per_beat):
        def seconds(tick):
            total, last, tempo = 0.0, 0, 500000
            for at, next_tempo in tempi:
                if at >= tick:
                    break
                total, last, tempo = total + (at - last) * tempo / 1e6 / ticks_per_beat, at, next_tempo
            return total + (tick - last) * tempo / 1e6 / ticks_per_beat

        notes, held = [], {}
        for at, message in self.timed(track):
            if message.type == "note_on" and message.velocity:
                held[message.note] = (seconds(at), message.velocity)
            elif message.type in ("note_on", "note_off") and message.note in held:
                begin, velocity = held.pop(message.note)
                if begin < self.seconds:
                    notes.append((begin, seconds(at), message.note, velocity))
        return notes

    def drums(self, rng) -> list:
        """A groove for each eight bars in turn, on the annotated beats."""
        if self.bar != 4:
            return []
        family = GROOVES[str(rng.choice([name for name in GROOVE_FAMILIES if name in GROOVES]))]
        grooves = [family[int(rng.integers(len(family)))] for _ in range(2)]
        times, notes = self.beats[:, 0], []
        bars = np.flatnonzero(self.beats[:, self.column] > 0)
        for number, (first, following) in enumerate(zip(bars, bars[1:])):
            if following - first != 4 or rng.random() < 0.03:
                continue
            for lane, steps in grooves[number // 8 % 2].items():
                for step, stroke in enumerate(steps):
                    if stroke not in STROKES or lane not in KEYS:
                        continue
                    place = first + 4 * step / len(steps)
                    time = float(np.interp(place, np.arange(len(times)), times)) + rng.normal(0, 0.005)
                    if 0 <= time < self.seconds:
                        loudness = int(min(127, 20 + 100 * STROKES[stroke] * rng.uniform(0.85, 1)))
                        notes.append((time, time + 0.1, KEYS[lane], loudness))
        return notes


def played(parts: list, font: Path) -> np.ndarray:
    """Renders (notes, program, channel, volume) by FluidSynth; returns it as a file that is read and removed."""
    midi = mido.MidiFile(ticks_per_beat=500)      # at 120 beats a minute a tick is a millisecond
    for notes, program, channel, volume in parts:
        events = [(0, 0, mido.Message("program_change", channel=channel, program=program)),
                  (0, 0, mido.Message("control_change", channel=channel, control=7, value=volume))]
        for begin, end, pitch, velocity in notes:
            events.append((int(begin * 1000), 2, mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)))
            events.append((max(int(end * 1000), int(begin * 1000) + 20), 1, mido.Message("note_off", channel=channel, note=pitch)))
        track, now = mido.MidiTrack(), 0
        for at, _, message in sorted(events, key=lambda event: event[:2]):
            track.append(message.copy(time=at - now))
            now = at
        midi.tracks.append(track)
    with tempfile.TemporaryDirectory() as folder:
        midi.save(os.path.join(folder, "song.mid"))
        subprocess.run(["fluidsynth", "-niq", "-g", "0.6", "-T", "wav", "-r", "44100", "-F", "song.wav", str(font), "song.mid"],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return soundfile.read(os.path.join(folder, "song.wav"), dtype="float32", always_2d=True)[0].mean(1)


def pop909_song(folder: Path, fonts: list[Path]) -> Song | None:
    rng = np.random.default_rng([int(folder.name), 909])
    performance = Performance(folder, rng.uniform(90, 130))
    if len(performance.beats) < 40 or performance.bar == 0:
        return None
    speed, parts = float(rng.uniform(0.86, 1.18)), []
    for name, programs in (("MELODY", LEADS), ("BRIDGE", BRIDGES), ("PIANO", CHORDS)):
        notes = performance.parts.get(name, [])
        if notes and not (name == "MELODY" and rng.random() < 0.2):
            parts.append((notes, int(rng.choice(programs)), len(parts), int(rng.integers(60, 128))))
    drums = performance.drums(rng)
    stems = {"other": parts, "drums": [(drums, int(rng.choice(KITS)), 9, 110)] if drums else []}
    bands = {stem: packed(reduced(played(wanted, fonts[int(rng.integers(len(fonts)))]), 44100 * speed))
             for stem, wanted in stems.items() if wanted}
    inside = performance.beats[:, 0] < performance.seconds
    return Song("pop909-" + folder.name, bands, performance.beats[inside, 0] / speed,
                performance.beats[inside, performance.column] > 0, performance.bar, 0.7 if performance.bar == 4 else 3.0)


def beatless(number: int) -> Song:
    """Noise, wind, held tones, notes at random, or crackle; half a minute."""
    rng = np.random.default_rng([number, 77])
    rate, count = 44100, 44100 * 30
    time = np.arange(count) / rate
    kind = number % 5
    if kind in (0, 1):
        spectrum = np.fft.rfft(rng.normal(size=count))
        spectrum[1:] /= np.arange(1, len(spectrum)) ** rng.uniform(0, 1.2)
        sound = np.fft.irfft(spectrum, count)
        sound *= 10 ** rng.uniform(-2, 0) / np.abs(sound).max()
        if kind == 1:
            sound *= np.repeat(rng.random(240), count // 240 + 1)[:count]
    elif kind == 2:
        sound = np.zeros(count)
        for hertz in 220 * 2 ** (rng.integers(-18, 24, rng.integers(1, 5)) / 12):
            vibrato, depth = rng.uniform(3, 7.5), rng.uniform(0, 6) * (number // 5 % 2)
            for k in range(1, 5):
                sound += 0.1 / k * np.sin(2 * np.pi * hertz * k * (1 + rng.normal() * 0.002) * time
                                          + k * depth * np.sin(2 * np.pi * vibrato * time))
    elif kind == 3:
        sound, at, gap = np.zeros(count), 0.1, rng.uniform(0.12, 0.6)
        while at < 28:
            t = np.arange(int(rate * rng.uniform(0.05, 0.8))) / rate
            hertz = 220 * 2 ** (rng.integers(-24, 36) / 12)
            note = rng.normal(size=len(t)) if rng.random() < 0.3 else sum(np.sin(2 * np.pi * hertz * k * t) / k for k in (1, 2, 3))
            begin = int(at * rate)
            sound[begin:begin + len(t)] += 0.3 * rng.uniform(0.2, 1) * np.exp(-t / rng.uniform(0.02, 0.4)) * note
            at += rng.exponential(gap)
    else:
        sound = np.zeros(count)
        sound[rng.integers(0, count, int(rng.uniform(2000, 20000)))] = 0.3 * rng.normal()
    return Song(f"beatless-{number}", {"other": packed(reduced(sound, rate))}, weight=0.55)
