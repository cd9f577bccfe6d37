"""Who sings what in a song: leads, doubles, harmonies, backing chords, ad-libs, chops and speech.

`prepare` chooses the voices at hand once per process; `sing` then returns the dry vocal tracks of a song, mono or
stereo, about -18 dBFS RMS where they sound.
"""
from dataclasses import replace
from pathlib import Path

import numpy as np

from . import singing
from .backing import Backing
from .casting import ELECTRONIC, RATE, Singer, cast, phrases_of, section_at
from .phrases import Bank, Phrase
from .score import Note, Part, Song
from .singing import Line, Manner

_bank: Bank | None = None


def prepare(sounds: Path, cache: Path, split: str) -> None:
    global _bank
    _bank = Bank(sounds, cache, split)


class Performance(Backing):
    """The leads: phrases as they were recorded or on the composed notes, doubled and harmonised."""

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
                begin, audio = self.lay(line, who.manner, gain=accent)
                self.track("lead" if who is singer else "second lead").add(begin, audio)
                if doubled and strong:
                    for side in ("double left", "double right"):
                        begin, audio = self.lay(line, who.manner, rng.normal(0, 0.09), 0.018,
                                                   formant=float(rng.normal(1, 0.015)))
                        self.track(side).add(begin, audio)
                if harmonised and (strong or rng.random() < 0.15):
                    for number, step in enumerate(steps):
                        for side in (("left", "right") if rng.random() < 0.5 else ("left",)):
                            begin, audio = self.lay(line, who.manner, rng.normal(0, 0.07), 0.015,
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
                begin, audio = self.lay(line, singer.manner)
                self.track("lead").add(begin, audio)
                if not rest and rng.random() < 0.35:      # the ends of lines are doubled
                    for side in ("double left", "double right"):
                        begin, audio = self.lay(line, singer.manner, rng.normal(0, 0.3), 0.02)
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
                        *self.lay(other, who.manner, rng.normal(0, 0.07), 0.015, change, formant))


def thin_out(song: Song, melodies: list[Part], backings: list[Part], rng) -> None:
    """Singers rest: whole sections now and then, and single phrases."""
    sections = [section for section in song.sections if any(
        section.start <= note.start < section.start + section.beats for part in melodies for note in part.notes)]
    silent = [section for section in sections if rng.random() < (0.07 if section.name != "chorus" else 0.03)]
    if len(silent) == len(sections):
        silent = silent[1:]
    share = float(rng.choice([0.0, 0.1, 0.25], p=[0.65, 0.27, 0.08]))
    for part in melodies + backings:
        part.notes = [note for note in part.notes if not any(s.start - 0.6 <= note.start < s.start + s.beats - 0.6 for s in silent)]
    for part in melodies:
        kept = [notes for notes in phrases_of(part, song) if rng.random() >= share]
        part.notes = [note for notes in kept for note in notes] or part.notes


def sing(song: Song, rng: np.random.Generator) -> list[tuple[str, np.ndarray]]:
    """The song's dry vocal tracks. An instrumental has none."""
    melodies = [part for part in song.parts if part.stem == "vocals" and part.role == "melody" and part.notes]
    backings = [part for part in song.parts if part.stem == "vocals" and part.role == "backing" and part.notes]
    sing.last_sources = []
    if _bank is None or not (melodies or backings):
        return []
    bank, show = _bank, Performance(song, rng, _bank)
    melody = [note for part in melodies for note in part.notes]
    electronic = any(word in song.style for word in ELECTRONIC)
    thin_out(song, melodies, backings, rng)
    singer = cast(song, rng, bank, melody)
    second = cast(song, rng, bank, melody) if rng.random() < 0.15 else None
    for part in melodies:
        if part.options.get("delivery") == "rap":
            speakers = {n: ps[0].synthetic for n, ps in bank.by_singer.items() if sum(p.length for p in ps if p.kind == "spoken") > 15 * RATE}
            wanted = rng.random() < 0.35
            names = [n for n, synthetic in speakers.items() if synthetic == wanted] or list(speakers)
            rapper = Singer(names[rng.integers(len(names))], song, rng, melody, bank)
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
        show.adlibs(second or singer, melodies[0])
    if electronic and rng.random() < 0.4:
        show.chops(singer)
    if rng.random() < 0.14:
        show.hooks()
    if rng.random() < 0.08:
        show.speech()
    sing.last_sources = sorted(show.sources)
    return [(name, track.audio) for name, track in show.tracks.items() if track.used]
