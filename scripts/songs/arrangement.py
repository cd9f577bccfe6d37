"""Composes a song: style, form, harmony, then each player's part, all from the song's seed."""
import numpy as np

from . import harmony, melody, patterns
from .basslines import PATTERNS, pattern_line, walking
from .players import Plan, accompaniment
from .score import Chord, Note, Part, Section, Song
from .styles import INSTRUMENTS, KITS, STYLES, Style

METERS = {"4/4": 4, "3/4": 3, "12/8": 4, "6/8": 2}
FORMS = {
    "song": ("intro:4:.35 verse:8:.5 chorus:8:.9 verse:8:.6 chorus:8:.95 bridge:8:.55 chorus:8:1 outro:4:.4", "verse:8:.4 verse:8:.55 chorus:8:.9 break:4:.25 verse:8:.6 chorus:8:1 chorus:8:1 outro:2:.3",
             "intro:8:.6 verse:16:.5 chorus:8:.9 solo:8:.85 verse:8:.55 chorus:8:1", "intro:4:.8 verse:8:.45 bridge:4:.6 chorus:8:.9 verse:8:.5 bridge:4:.65 chorus:8:.95 solo:8:.8 chorus:8:1",
             "chorus:8:.8 verse:8:.45 chorus:8:.9 break:4:.2 bridge:8:.5 chorus:8:1 outro:4:.5", "intro:2:.3 verse:8:.3 chorus:8:.75 verse:8:.6 chorus:8:.9 solo:8:.9 break:4:.15 chorus:8:1"),
    "club": ("intro:8:.4 verse:8:.6 break:8:.2 build:4:.55 drop:16:1 break:8:.25 build:4:.6 drop:16:1 outro:8:.45", "drop:8:.9 break:8:.2 verse:8:.45 build:4:.6 drop:16:1 outro:8:.5", "intro:8:.5 drop:16:.9 break:16:.25 build:8:.55 drop:16:1",
             "verse:16:.5 build:4:.6 drop:16:1 break:8:.2 verse:8:.5 build:4:.6 drop:8:1"),
    "rap": ("intro:4:.3 verse:16:.7 chorus:8:.9 verse:16:.75 chorus:8:1 outro:4:.4", "chorus:8:.8 verse:16:.7 chorus:8:.9 break:4:.25 verse:8:.6 chorus:8:1", "intro:4:.4 chorus:8:.85 verse:12:.65 chorus:8:.9 bridge:8:.45 chorus:8:1", "verse:16:.6 chorus:8:.9 verse:16:.75 chorus:8:1"),
    "jazz": ("intro:4:.4 verse:16:.6 solo:16:.8 solo:8:.9 verse:16:.7 outro:4:.4", "verse:16:.55 solo:16:.85 break:8:.4 verse:16:.7"),
    "ambient": ("intro:8:.25 verse:8:.4 chorus:8:.7 break:8:.2 verse:8:.5 chorus:8:.8 outro:8:.3", "intro:8:.3 verse:16:.5 break:4:.15 chorus:16:.8 outro:4:.3"),
}


def drawn(rng: np.random.Generator, options):
    return options[int(rng.integers(len(options)))]


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
    mode = str(rng.choice(["minor", "minor", "minor", "dorian"])) if minor else "mixolydian" if any(r == (key + 10) % 12 for r, _ in main) else "major"
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
    unison(song, style, plan.generator("unison"))
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


def harmonise(song: Song, style: Style, family: str, main: list, minor: bool, rng: np.random.Generator) -> list[Chord]:
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
        used = progressions[{"chorus": "chorus", "drop": "chorus", "build": "verse", "bridge": "bridge", "solo": str(rng.choice(["verse", "chorus"]))}.get(section.name, "verse")]
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


def drum_parts(plan: Plan) -> list[Part]:
    song, style, rng = plan.song, plan.style, plan.generator("drums")
    kit = drawn(rng, KITS[drawn(rng, style.kits)])
    family = plan.meter if plan.meter != "4/4" else drawn(rng, style.grooves)
    bank = patterns.GROOVES[family]
    verse = patterns.varied(drawn(rng, bank), rng)
    chorus = verse if rng.random() < 0.3 else patterns.varied(drawn(rng, bank), rng)
    if style.form == "song" and plan.meter == "4/4" and family != "metal" or rng.random() < 0.25:
        verse = patterns.with_hats(verse, drawn(rng, patterns.HATS[:6])) if rng.random() < 0.6 else verse
        chorus = patterns.with_hats(chorus, drawn(rng, patterns.HATS)) if rng.random() < 0.5 else chorus
    plan.grooves = {"verse": verse, "chorus": chorus}
    part = Part("drums", "kit", kit, options={"room": float(rng.uniform(0, 1))})
    fills = rng.uniform(0.4, 1.0) if style.form in ("song", "jazz") else rng.uniform(0.1, 0.5)
    crashes = rng.uniform(0.5, 1.0) if style.form != "jazz" else 0.2
    bar = song.beats_per_bar
    for number, section in enumerate(song.sections):
        bars = int(section.beats / bar)
        local = plan.generator("drums", section.name)
        following = song.sections[number + 1] if number + 1 < len(song.sections) else None
        if section.name in ("break",) and local.random() < 0.8 or section.energy < 0.25 and rng.random() < 0.7:
            continue
        if section.name == "intro" and rng.random() < 0.35:
            continue
        groove = chorus if section.energy > 0.75 else verse
        if section.name == "bridge":
            groove = patterns.varied(drawn(local, bank), local)
        level = 0.62 + 0.38 * section.energy
        only = None
        if section.energy < 0.5 and local.random() < 0.5:
            only = drawn(local, [("k",), ("h", "sh", "tb", "o"), ("k", "h"), ("k", "r", "h", "sh"), ("h", "s", "c"), ("k", "s", "c")])
        second = patterns.varied(groove, local, 2.0)
        if section.name == "build":
            part.notes += patterns.build_up(bars, section.start, bar, local)
            if local.random() < 0.5:
                continue
            only = ("k",)
        for index in range(bars):
            at = section.start + index * bar
            lanes = second if index % 4 == 3 or index % 2 == 1 and local.random() < 0.3 else groove
            if only:
                lanes = {lane: steps for lane, steps in lanes.items() if lane in only}
            last = index == bars - 1
            stop = bar
            if following and last and rng.random() < fills or index % 4 == 3 and rng.random() < 0.25 * fills:
                filling, stop = patterns.fill(bar, rng)
                part.notes += patterns.strokes(filling, at, bar, rng, level * rng.uniform(0.85, 1.0))
            if last and following and following.energy > section.energy + 0.3 and rng.random() < 0.25:
                stop = min(stop, bar - float(rng.choice([1, 2, bar])))
            part.notes += [n for n in patterns.strokes(lanes, at, bar, rng, level) if n.start < at + stop - 1e-6]
        if section.energy > 0.55 and rng.random() < crashes:
            part.notes.append(Note(section.start, 4, int(rng.choice([49, 57])), level))
            if rng.random() < 0.3 and bars >= 8:
                part.notes.append(Note(section.start + 4 * bar, 4, int(rng.choice([49, 57, 55])), 0.8 * level))
    parts = [part] if part.notes else []
    if plan.meter == "4/4" and rng.random() < style.loops:
        loop = Part("drums", "loop", f"loop:{int(rng.integers(1 << 16))}", options={"alone": bool(rng.random() < 0.35)})
        for section in song.sections:
            if section.energy > 0.3 and rng.random() < 0.75:
                loop.notes.append(Note(section.start, section.beats, 0, 0.8))
                if loop.options["alone"] and parts:
                    part.notes = [n for n in part.notes if not section.start <= n.start < section.start + section.beats - bar]
        parts += [loop] if loop.notes else []
    return parts


def bass_parts(plan: Plan) -> list[Part]:
    song, style, rng = plan.song, plan.style, plan.generator("bass")
    group = drawn(rng, style.bass_on)
    instrument = drawn(rng, INSTRUMENTS[group])
    family = plan.meter if plan.meter != "4/4" else drawn(rng, style.bass)
    low = {"808": 26, "sub": 28, "reese": 28, "wobble": 28, "acid": 33}.get(group, int(rng.choice([28, 28, 28, 31, 33])))
    options = {"mono": True}
    if group in ("picked",) and rng.random() < 0.5 or group == "electric" and rng.random() < 0.2:
        options["amp"] = "bass drive" if style.form == "song" and rng.random() < 0.5 else "bass amp"
    if style.form == "club" and rng.random() < 0.7:
        options["sidechain"] = float(rng.uniform(0.3, 0.95))
    part = Part("bass", "sub" if group in ("sub", "808") else "bass", instrument, options=options)
    gate = float(rng.uniform(0.7, 0.98))
    bank = PATTERNS.get(family, PATTERNS["long"])
    size = 2 if rng.random() < 0.6 else 1
    lines = {kind: [drawn(rng, bank) for _ in range(size)] for kind in ("verse", "chorus")}
    if plan.grooves and style.form in ("song", "rap") and rng.random() < 0.4:
        lines = {kind: [with_kick(plan.grooves[kind], rng)] if rng.random() < 0.8 else line for kind, line in lines.items()}
    threshold = rng.uniform(0.15, 0.45)
    for number, section in enumerate(song.sections):
        if section.energy < threshold or section.name == "break" and rng.random() < 0.6 or section.name == "intro" and rng.random() < 0.4:
            continue
        if section.name == "build" and rng.random() < 0.5:
            continue
        local = plan.generator("bass", section.name)
        level = 0.6 + 0.35 * section.energy
        chords = plan.chords_in(section)
        if family == "walking" and plan.meter == "4/4":
            part.notes += walking(chords, section.start, section.beats, max(low, 28), level, local)
        else:
            lines_now = lines["chorus" if section.energy > 0.75 else "verse"]
            part.notes += pattern_line(lines_now, chords, section.start, section.beats, song.beats_per_bar, low, level, gate, local)
    return [part] if part.notes else []


def with_kick(groove: dict, rng: np.random.Generator) -> str:
    """A bass line that plays where the kick does, held or short between."""
    kick = groove.get("k", "X...............")
    held = rng.random() < 0.6
    line = "".join("." if m == "." else "R" for m in kick)
    if not line.startswith("R"):
        line = "R" + line[1:]
    if held:
        line = line.replace(".", "-")
    if len(line) >= 12 and rng.random() < 0.5:
        line = line[:-2] + str(rng.choice(["a-", "5-", "8.", "R."]))
    return line


def unison(song: Song, style: Style, rng: np.random.Generator) -> None:
    """The bass plays what the guitar plays, an octave below, where there is one with power chords or a riff."""
    chance = {"metal": 0.6, "punk": 0.5, "rock": 0.3, "grunge": 0.4, "blues": 0.15, "funk": 0.2, "indie": 0.15}.get(song.style, 0)
    leader = next((p for p in song.parts if p.options.get("kind") in ("metal", "power", "riff metal", "riff guitar")), None)
    bass = next((p for p in song.parts if p.stem == "bass"), None)
    if not leader or not bass or rng.random() > chance:
        return
    lowest: dict[float, Note] = {}
    for note in leader.notes:
        at = round(note.start * 12) / 12
        if at not in lowest or note.pitch < lowest[at].pitch:
            lowest[at] = note
    for section in song.sections:
        inside = [(at, n) for at, n in lowest.items() if section.start <= at < section.start + section.beats]
        if len(inside) < 4 or not any(section.start <= n.start < section.start + section.beats for n in bass.notes):
            continue
        bass.notes = [n for n in bass.notes if not section.start <= n.start < section.start + section.beats]
        for at, n in inside:
            pitch = n.pitch - 12
            while pitch < 26:
                pitch += 12
            while pitch > 50:
                pitch -= 12
            bass.notes.append(Note(at, n.duration, pitch, n.velocity))
    bass.notes.sort(key=lambda n: n.start)


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


def vocal_parts(plan: Plan) -> list[Part]:
    """The singer, and voices behind in the choruses."""
    song, style, rng = plan.song, plan.style, plan.generator("vocals")
    register = str(rng.choice(list(melody.REGISTERS), p=[0.06, 0.24, 0.25, 0.17, 0.2, 0.08]))
    low, high = melody.REGISTERS[register]
    rap = style.delivery == "rap" and rng.random() < 0.8
    manner = {kind: "ternary" if plan.ternary else drawn(rng, style.manners) for kind in ("verse", "chorus", "bridge")}
    if not rap and "rap" in manner.values():
        manner = {kind: "syncopated" for kind in manner}
    lead = Part("vocals", "melody", "voice", options={"register": register, "range": [low, high], "delivery": "rap" if rap else "sing"})
    hook = Part("vocals", "melody", "voice", options={"register": register, "range": [low, high], "delivery": "sing"})
    backing = []
    kinds = [k for k in ("third", "sixth", "oohs", "octave", "gang") if rng.random() < {"third": 0.35, "sixth": 0.15, "oohs": 0.2, "octave": 0.12, "gang": 0.5 if "gang" in style.extras else 0.12}[k]]
    behind = {kind: Part("vocals", "backing", "voice", options={"register": register, "range": [low - 5, high + 5], "delivery": "shout" if kind == "gang" else "sing", "harmony": kind}) for kind in kinds}
    phrase = float(rng.choice([2, 2, 4, 1])) * song.beats_per_bar
    if song.tempo_bpm > 150:
        phrase = max(phrase, 2 * song.beats_per_bar)
    verses = rng.uniform(0.88, 1.0)
    for section in song.sections:
        chance = {"verse": verses, "chorus": 1.0, "bridge": 0.75, "intro": 0.12, "outro": 0.2, "break": 0.45, "drop": 0.35, "build": 0.4, "solo": 0.0}[section.name]
        if rng.random() > chance:
            continue
        kind = "chorus" if section.name in ("chorus", "drop") else "bridge" if section.name == "bridge" else "verse"
        local = plan.generator("vocals", section.name)
        scale = [(song.key + s) % 12 for s in harmony.SCALES[song.mode if song.mode in ("major", "minor", "mixolydian", "dorian") else "minor"]]
        chords = plan.chords_in(section)
        level = 0.5 + 0.45 * section.energy
        place = {"verse": 0.38, "bridge": 0.5, "chorus": 0.6}[kind]
        talked = rap and kind != "chorus"
        if talked:
            notes = melody.sung("rap" if manner[kind] == "rap" else "busy", max(phrase, 2 * song.beats_per_bar), chords, scale, low, low + 7, section.start, section.beats, 0.4, level, local, talk=True)
        else:
            chosen = manner[kind] if manner[kind] != "rap" else "syncopated"
            notes = melody.sung(chosen, phrase, chords, scale, low, high, section.start, section.beats, place, level, local)
        (lead if talked or not rap else hook).notes += notes
        if kind == "chorus" or section.energy > 0.6 and rng.random() < 0.25:
            for voice, part in behind.items():
                if voice == "oohs":
                    part.notes += melody.oohs(chords, section.start, section.beats, low, high, 1, 0.6)
                elif voice == "gang":
                    part.notes += melody.shouts(section.start, section.beats, song.beats_per_bar, float(low + 9), 0.8, local)
                elif voice == "octave":
                    shift = 12 if np.mean([n.pitch for n in notes] or [60]) + 12 < high + 6 else -12
                    part.notes += [Note(n.start, n.duration, n.pitch + shift, 0.7 * n.velocity) for n in notes]
                else:
                    part.notes += melody.harmonised(notes, scale, 2 if voice == "third" else -5, 0.8)
    backing = list(behind.values())
    return [p for p in (lead, hook, *backing) if p.notes]


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
        kept = []
        for note in part.notes:
            if any(a - 1e-6 <= note.start < b - 1e-6 for a, b in stops) and part.stem != "vocals" and part.role not in ("loop", "effects"):
                continue
            for a, b in stops:
                if note.start < a < note.start + note.duration and part.stem != "vocals" and part.role not in ("loop", "effects"):
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
