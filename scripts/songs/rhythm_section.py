"""Drums and bass: grooves by section with fills and crashes, and lines that follow chords, kick or guitar."""
import numpy as np

from . import patterns, sounds
from .basslines import PATTERNS, pattern_line, walking
from .ensemble import instruments_of, kits_of
from .players import Plan, drawn
from .score import Note, Part, Song


def drum_parts(plan: Plan) -> list[Part]:
    song, style, rng = plan.song, plan.style, plan.generator("drums")
    kit = drawn(rng, kits_of(drawn(rng, style.kits)))
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
            only = drawn(
                local,
                [
                    ("k",), ("h", "sh", "tb", "o"), ("k", "h"), ("k", "r", "h", "sh"), ("h", "s", "c"),
                    ("k", "s", "c"),
                ],
            )
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
    if plan.meter == "4/4" and rng.random() < style.loops and sounds.has_folder():
        loop = Part(
            "drums", "loop", f"loop:{int(rng.integers(1 << 16))}", options={"alone": bool(rng.random() < 0.35)},
        )
        for section in song.sections:
            if section.energy > 0.3 and rng.random() < 0.75:
                loop.notes.append(Note(section.start, section.beats, 0, 0.8))
                if loop.options["alone"] and parts:
                    part.notes = [n for n in part.notes if not section.start <= n.start < section.start
                                  + section.beats - bar]
        parts += [loop] if loop.notes else []
    return parts


def bass_parts(plan: Plan) -> list[Part]:
    song, style, rng = plan.song, plan.style, plan.generator("bass")
    group = drawn(rng, style.bass_on)
    instrument = drawn(rng, instruments_of(group))
    family = plan.meter if plan.meter != "4/4" else drawn(rng, style.bass)
    low = {"808": 26, "sub": 28, "reese": 28, "wobble": 28, "drone": 26, "growl": 28, "acid": 33}.get(
        group, int(rng.choice([28, 28, 28, 31, 33])),
    )
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
        lines = {kind: [with_kick(plan.grooves[kind], rng)] if rng.random() < 0.8 else line for kind,
                 line in lines.items()}
    threshold = rng.uniform(0.15, 0.45)
    for number, section in enumerate(song.sections):
        rests = {"break": 0.6, "intro": 0.4}.get(section.name, 0.0)
        if section.energy < threshold or rng.random() < rests:
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
            part.notes += pattern_line(
                lines_now, chords, section.start, section.beats, song.beats_per_bar, low, level, gate, local,
            )
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


def unison(song: Song, rng: np.random.Generator) -> None:
    """The bass plays what the guitar plays, an octave below, where there is one with power chords or a riff."""
    chance = {"metal": 0.6, "punk": 0.5, "rock": 0.3, "grunge": 0.4, "blues": 0.15, "funk": 0.2, "indie": 0.15}.get(
        song.style, 0,
    )
    leader = next(
        (p for p in song.parts if p.options.get("kind") in ("metal", "power", "riff metal", "riff guitar")), None,
    )
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
