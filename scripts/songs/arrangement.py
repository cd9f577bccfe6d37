"""Composes a song: style, form, harmony, then each player's part, all from the song's seed."""
import numpy as np

from . import harmony, patterns
from .band import accompaniment
from .players import Plan, drawn
from .rhythm_section import bass_parts, drum_parts, unison
from .score import Chord, Section, Song
from .singers import vocal_parts
from .styles import STYLES, Style

METERS = {"4/4": 4, "3/4": 3, "12/8": 4, "6/8": 2}
FORMS = {
    "song": (
        "intro:4:.35 verse:8:.5 chorus:8:.9 verse:8:.6 chorus:8:.95 bridge:8:.55 chorus:8:1 outro:4:.4",
        "verse:8:.4 verse:8:.55 chorus:8:.9 break:4:.25 verse:8:.6 chorus:8:1 chorus:8:1 outro:2:.3",
        "intro:8:.6 verse:16:.5 chorus:8:.9 solo:8:.85 verse:8:.55 chorus:8:1",
        "intro:4:.8 verse:8:.45 bridge:4:.6 chorus:8:.9 verse:8:.5 bridge:4:.65 chorus:8:.95 solo:8:.8 chorus:8:1",
        "chorus:8:.8 verse:8:.45 chorus:8:.9 break:4:.2 bridge:8:.5 chorus:8:1 outro:4:.5",
        "intro:2:.3 verse:8:.3 chorus:8:.75 verse:8:.6 chorus:8:.9 solo:8:.9 break:4:.15 chorus:8:1",
    ),
    "club": (
        "intro:8:.4 verse:8:.6 break:8:.2 build:4:.55 drop:16:1 break:8:.25 build:4:.6 drop:16:1 outro:8:.45",
        "drop:8:.9 break:8:.2 verse:8:.45 build:4:.6 drop:16:1 outro:8:.5",
        "intro:8:.5 drop:16:.9 break:16:.25 build:8:.55 drop:16:1",
        "verse:16:.5 build:4:.6 drop:16:1 break:8:.2 verse:8:.5 build:4:.6 drop:8:1",
    ),
    "rap": (
        "intro:4:.3 verse:16:.7 chorus:8:.9 verse:16:.75 chorus:8:1 outro:4:.4",
        "chorus:8:.8 verse:16:.7 chorus:8:.9 break:4:.25 verse:8:.6 chorus:8:1",
        "intro:4:.4 chorus:8:.85 verse:12:.65 chorus:8:.9 bridge:8:.45 chorus:8:1",
        "verse:16:.6 chorus:8:.9 verse:16:.75 chorus:8:1",
    ),
    "jazz": (
        "intro:4:.4 verse:16:.6 solo:16:.8 solo:8:.9 verse:16:.7 outro:4:.4",
        "verse:16:.55 solo:16:.85 break:8:.4 verse:16:.7",
    ),
    "ambient": (
        "intro:8:.25 verse:8:.4 chorus:8:.7 break:8:.2 verse:8:.5 chorus:8:.8 outro:8:.3",
        "intro:8:.3 verse:16:.5 break:4:.15 chorus:16:.8 outro:4:.3",
    ),
}


def compose(seed: int) -> Song:
    """The song of this seed, all parts included."""
    rng = np.random.default_rng([seed, 1])
    names = list(STYLES)
    weights = np.array([STYLES[n].weight for n in names])
    name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
    style = STYLES[name]
    meters, chances = zip(*style.meters)
    meter = str(rng.choice(meters, p=np.array(chances) / sum(chances)))
    tempo = float(np.round(rng.uniform(*style.tempo), int(rng.integers(0, 2))))
    if meter in ("12/8", "6/8"):
        tempo = float(np.round(np.clip(tempo * 0.62, 48, 84)))
    bar = METERS[meter]
    ternary = meter in ("12/8", "6/8")
    swing = 0.0 if ternary else float(rng.uniform(*style.swing))
    key = int(rng.integers(12))
    family = style.family if isinstance(style.family, str) else str(rng.choice(style.family))
    main, minor = harmony.progression(family, key, rng)
    mode = str(rng.choice(["minor", "minor", "minor", "dorian"])) if minor else "mixolydian" if any(r == (key
        + 10) % 12 for r, _ in main) else "major"
    if family == "metal" and any(r == (key + 1) % 12 for r, _ in main):
        mode = "phrygian"
    elif family == "metal":
        mode = "minor"
    song = Song(seed, name, tempo, bar, swing, key, mode)
    song.sections = form(style, song, rng)
    song.chords = harmonise(song, style, family, main, minor, rng)
    plan = Plan(song, style, meter, rng)
    if rng.random() < style.drums:
        song.parts += drum_parts(plan)
    if rng.random() < style.bass_there:
        song.parts += bass_parts(plan)
    song.parts += accompaniment(plan)
    if rng.random() < style.vocals:
        song.parts += vocal_parts(plan)
    unison(song, plan.generator("unison"))
    if style.form == "song":
        modulate(song, plan.generator("modulation"))
    finish(song, style, plan)
    return song


def form(style: Style, song: Song, rng: np.random.Generator) -> list[Section]:
    """Sections for 60 to 118 seconds; long forms lose sections from either end."""
    bars_to_second = song.tempo_bpm / 60 / song.beats_per_bar
    wanted = rng.uniform(66, 112)
    sections = [s.split(":") for s in drawn(rng, FORMS[style.form]).split()]
    scale = 1
    total = sum(int(s[1]) for s in sections) / bars_to_second
    if total < 62:
        scale = 2
    while sum(int(s[1]) * scale for s in sections) / bars_to_second > wanted + 6 and len(sections) > 2:
        sections.pop(0 if rng.random() < 0.35 and sections[0][0] != "build" else len(sections) - 1)
    while sum(int(s[1]) * scale for s in sections) / bars_to_second < 58:
        sections.append(list(sections[-2] if len(sections) > 1 else sections[-1]))
    out, at = [], 0.0
    for kind, bars, energy in sections:
        beats = float(int(bars) * scale * song.beats_per_bar)
        out.append(Section(kind, at, beats, float(np.clip(float(energy) + rng.normal(0, 0.05), 0.1, 1))))
        at += beats
    return out


def harmonise(song: Song, style: Style, family: str, main: list, minor: bool,
              rng: np.random.Generator) -> list[Chord]:
    """A progression for the verses, one for the choruses (often the same), one for the rest."""
    def another():
        for _ in range(12):
            candidate, is_minor = harmony.progression(family, song.key, rng)
            if is_minor == minor:
                return candidate
        return main

    same = rng.random() < 0.45
    progressions = {"verse": main, "chorus": main if same else another()}
    progressions["bridge"] = another() if rng.random() < 0.7 else main
    rhythm = float(rng.choice([1, 1, 1, 1, 2, 0.5]))
    if len(main) <= 2:
        rhythm = max(rhythm, 1.0)
    if song.beats_per_bar == 2:
        rhythm = max(rhythm, 1.0)
    chords = []
    for section in song.sections:
        used = progressions[{"chorus": "chorus", "drop": "chorus", "build": "verse", "bridge": "bridge",
                             "solo": str(rng.choice(["verse", "chorus"]))}.get(section.name, "verse")]
        pace = rhythm if not (len(used) > 4 and rhythm > 1) else 1.0
        length = pace * song.beats_per_bar
        at, index = section.start, 0
        while at < section.start + section.beats - 1e-6:
            root, quality = used[index % len(used)]
            size = min(length, section.start + section.beats - at)
            chords.append(Chord(at, size, root, quality))
            at += size
            index += 1
    return chords


def modulate(song: Song, rng: np.random.Generator) -> None:
    """The last chorus goes up a step or two, in a few songs."""
    last = next((s for s in reversed(song.sections) if s.name == "chorus"), None)
    if last is None or last.start < song.beats / 2 or rng.random() > 0.07:
        return
    steps = int(rng.choice([1, 2, 2]))
    for chord in song.chords:
        if chord.start >= last.start - 1e-6:
            chord.root = (chord.root + steps) % 12
    for part in song.parts:
        if part.stem != "drums":
            for note in part.notes:
                if note.start >= last.start - 0.3:
                    note.pitch += steps


def finish(song: Song, style: Style, plan: Plan) -> None:
    """Swing and human timing for everyone, stops before a chorus, and nothing beyond the end."""
    rng = plan.generator("timing")
    stops = []
    for one, two in zip(song.sections, song.sections[1:]):
        if two.energy > 0.7 and rng.random() < 0.14:
            stops.append((two.start - float(rng.choice([1, 2, min(song.beats_per_bar, 3)])), two.start))
    for part in song.parts:
        loose = float(rng.uniform(*style.loose)) / 1000 * song.tempo_bpm / 60
        late = float(rng.normal(0, 0.004)) * song.tempo_bpm / 60 * (style.loose[1] > 4)
        if part.stem == "vocals":
            loose, late = 0.0, 0.0
        if part.instrument.startswith("machine"):
            loose *= 0.3
        stoppable = part.stem != "vocals" and part.role not in ("loop", "effects")
        kept = []
        for note in part.notes:
            if any(a - 1e-6 <= note.start < b - 1e-6 for a,
                   b in stops) and stoppable:
                continue
            for a, b in stops:
                if note.start < a < note.start + note.duration and stoppable:
                    note.duration = a - note.start
            if note.start >= song.beats or part.role in ("loop", "effects"):
                if note.start < song.beats:
                    kept.append(note)
                continue
            if song.swing and abs(note.start / 0.25 - round(note.start / 0.25)) < 0.15:
                end = patterns.swung(note.start + note.duration, song.swing, style.swing_grid)
                note.start = patterns.swung(note.start, song.swing, style.swing_grid)
                note.duration = max(end - note.start, 0.03)
            note.start = max(0.0, note.start + late + loose * float(rng.standard_normal()))
            kept.append(note)
        part.notes = sorted(kept, key=lambda n: (n.start, n.pitch))
    song.parts = [p for p in song.parts if p.notes]
