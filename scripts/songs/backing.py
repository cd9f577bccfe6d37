"""The voices that are not the lead's: chords, shouts, ad-libs, hooks, chops, speech."""
import numpy as np

from . import effects, singing
from .casting import RATE, Singer, Track, phrases_of, section_at
from .phrases import LICENCES, Bank, Phrase
from .score import Note, Part, Song
from .singing import Manner


class Backing:
    """A song's vocal tracks, and everybody but the lead singing into them."""

    def __init__(self, song: Song, rng, bank: Bank):
        self.song, self.rng, self.bank = song, rng, bank
        self.scale = singing.scale_pitches(song)
        self.tracks: dict[str, Track] = {}
        self.memory: dict = {}
        self.sources: set[str] = set()       # of the voices heard, with their licences
        self.sung: list[tuple] = []          # (first beat, last beat, lines, singer) of each phrase of the leads
        self.singers: list[str] = []

    def lay(self, line, manner, *arguments, **options) -> tuple:
        """Renders a line (see singing.lay), and remembers whose voice it is."""
        self.sources.add(LICENCES.get(line.phrase.source, line.phrase.source))
        return singing.lay(self.bank, line, manner, self.rng, *arguments, **options)

    def track(self, name: str) -> Track:
        return self.tracks.setdefault(name, Track(self.song))

    def gang(self, part: Part) -> None:
        """Several people shouting together."""
        rng, song, bank = self.rng, self.song, self.bank
        names = list(bank.by_singer)
        crowd = [names[i] for i in rng.choice(len(names), min(5, len(names)), replace=False)]
        for name in crowd:
            pool = [p for p in bank.by_singer[name] if len(p.syllables) <= 6] or bank.by_singer[name]
            manner = Manner(float(np.exp(rng.normal(0, 0.08))), 0, 0.02, 0, 5, 1, 0.2)
            chosen = pool[rng.integers(len(pool))]
            for notes in phrases_of(part, song):
                moved = [Note(n.start, n.duration, n.pitch + rng.normal(0, 0.7), n.velocity) for n in notes]
                octave = 12 * round((chosen.median + 4 - moved[0].pitch) / 12) if chosen.median else 0
                line = singing.sing_on_notes(bank, chosen, song, moved, octave, manner, rng, 0.025)
                self.track(f"gang {'left' if rng.random() < 0.5 else 'right'}").add(*self.lay(line, manner, 0.2, 0.02, gain=0.7))

    def chords_of(self, part: Part) -> Part:
        """Held single notes as chords: with the chord's other notes near them."""
        notes = list(part.notes)
        starts = [note.start for note in notes]
        if len(set(np.round(starts, 2))) < len(starts):
            return part
        for note in part.notes:
            chord = next((c for c in self.song.chords if c.start - 0.3 <= note.start < c.start + c.duration - 0.1), None)
            if chord is None:
                continue
            for tone in singing.chord_tones(chord):
                pitch = note.pitch + (tone - note.pitch + 6) % 12 - 6
                if abs(pitch - note.pitch) > 0.5:
                    notes.append(Note(note.start, note.duration, pitch, note.velocity))
        return Part(part.stem, part.role, part.instrument, notes, part.options)

    def backing(self, part: Part, singer: Singer, number: int) -> None:
        """Chords of sung vowels, or of the singer's own syllables held."""
        rng, song, bank = self.rng, self.song, self.bank
        style = rng.choice(["vowels", "lead", "mixed"], p=[0.5, 0.3, 0.2])
        vowel = rng.choice(["_aa", "_oo"])
        vowels = [p for p in bank.vowels if vowel in p.name] or bank.vowels
        ensembles = [p for p in bank.phrases if p.kind == "ensemble" and p.singer.startswith("berklee") and vowel in p.name]
        chords: dict = {}
        for note in part.notes:
            chords.setdefault(round(note.start, 3), []).append(note)
        size = rng.integers(1, 3)
        formants = np.clip(np.exp(rng.normal(0, 0.07, 8)), 0.85, 1.2)
        held = [p for p in singer.sung if any(s[2] - s[1] > 0.3 and s[3] for s in p.syllables)] or singer.sung or vowels
        for start in sorted(chords):
            for voice, note in enumerate(sorted(chords[start], key=lambda note: note.pitch)):
                for take in range(size):
                    manner = Manner(float(formants[(voice * 2 + take) % 8]), 0.3, 0.05, rng.uniform(0.05, 0.3),
                                    rng.uniform(4.8, 6.2), 0.8, 0.1)
                    near = [p for p in (ensembles if ensembles and style == "mixed" and take == 0 else vowels)]
                    if style == "lead" or (style == "mixed" and take == 1) or not near:
                        source = held[rng.integers(len(held))]
                        longest = max(source.syllables, key=lambda s: (s[2] - s[1]) * (s[3] > 0))
                        source = Phrase(**{**source.__dict__, "syllables": [longest]})
                    else:
                        source = min(near, key=lambda p: abs(p.median - note.pitch) + rng.uniform(0, 3))
                        source = Phrase(**{**source.__dict__, "syllables": [[0.02, 0.1, source.length / RATE - 0.3, note.pitch, 0]]})
                    line = singing.sing_on_notes(bank, source, song, [note], 0.0, manner, rng, 0.03)
                    begin, audio = self.lay(line, manner, rng.normal(0, 0.05), 0.0)
                    fade = min(len(audio) // 3, 3000)
                    audio[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
                    audio[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
                    side = ("left", "right", "centre")[(voice + take + number) % 3]
                    self.track(f"backing {side}").add(begin, audio, 0.7)

    def adlibs(self, singer: Singer, melody: Part) -> None:
        """Short calls in the lead's rests of the later sections."""
        rng, song = self.rng, self.song
        short = [p for p in singer.phrases if p.length < 2.5 * RATE] or [p for p in singer.phrases if p.kind == "adlib"]
        if not short:
            return
        phrases = phrases_of(melody, song)
        for before, after in zip(phrases[:-1], phrases[1:]):
            end = before[-1].start + before[-1].duration
            if song.seconds(after[0].start - end) < 1.2 or rng.random() > 0.4 or section_at(song, end).energy < 0.5:
                continue
            phrase = short[rng.integers(len(short))]
            begin = song.seconds(np.ceil(end * 2) / 2 + rng.choice([0, 0.5]))
            line = singing.sing_as_it_was(self.bank, phrase, song, begin, 1.0, singing.transposition(phrase, song, None, 5, begin), singer.manner, rng)
            self.track("ad-lib").add(*self.lay(line, singer.manner, gain=0.8))

    def breath(self, before: float) -> None:
        """Air drawn in before a phrase."""
        rng = self.rng
        length = int(rng.uniform(0.18, 0.45) * RATE)
        noise = rng.standard_normal(length).astype(np.float32)
        low = rng.uniform(500, 1500)
        noise = effects.equalise(noise[None], ("high", low), ("peak", low * 1.8, rng.uniform(4, 10), 1.5), ("low", rng.uniform(5000, 10000)))[0]
        noise *= np.sin(np.linspace(0, np.pi, length) ** 1.0).astype(np.float32) ** 2
        self.track("lead").add(before - length / RATE - rng.uniform(0.0, 0.08), noise * np.float32(rng.uniform(0.004, 0.02)))

    def hooks(self) -> None:
        """Choruses of several voices, as they were recorded, at the beginnings of strong sections."""
        rng, song, bank = self.rng, self.song, self.bank
        pool = [p for p in bank.phrases if p.kind in ("ensemble", "backing") and not p.singer.startswith("berklee") and p.length > RATE]
        if not pool:
            return
        name = pool[rng.integers(len(pool))].singer
        chosen = [p for p in pool if p.singer == name]
        chosen = [chosen[i] for i in rng.choice(len(chosen), min(2, len(chosen)), replace=False)]
        manner = Manner(float(np.exp(rng.normal(0, 0.06))))
        step = song.beats_per_bar * int(rng.choice([2, 4, 4]))
        for section in song.sections:
            if section.energy < 0.5 and rng.random() < 0.8:
                continue
            for number, beat in enumerate(np.arange(section.start, section.start + section.beats - 1, step)):
                line = singing.play_plain(bank, chosen[number % len(chosen)], song, song.seconds(beat), manner)
                side = ("left", "right")[number % 2] if rng.random() < 0.3 else "centre"
                self.track(f"hook {side}").add(*self.lay(line, manner))

    def chops(self, singer: Singer) -> None:
        """One syllable as an instrument: a pattern of chord notes in drops and breaks."""
        rng, song, bank = self.rng, self.song, self.bank
        pool = [p for p in singer.sung if any(s[3] for s in p.syllables)]
        if not pool or not song.chords:
            return
        source = pool[rng.integers(len(pool))]
        syllable = [s for s in source.syllables if s[3]][0]
        rhythm = [(step / 4, rng.choice([0.25, 0.5, 0.2])) for step in range(16) if rng.random() < (0.55 if step % 2 == 0 else 0.25)]
        picks = rng.integers(0, 5, len(rhythm))
        manner = Manner(float(rng.choice([1.0, 1.25, 0.85])), 1, 0.0, 0, 5, 0.4, 0)
        cut_source = Phrase(**{**source.__dict__, "syllables": [syllable]})
        rendered: dict = {}
        for section in song.sections:
            if section.name not in ("drop", "chorus", "break", "bridge") or rng.random() < 0.35:
                continue
            for bar in np.arange(section.start, section.start + section.beats - 0.01, 4):
                chord = next((c for c in song.chords if c.start <= bar < c.start + c.duration), song.chords[0])
                root, third, fifth = singing.chord_tones(chord)
                tones = np.array([root, third, fifth, root + 12, third + 12])
                for (place, length), pick in zip(rhythm, picks):
                    pitch = tones[pick]
                    pitch = pitch + 12 * round((singer.range - 3 - pitch + (12 if pick > 2 else 0)) / 12)
                    key = (int(pitch), float(length))
                    if key not in rendered:
                        line = singing.sing_on_notes(bank, cut_source, song, [Note(0.5, length, pitch, 1)], 0.0, manner, rng, 0.0)
                        rendered[key] = self.lay(line, manner)[1]
                    self.track("chops").add(song.seconds(bar + place), rendered[key], 0.8)

    def speech(self) -> None:
        """Plain words over the beginning, the end, or a break."""
        rng, song = self.rng, self.song
        pool = [p for p in self.bank.phrases if p.kind == "spoken" and p.length > 0.8 * RATE]
        places = [s for s in song.sections if s.name in ("intro", "outro", "break")]
        if not pool or not places:
            return
        section = places[rng.integers(len(places))]
        name = pool[rng.integers(len(pool))].singer
        voice = [p for p in pool if p.singer == name]
        begin, end = song.seconds(section.start) + 0.4, song.seconds(section.start + section.beats) - 1
        manner = Manner(float(rng.uniform(0.88, 1.12)))
        while begin < end:
            phrase = voice[rng.integers(len(voice))]
            line = singing.sing_as_it_was(self.bank, phrase, song, begin, 1.0, rng.uniform(-3, 3), manner, rng)
            self.track("speech").add(*self.lay(line, manner))
            begin += phrase.length / RATE + rng.uniform(0.2, 1.0)
