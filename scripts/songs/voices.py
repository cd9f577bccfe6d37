"""Who sings what in a song: leads, doubles, harmonies, backing chords, ad-libs, chops and speech.

`prepare` chooses the voices at hand once per process; `sing` then returns the dry vocal tracks of a song, mono or
stereo, about -18 dBFS RMS where they sound.
"""
from dataclasses import replace
from pathlib import Path

import numpy as np

from . import effects, singing
from .phrases import Bank, Phrase
from .score import Note, Part, Song
from .singing import Line, Manner

RATE = 44100
ELECTRONIC = ("house", "techno", "trance", "edm", "electro", "dubstep", "drum", "synth", "dance", "garage", "ambient", "trap")
SPOKEN = ("hip", "rap", "trap")

_bank: Bank | None = None


def prepare(sounds: Path, cache: Path, split: str) -> None:
    global _bank
    _bank = Bank(sounds, cache, split)


def sources() -> dict[str, str]:
    """The singers' sources, for a song's licences."""
    return {phrase.singer: phrase.source for phrase in _bank.phrases} if _bank else {}


class Track:
    """A mono or stereo track that lines are laid into."""

    def __init__(self, song: Song):
        self.audio = np.zeros(song.frames, np.float32)
        self.used = False

    def add(self, begin: float, audio: np.ndarray, gain: float = 1.0) -> None:
        position = int(begin * RATE)
        if position < 0:
            audio, position = audio[-position:], 0
        audio = audio[:max(0, len(self.audio) - position)]
        if len(audio):
            self.audio[position:position + len(audio)] += audio * np.float32(gain)
            self.used = True


def phrases_of(part: Part, song: Song) -> list[list[Note]]:
    """The part's notes in phrases: parted by rests of a beat or 0.45 s, at most about nine seconds."""
    result: list[list[Note]] = []
    for note in sorted(part.notes, key=lambda note: note.start):
        last = result[-1][-1] if result else None
        gap = song.seconds(note.start - last.start - last.duration) if last else 9
        span = song.seconds(note.start - result[-1][0].start) if result else 0
        if gap > 0.45 or (gap > 0.12 and span > 5) or span > 9:
            result.append([])
        result[-1].append(note)
    return result


def section_at(song: Song, beat: float):
    for section in song.sections:
        if section.start - 1e-6 <= beat < section.start + section.beats:
            return section
    return song.sections[-1]


class Singer:
    """A cast voice: its phrases by kind, its manner, and its range."""

    def __init__(self, name: str, song: Song, rng, melody: list[Note], bank: Bank):
        self.name = name
        self.phrases = bank.by_singer[name]
        self.synthetic = self.phrases[0].synthetic
        tuned = rng.random() < (0.35 if any(word in song.style for word in ELECTRONIC + SPOKEN) else 0.15)
        self.manner = Manner(
            formant=float(np.clip(np.exp(rng.normal(0, 0.08)), 0.82, 1.22)),
            tune=float(rng.uniform(0.7, 1.0)) if tuned else float(rng.uniform(0, 0.4)),
            glide=float(rng.uniform(0.005, 0.03) if tuned else rng.uniform(0.03, 0.09)),
            vibrato=float(rng.uniform(0, 0.45) if self.synthetic else rng.uniform(0, 0.2)),
            vibrato_rate=float(rng.uniform(4.8, 6.4)),
            keep=float(rng.uniform(0.3, 0.7) if self.synthetic else rng.uniform(0.6, 1.0)),
            drift=float(rng.uniform(0.03, 0.14)))
        self.plain = not self.synthetic and not tuned and rng.random() < 0.45      # phrases are played as recorded
        pitched = [phrase for phrase in self.phrases if phrase.median > 30 and phrase.kind not in ("spoken",)] or self.phrases
        self.sung = [p for p in self.phrases if p.kind in ("lead", "adlib", "backing") or (p.synthetic and p.kind == "spoken")]
        self.range = float(np.median([phrase.median for phrase in pitched]))
        if self.synthetic:      # speech lies low; it sings where a voice of its throat would
            self.range = float(np.clip(self.range + rng.uniform(2, 14), 50, 67))
        self.range += 12 * np.log2(self.manner.formant)
        centre = float(np.median([note.pitch for note in melody])) if melody else 60.0
        self.octave = 12 * round((self.range - centre) / 12)


def cast(song: Song, rng, bank: Bank, melody: list[Note], synthetic_share: float = 0.2) -> Singer:
    """Draws a lead singer: synthetic or real, the real ones by how much they have."""
    synthetic = rng.random() < synthetic_share
    names = [name for name, phrases in bank.by_singer.items() if phrases[0].synthetic == synthetic
             and sum(p.length for p in phrases if p.kind in ("lead", "adlib", "spoken") or p.synthetic) > 5 * RATE
             and any(p.kind == "lead" or p.synthetic for p in phrases)]
    if not names:
        names = [name for name, phrases in bank.by_singer.items() if any(p.kind == "lead" or p.synthetic for p in phrases)]
    weights = np.array([sum(p.length for p in bank.by_singer[name]) ** 0.4 for name in names])
    return Singer(names[rng.choice(len(names), p=weights / weights.sum())], song, rng, melody, bank)


class Performance:
    def __init__(self, song: Song, rng, bank: Bank):
        self.song, self.rng, self.bank = song, rng, bank
        self.scale = singing.scale_pitches(song)
        self.tracks: dict[str, Track] = {}
        self.memory: dict = {}
        self.sung: list[tuple] = []          # (first beat, last beat, lines, singer) of each phrase of the leads
        self.singers: list[str] = []

    def track(self, name: str) -> Track:
        return self.tracks.setdefault(name, Track(self.song))

    def choose(self, singer: Singer, notes: list[Note], kinds=None) -> Phrase:
        """A phrase about as long as the notes, with about as many syllables, and not far in pitch."""
        rng, song = self.rng, self.song
        pool = [p for p in singer.sung if kinds is None or p.kind in kinds] or singer.sung or singer.phrases
        span = song.seconds(notes[-1].start + notes[-1].duration - notes[0].start)
        picks = [pool[i] for i in rng.choice(len(pool), min(12, len(pool)), replace=False)]
        cost = [max(0, np.log(span / (p.length / RATE))) * 1.2 + max(0, np.log(p.length / RATE / span)) * 0.7
                + 0.5 * abs(np.log(len(notes) / len(p.syllables))) + rng.uniform(0, 0.5) for p in picks]
        return picks[int(np.argmin(cost))]

    def line(self, singer: Singer, notes: list[Note], mapped: bool) -> list[Line]:
        """One phrase of the melody as one line, or several after one another where the singer has only short ones."""
        rng, song, bank = self.rng, self.song, self.bank
        if mapped:
            result, rest = [], list(notes)
            while rest and len(result) < 5:
                phrase = self.choose(singer, rest)
                count = len(phrase.syllables)
                take = len(rest) if len(rest) <= 1.7 * count + 1 else int(np.ceil(1.3 * count))
                part, rest = rest[:take], rest[take:]
                result.append(singing.sing_on_notes(bank, phrase, song, part, singer.octave, singer.manner, rng))
            return result
        result, begin = [], song.seconds(notes[0].start)
        end = song.seconds(notes[-1].start + notes[-1].duration)
        while begin < end - 0.4 and len(result) < 4:
            left = [note for note in notes if song.seconds(note.start) >= begin - 0.05] or notes[-1:]
            phrase = self.choose(singer, left)
            duration = phrase.length / RATE - phrase.syllables[0][1]
            if phrase.bpm:
                ratio = phrase.bpm / song.tempo_bpm
                stretch = min((ratio, ratio / 2, ratio * 2), key=lambda r: abs(np.log(r)))
                stretch = float(np.clip(stretch, 0.72, 1.4))
            else:
                beat = 60 / song.tempo_bpm
                stretch = float(np.clip(max(1, round(duration / beat)) * beat / duration, 0.8, 1.3))
            if singer.plain:
                result.append(singing.play_plain(bank, phrase, song, begin, singer.manner))
                begin = result[-1].end + 0.1
                begin = np.ceil(begin / song.seconds(0.5)) * song.seconds(0.5)
                continue
            shift = singing.transposition(phrase, song, None, 5, begin)
            result.append(singing.sing_as_it_was(bank, phrase, song, begin, stretch, shift, singer.manner, rng))
            begin += duration * stretch + 0.1
            grid = song.seconds(0.5)
            begin = np.ceil(begin / grid) * grid
        return result

    def harmony(self, line: Line, steps: int):
        """A change of pitch: so many degrees of the scale away from the line."""
        scale = self.scale

        def change(pitch):
            slow = singing.median_filter(pitch, 13)
            other = singing.to_scale(slow, scale, steps) - singing.to_scale(slow, scale)
            return pitch + singing.gaussian_filter1d(other, 2)
        return change

    def lead(self, part: Part, singer: Singer, second: Singer | None) -> None:
        rng, song = self.rng, self.song
        mapped_share = 0.9 if singer.synthetic else float(rng.choice([0.15, 0.5, 0.85]))
        doubled = rng.random() < 0.45
        composed = any(other.role == "backing" and other.options.get("harmony") in ("third", "sixth") for other in song.parts)
        harmonised = rng.random() < (0.15 if composed else 0.4)
        steps = [int(rng.choice([2, -3, -5, 4, 7, -7], p=[0.4, 0.2, 0.12, 0.1, 0.08, 0.1]))]
        if rng.random() < 0.3:
            steps.append(int(rng.choice([4, -3, 5])))
        breathy = rng.random() < (0.7 if singer.synthetic else 0.3)
        for notes in phrases_of(part, song):
            section = section_at(song, notes[0].start)
            key = (section.name, round(notes[0].start - section.start, 1), len(notes))
            who = second if second and section.name in ("bridge", "verse") and rng.random() < 0.8 else singer
            known = self.memory.get(key)
            if known and rng.random() < 0.75:      # the chorus comes again
                lines = [self.repeat(line, notes, known[1]) for line in known[0]]
                who = known[2]
            else:
                lines = self.line(who, notes, rng.random() < mapped_share)
                self.memory[key] = (lines, song.seconds(notes[0].start), who)
            self.sung.append((notes[0].start, notes[-1].start + notes[-1].duration, lines, who))
            strong = section.name in ("chorus", "drop") or section.energy > 0.75
            if breathy and lines:
                self.breath(lines[0].begin)
            accent = float(10 ** (rng.normal(0, 1.2) / 20)) * (0.8 if section.energy < 0.4 else 1.0)
            for line in lines:
                begin, audio = singing.lay(self.bank, line, who.manner, rng, gain=accent)
                self.track("lead" if who is singer else "second lead").add(begin, audio)
                if doubled and strong:
                    for side in ("double left", "double right"):
                        begin, audio = singing.lay(self.bank, line, who.manner, rng, rng.normal(0, 0.09), 0.018,
                                                   formant=float(rng.normal(1, 0.015)))
                        self.track(side).add(begin, audio)
                if harmonised and (strong or rng.random() < 0.15):
                    for number, step in enumerate(steps):
                        for side in (("left", "right") if rng.random() < 0.5 else ("left",)):
                            begin, audio = singing.lay(self.bank, line, who.manner, rng, rng.normal(0, 0.07), 0.015,
                                                       self.harmony(line, step), float(rng.normal(1, 0.03)))
                            self.track(f"harmony {number + 1} {side}").add(begin, audio)

    def repeat(self, line: Line, notes: list[Note], before: float) -> Line:
        """The line again where `notes` begin; it began at `before` seconds."""
        later = self.song.seconds(notes[0].start) - before
        beats = later * self.song.tempo_bpm / 60
        return replace(line, begin=line.begin + later, end=line.end + later,
                       notes=[replace(note, start=note.start + beats) for note in line.notes])

    def rap(self, part: Part, singer: Singer) -> None:
        """Spoken words in the rhythm of the part's notes, at the voice's own pitch."""
        rng, song = self.rng, self.song
        spoken = [p for p in singer.phrases if p.kind == "spoken"] or singer.phrases
        offset = float(rng.uniform(-2, 3))
        flat = float(rng.uniform(0.5, 1.0))
        for notes in phrases_of(part, song):
            rest = list(notes)
            while rest:
                phrase = spoken[rng.integers(len(spoken))]
                count = min(len(phrase.syllables), len(rest))
                now, rest = rest[:count], rest[count:]
                own = singing.pitch_curve(self.bank, phrase)
                line = singing.sing_on_notes(self.bank, phrase, song, now, 0.0, Manner(1.0, 0, 0.03, 0, 5, 1, 0.05), rng, 0.015)
                grid = np.interp(np.arange(len(line.pitch)) * 0.01, line.times_out, line.times_in)
                middle = np.median(own)
                line.pitch = middle + flat * (np.interp(grid, np.arange(len(own)) * 0.01, own) - middle) + offset
                begin, audio = singing.lay(self.bank, line, singer.manner, rng)
                self.track("lead").add(begin, audio)
                if not rest and rng.random() < 0.35:      # the ends of lines are doubled
                    for side in ("double left", "double right"):
                        begin, audio = singing.lay(self.bank, line, singer.manner, rng, rng.normal(0, 0.3), 0.02)
                        self.track(side).add(begin, audio)

    def harmonies(self, part: Part) -> None:
        """A composed second voice: the lead's own words on its notes."""
        rng, song = self.rng, self.song
        steps = {"third": 2, "sixth": -5}.get(part.options.get("harmony"), 0)
        formant = float(rng.normal(1, 0.04))
        both = rng.random() < 0.5
        for first, last, lines, who in self.sung:
            mine = [note for note in part.notes if first - 0.3 <= note.start <= last]
            if not mine:
                continue
            for line in lines:
                if line.natural:
                    shift = 12 if np.mean([n.pitch for n in mine]) > np.median(line.pitch) else -12
                    change = self.harmony(line, steps) if steps else (lambda pitch, shift=shift: pitch + shift)
                    other = line
                else:
                    begin, end = line.notes[0].start - 0.1, line.notes[-1].start + 0.1
                    notes = [note for note in mine if begin <= note.start <= end]
                    if not notes:
                        continue
                    other = singing.sing_on_notes(self.bank, line.phrase, song, notes, who.octave, who.manner, rng, 0.015)
                    change = None
                for side in ("left", "right") if both else ("left",):
                    self.track(f"harmony {part.options.get('harmony', '')} {side}").add(
                        *singing.lay(self.bank, other, who.manner, rng, rng.normal(0, 0.07), 0.015, change, formant))

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
                self.track(f"gang {'left' if rng.random() < 0.5 else 'right'}").add(*singing.lay(bank, line, manner, rng, 0.2, 0.02, gain=0.7))

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
                    begin, audio = singing.lay(bank, line, manner, rng, rng.normal(0, 0.05), 0.0)
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
            self.track("ad-lib").add(*singing.lay(self.bank, line, singer.manner, rng, gain=0.8))

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
                self.track(f"hook {side}").add(*singing.lay(bank, line, manner, rng))

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
                        rendered[key] = singing.lay(bank, line, manner, rng)[1]
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
            self.track("speech").add(*singing.lay(self.bank, line, manner, rng))
            begin += phrase.length / RATE + rng.uniform(0.2, 1.0)


def thin_out(song: Song, melodies: list[Part], backings: list[Part], rng) -> None:
    """Singers rest: whole sections now and then, and single phrases."""
    sections = [section for section in song.sections if any(
        section.start <= note.start < section.start + section.beats for part in melodies for note in part.notes)]
    silent = [section for section in sections if rng.random() < (0.16 if section.name != "chorus" else 0.06)]
    if len(silent) == len(sections):
        silent = silent[1:]
    share = float(rng.choice([0.0, 0.1, 0.25], p=[0.4, 0.35, 0.25]))
    for part in melodies + backings:
        part.notes = [note for note in part.notes if not any(s.start - 0.6 <= note.start < s.start + s.beats - 0.6 for s in silent)]
    for part in melodies:
        kept = [notes for notes in phrases_of(part, song) if rng.random() >= share]
        part.notes = [note for notes in kept for note in notes] or part.notes


def sing(song: Song, rng: np.random.Generator) -> list[tuple[str, np.ndarray]]:
    """The song's dry vocal tracks. An instrumental has none."""
    melodies = [part for part in song.parts if part.stem == "vocals" and part.role == "melody" and part.notes]
    backings = [part for part in song.parts if part.stem == "vocals" and part.role == "backing" and part.notes]
    if _bank is None or not (melodies or backings):
        return []
    bank, show = _bank, Performance(song, rng, _bank)
    melody = [note for part in melodies for note in part.notes]
    electronic = any(word in song.style for word in ELECTRONIC)
    thin_out(song, melodies, backings, rng)
    singer = cast(song, rng, bank, melody)
    second = cast(song, rng, bank, melody) if rng.random() < 0.15 else None
    used = {singer.name} | ({second.name} if second else set())
    for part in melodies:
        if part.options.get("delivery") == "rap":
            speakers = {n: ps[0].synthetic for n, ps in bank.by_singer.items() if sum(p.length for p in ps if p.kind == "spoken") > 15 * RATE}
            wanted = rng.random() < 0.35
            names = [n for n, synthetic in speakers.items() if synthetic == wanted] or list(speakers)
            rapper = Singer(names[rng.integers(len(names))], song, rng, melody, bank)
            used.add(rapper.name)
            show.rap(part, rapper)
        else:
            show.lead(part, singer, second)
    for number, part in enumerate(backings):
        kind = part.options.get("harmony")
        if kind == "gang":
            show.gang(part)
        elif kind in ("third", "sixth", "octave") and show.sung:
            show.harmonies(part)
        else:
            show.backing(show.chords_of(part), singer, number)
    if melodies and rng.random() < 0.35:
        show.adlibs(singer, melodies[0])
    if electronic and rng.random() < 0.4:
        show.chops(singer)
    if rng.random() < 0.14:
        show.hooks()
    if rng.random() < 0.08:
        show.speech()
    sing.last_sources = sorted({phrase.source for name in used for phrase in bank.by_singer[name]} | {p.source for p in bank.vowels[:1] if backings})
    return [(name, track.audio) for name, track in show.tracks.items() if track.used]
