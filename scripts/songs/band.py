"""The band of a song: who is there, who plays in which section, and the effects between sections."""
import numpy as np

from . import sounds
from .ensemble import instruments_of
from .players import KINDS, Plan, drawn
from .score import Note, Part, Section


def accompaniment(plan: Plan) -> list[Part]:
    """The band of the song: who is there, in which sections, and what they play."""
    rng = plan.generator("band")
    kinds = [kind for kind, chance in plan.style.band if rng.random() < chance]
    if not [k for k in kinds if k not in ("effects", "crackle")]:
        kinds.append(plan.style.band[0][0])
    rare = (
        "world", "pizzicato", "tremolo strings", "harpsichord", "church organ", "clarinet", "harp", "marimba",
        "vibes", "banjo", "accordion", "flute", "solo strings",
    )
    if rng.random() < 0.12:
        kinds.append(drawn(rng, rare))
    musical = [k for k in dict.fromkeys(kinds) if k in KINDS]
    sparse = rng.random() < 0.15
    if sparse:
        musical = musical[:2]
    while len(musical) > 6:
        musical.pop(int(rng.integers(len(musical))))
    parts: list[Part] = []
    for kind in musical:
        parts += _player(plan, kind, alone=kind == musical[0])
    covered = lambda s: any(s.start <= n.start < s.start + s.beats
                            for p in parts for n in p.notes[:: max(len(p.notes) // 400, 1)])
    for section in plan.song.sections:
        if parts and not covered(section) and rng.random() < 0.8:
            _play_section(plan, musical[0], parts[:1], section)
    if "effects" in kinds:
        parts += _effects(plan)
    if ("texture" in kinds or rng.random() < 0.06) and sounds.has_folder():
        parts += _textures(plan)
    if "crackle" in kinds:
        parts.append(Part("other", "effects", "noise:crackle", [Note(0, plan.song.beats, 60, 0.3)], {}))
    return [p for p in parts if p.notes]


def _player(plan: Plan, kind: str, alone: bool) -> list[Part]:
    role, group, (lowest, highest), _, options = KINDS[kind]
    rng = plan.generator("player", kind)
    instrument = drawn(rng, instruments_of(group))
    settings = {k: v for k, v in options.items() if k in ("mono", "vibrato", "bends", "glide")}
    settings["kind"] = kind
    if "amp" in options:
        settings["amp"] = drawn(rng, options["amp"])
    if plan.style.form == "club" and (options.get("sidechain") or role == "pad") and rng.random() < 0.6:
        settings["sidechain"] = float(rng.uniform(0.3, 0.9))
    double = rng.random() < {True: 0.85, "often": 0.5}.get(options.get("double"), 0.0)
    parts = [Part("other", role, instrument, options={**settings, "pan": float(rng.uniform(-0.5, 0.5)), "take": 0})]
    if double:
        width = float(rng.uniform(0.6, 1.0))
        other = instrument if rng.random() < 0.6 else drawn(rng, instruments_of(group))
        parts[0].options.update(pan=-width, double=True)
        parts.append(Part("other", role, other, options={**settings, "pan": width, "take": 1, "double": True}))
    melodic = options.get("solo") or options.get("sparse")
    for section in plan.song.sections:
        if melodic and not alone:
            chance = {"solo": 0.9, "intro": 0.45, "break": 0.3, "outro": 0.4, "drop": 0.5, "bridge": 0.3,
                      "chorus": 0.3, "verse": 0.15}.get(
                section.name, 0.2,
            )
        else:
            inside = lowest - 0.05 <= section.energy <= highest
            chance = 0.88 if inside else 0.12
            if section.name in ("intro", "outro") and not alone:
                chance *= 0.6
        if rng.random() < chance:
            _play_section(plan, kind, parts, section)
    return parts


def _play_section(plan: Plan, kind: str, parts: list[Part], section: Section) -> None:
    level = 0.5 + 0.4 * section.energy
    for part in parts:
        notes = KINDS[kind][3](plan, section, plan.generator("player", kind, section.name), level)
        vary = plan.generator("take", kind, str(part.options.get("take", 0)), str(section.start))
        for note in notes:
            note.velocity = float(np.clip(note.velocity * (1 + 0.06 * vary.standard_normal()), 0.05, 1))
            note.start = max(0.0, note.start + 0.003 * float(vary.standard_normal()) * plan.song.tempo_bpm / 60)
        part.notes += notes


def _effects(plan: Plan) -> list[Part]:
    """Risers before lifts, impacts and sweeps where they land."""
    rng = plan.generator("effects")
    kinds = {name: Part("other", "effects", f"noise:{name}", options={"kind": "effects"})
             for name in ("riser", "impact", "sweep")}
    bar = plan.song.beats_per_bar
    for one, two in zip(plan.song.sections, plan.song.sections[1:]):
        if two.energy > one.energy + 0.2 and rng.random() < 0.7:
            length = float(min(one.beats, bar * rng.choice([1, 2, 4, 8])))
            kinds["riser"].notes.append(Note(two.start - length, length, 60, 0.5))
        if two.energy > 0.6 and rng.random() < 0.5:
            kinds["impact"].notes.append(Note(two.start, 2.0 * bar, 36, 0.7))
        elif rng.random() < 0.4:
            kinds["sweep"].notes.append(Note(two.start, 2.0 * bar, 60, 0.4))
    return [p for p in kinds.values() if p.notes]


def _textures(plan: Plan) -> list[Part]:
    """Recorded atmospheres that come and go behind the music."""
    rng = plan.generator("textures")
    part = Part("other", "effects", f"texture:{int(rng.integers(1 << 16))}", options={"kind": "effects"})
    for section in plan.song.sections:
        if rng.random() < 0.6:
            part.notes.append(Note(section.start, section.beats, 60, float(rng.uniform(0.3, 0.7))))
    return [part]
