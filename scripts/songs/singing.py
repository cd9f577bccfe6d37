"""One line sung: a phrase brought to a place in a song, as it was sung or on the notes of a composed melody."""
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter
from scipy.signal import resample_poly

from . import psola
from .phrases import Bank, Phrase
from .score import Note, Song

RATE = 44100
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10), "dorian": (0, 2, 3, 5, 7, 9, 10),
          "mixolydian": (0, 2, 4, 5, 7, 9, 10), "phrygian": (0, 1, 3, 5, 7, 8, 10)}


def scale_pitches(song: Song) -> np.ndarray:
    """All MIDI numbers of the song's scale."""
    steps = SCALES.get(song.mode, SCALES["minor"])
    return np.array([note for note in range(24, 108) if (note - song.key) % 12 in steps])


def to_scale(midi: np.ndarray, scale: np.ndarray, steps: int = 0) -> np.ndarray:
    """The nearest notes of the scale, or those `steps` degrees away from them."""
    midi = np.asarray(midi, float)
    index = np.clip(np.searchsorted(scale, midi), 1, len(scale) - 1)
    index = index - (midi - scale[index - 1] < scale[index] - midi)
    return scale[np.clip(index + steps, 0, len(scale) - 1)].astype(float)


@dataclass
class Manner:
    """How a singer sings through a song."""
    formant: float = 1.0
    tune: float = 0.0            # 0 as sung, 1 hard auto-tune
    glide: float = 0.05          # seconds from note to note
    vibrato: float = 0.25        # semitones, of what has none of its own
    vibrato_rate: float = 5.5
    keep: float = 0.8            # how much of the original's own movement stays
    drift: float = 0.08          # semitones


@dataclass
class Line:
    """Material for one phrase of the song: where each output moment comes from, and its pitch."""
    phrase: Phrase
    begin: float                 # seconds in the song
    times_out: np.ndarray
    times_in: np.ndarray
    pitch: np.ndarray            # wanted MIDI pitch each 10 ms of output
    natural: bool = True
    end: float = 0.0
    notes: list = field(default_factory=list)
    ratio: float = 0.0           # of plain playback faster or slower, where nothing else is done


def pitch_curve(bank: Bank, phrase: Phrase) -> np.ndarray:
    """MIDI pitch for each 10 ms, the gaps bridged."""
    f0 = np.asarray(bank.pitch(phrase))
    sung = np.flatnonzero(f0 > 0)
    if len(sung) < 2:
        return np.full(max(len(f0), 1), 57.0)
    return np.interp(np.arange(len(f0)), sung, 12 * np.log2(f0[sung] / 440) + 69)


def smooth_walk(length: int, rng, scale: float, seconds: float = 0.4) -> np.ndarray:
    walk = gaussian_filter1d(rng.standard_normal(length + 8), seconds * 100)[:length]
    return scale * walk * np.sqrt(2 * np.sqrt(np.pi) * seconds * 100)


THIRDS = {"maj": 4, "7": 4, "maj7": 4, "sus4": 5}


def chord_tones(chord) -> list[int]:
    third = THIRDS.get(chord.quality, 7 if chord.quality == "5" else 3)
    return [chord.root % 12, (chord.root + third) % 12, (chord.root + (6 if chord.quality == "dim" else 7)) % 12]


def transposition(phrase: Phrase, song: Song, centre: float | None, reach: int = 5, at: float | None = None) -> int:
    """The shift in semitones that brings the phrase into the song's key, and to the chords that sound from `at`
    seconds on; small and near `centre`."""
    steps = SCALES.get(song.mode, SCALES["minor"])
    weight = np.zeros(12)
    weight[[(song.key + step) % 12 for step in steps]] = 1
    for step, extra in ((0, 0.35), (7, 0.2), (steps[2], 0.2)):
        weight[(song.key + step) % 12] += extra
    if at is not None:
        begin, end = (seconds * song.tempo_bpm / 60 for seconds in (at, at + phrase.length / RATE))
        for chord in song.chords:
            share = (min(end, chord.start + chord.duration) - max(begin, chord.start)) / (end - begin)
            if share > 0:
                weight[chord_tones(chord)] += 0.8 * share
    classes = np.array(phrase.classes)
    best, chosen = -9.0, 0
    for shift in range(-reach, reach + 1):
        value = float(np.dot(np.roll(classes, shift), weight)) - 0.03 * abs(shift)
        if centre is not None:
            value -= 0.025 * abs(phrase.median + shift - centre)
        if value > best:
            best, chosen = value, shift
    return chosen


def sing_as_it_was(bank: Bank, phrase: Phrase, song: Song, begin: float, stretch: float, shift: float, manner: Manner,
                   rng) -> Line:
    """The phrase's own melody, transposed, its first vowel at `begin`."""
    duration = phrase.length / RATE
    first = phrase.syllables[0][1]
    curve = pitch_curve(bank, phrase) + shift
    if manner.tune > 0.05:
        scale = scale_pitches(song)
        slow = median_filter(curve, 15)
        target = gaussian_filter1d(to_scale(slow, scale), max(0.5, 100 * manner.glide * 0.5))
        curve = curve + manner.tune * (target - slow) - max(0.0, manner.tune - 0.6) * (curve - slow)
    out = np.array([0.0, duration * stretch])
    return Line(phrase, begin - first * stretch, out, np.array([0.0, duration]),
                np.interp(np.arange(0, duration * stretch, 0.01) / stretch, np.arange(len(curve)) * 0.01, curve),
                True, begin + (duration - first) * stretch)


def play_plain(bank: Bank, phrase: Phrase, song: Song, begin: float, manner: Manner) -> Line:
    """The phrase as it was recorded, only faster or slower, so that it falls into the key: nothing is resynthesised."""
    wanted = 12 * np.log2(max(manner.formant, 0.5))
    shift = min((transposition(phrase, song, phrase.median + around, 4, begin) for around in (wanted, 0.0)), key=lambda s: abs(s - wanted))
    ratio = 2 ** (shift / 12)
    duration = phrase.length / RATE / ratio
    curve = pitch_curve(bank, phrase) + shift
    line = sing_as_it_was(bank, phrase, song, begin, 1 / ratio, shift, Manner(), None)
    line.pitch = np.interp(np.arange(0, duration, 0.01) * ratio, np.arange(len(curve)) * 0.01, curve)
    line.ratio = ratio
    return line


def share_syllables(count: int, notes: list[Note]) -> list[list[Note]]:
    """Gives each of `count` syllables its notes: with fewer syllables than notes some sing several (melisma)."""
    if count >= len(notes):
        return [[note] for note in notes]
    extra = len(notes) - count
    groups, position = [], 0
    spread = np.floor(np.linspace(0, extra, count + 1)).astype(int)
    for index in range(count):
        size = 1 + int(spread[index + 1] - spread[index])
        groups.append(notes[position:position + size])
        position += size
    return groups


def sing_on_notes(bank: Bank, phrase: Phrase, song: Song, notes: list[Note], octave: float, manner: Manner, rng,
                  timing: float = 0.012) -> Line:
    """The phrase's syllables on the notes of a melody: each vowel begins where its note does."""
    parts = phrase.syllables
    groups = share_syllables(len(parts), notes)
    parts = parts[:len(groups)]
    onsets = np.array([song.seconds(group[0].start) for group in groups]) + rng.normal(0, timing, len(groups))
    onsets = np.maximum.accumulate(np.maximum(onsets, 0))
    ends = np.array([song.seconds(group[-1].start + group[-1].duration) for group in groups])
    lead_in = min(parts[0][1] - parts[0][0], 0.25)
    origin = onsets[0] - lead_in
    out, source = [0.0], [parts[0][1] - lead_in]
    for index, (part, onset, end) in enumerate(zip(parts, onsets, ends)):
        start = onset - origin
        if start <= out[-1] + 0.01:
            start = out[-1] + 0.012
        out.append(start)
        source.append(part[1])
        following = parts[index + 1] if index + 1 < len(parts) else None
        consonant = min(following[1] - following[0], 0.16) if following else 0.08
        stop = (onsets[index + 1] - origin - consonant) if following else end - origin
        if following and end - origin < stop - 0.25:      # a rest between the notes
            stop = end - origin
        tail = min(0.08, 0.3 * max(part[2] - part[1], 0.02))   # the vowel's end runs at its own speed
        stop = max(stop, start + 0.04)
        stretch_end = max(start + 0.02, stop - tail)
        out += [stretch_end, max(stretch_end + 0.01, stop)]
        source += [max(part[1] + 0.01, part[2] - tail), max(part[1] + 0.02, part[2])]
    out, source = np.array(out), np.maximum.accumulate(np.array(source))
    total = out[-1] + min(0.15, max(0.02, phrase.length / RATE - source[-1]))
    out, source = np.append(out, total), np.append(source, min(source[-1] + total - out[-1], phrase.length / RATE))
    grid = np.arange(0, total, 0.01)
    sung = [note for group in groups for note in group]
    starts = np.array([song.seconds(note.start) for note in sung]) - origin
    lengths = np.array([song.seconds(note.duration) for note in sung])
    pitches = np.array([note.pitch for note in sung]) + octave
    index = np.clip(np.searchsorted(starts, grid + 0.02, side="right") - 1, 0, len(sung) - 1)
    target = pitches[index]
    since = grid - starts[index]
    scoops = (rng.random(len(sung)) < 0.3) * rng.uniform(0.3, 1.5, len(sung))
    target = target - scoops[index] * np.exp(-np.maximum(since, 0) / 0.06)
    target = gaussian_filter1d(target, max(0.6, manner.glide * 50))
    depth = manner.vibrato * np.clip((since - 0.22) / 0.3, 0, 1) * (lengths[index] > 0.35)
    own = pitch_curve(bank, phrase)
    residual = own - gaussian_filter1d(own, 8)
    residual = np.clip(np.interp(np.interp(grid, out, source), np.arange(len(own)) * 0.01, residual), -1.2, 1.2)
    rate = manner.vibrato_rate * (1 + smooth_walk(len(grid), rng, 0.04))
    target = (target + residual * manner.keep * (1 - manner.tune) + smooth_walk(len(grid), rng, manner.drift * (1 - manner.tune))
              + depth * np.sin(2 * np.pi * np.cumsum(rate) * 0.01))
    return Line(phrase, origin, out, source, target, False, origin + total, sung)


def lay(bank: Bank, line: Line, manner: Manner, rng, detune: float = 0.0, loose: float = 0.0, change=None,
        formant: float = 1.0, gain: float = 1.0) -> tuple[float, np.ndarray]:
    """Renders a line: `detune` in semitones, `loose` seconds of another take's timing, `change` a function on its
    pitch curve (harmonies). Returns begin in seconds and mono audio of RMS about 0.125 where it sounds."""
    audio, marks, periods, voiced = bank.sound(line.phrase)
    if line.ratio and change is None:
        up = Fraction(1 / (line.ratio * 2 ** (detune / 12))).limit_denominator(120)
        result = resample_poly(audio, up.numerator, up.denominator).astype(np.float32)
        late = float(rng.normal(0, loose)) if loose else 0.0
        return line.begin + late, result * np.float32(0.125 / max(line.phrase.level, 0.02) * gain)
    pitch = line.pitch if change is None else change(line.pitch)
    if detune or loose:
        pitch = pitch + detune + smooth_walk(len(pitch), rng, abs(detune) * 0.5 + 0.03)
    out = line.times_out
    if loose:
        knots = np.arange(0, out[-1] + 0.3, 0.3)
        times = np.interp(knots, out, line.times_in)
        moved = knots + rng.normal(0, loose, len(knots))
        moved[0] = 0
        out, source = np.maximum.accumulate(moved) + np.arange(len(knots)) * 1e-4, times
    else:
        source = line.times_in
    grid = np.arange(len(pitch)) * 0.01

    def wanted(seconds, hertz):
        return 440.0 * 2 ** ((np.interp(seconds, grid, pitch) - 69) / 12)

    result = psola.lay(audio, marks, periods, voiced, out, source, wanted, manner.formant * formant, rng)
    fade = min(2600, len(result) // 4)
    result[len(result) - fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return line.begin, result * np.float32(0.125 / max(line.phrase.level, 0.02) * gain)
