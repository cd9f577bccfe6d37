"""Who sings what: a lead with melodies or rap, a hook, and voices behind in the choruses."""
import numpy as np

from . import harmony, melody
from .players import Plan, drawn
from .score import Note, Part


def vocal_parts(plan: Plan) -> list[Part]:
    """The singer, and voices behind in the choruses."""
    song, style, rng = plan.song, plan.style, plan.generator("vocals")
    register = str(rng.choice(list(melody.REGISTERS), p=[0.06, 0.24, 0.25, 0.17, 0.2, 0.08]))
    low, high = melody.REGISTERS[register]
    rap = style.delivery == "rap" and rng.random() < 0.8
    manner = {kind: "ternary" if plan.ternary else drawn(rng, style.manners)
              for kind in ("verse", "chorus", "bridge")}
    if not rap and "rap" in manner.values():
        manner = {kind: "syncopated" for kind in manner}
    lead = Part(
        "vocals", "melody", "voice",
        options={"register": register, "range": [low, high], "delivery": "rap" if rap else "sing"},
    )
    hook = Part(
        "vocals", "melody", "voice", options={"register": register, "range": [low, high], "delivery": "sing"},
    )
    gang = 0.5 if "gang" in style.extras else 0.12
    chances = {"third": 0.35, "sixth": 0.15, "oohs": 0.2, "octave": 0.12, "gang": gang}
    behind = {}
    for kind in [k for k, chance in chances.items() if rng.random() < chance]:
        delivery = "shout" if kind == "gang" else "sing"
        reach = {"register": register, "range": [low - 5, high + 5], "delivery": delivery, "harmony": kind}
        behind[kind] = Part("vocals", "backing", "voice", options=reach)
    phrase = float(rng.choice([2, 2, 4, 1])) * song.beats_per_bar
    if song.tempo_bpm > 150:
        phrase = max(phrase, 2 * song.beats_per_bar)
    verses = rng.uniform(0.88, 1.0)
    for section in song.sections:
        chance = {"verse": verses, "chorus": 1.0, "bridge": 0.75, "intro": 0.12, "outro": 0.2, "break": 0.45,
                  "drop": 0.35, "build": 0.4, "solo": 0.0}[section.name]
        if rng.random() > chance:
            continue
        kind = "chorus" if section.name in ("chorus", "drop") else "bridge" if section.name == "bridge" else "verse"
        local = plan.generator("vocals", section.name)
        scale = [(song.key + s) % 12 for s in harmony.SCALES["minor" if song.mode == "phrygian" else song.mode]]
        chords = plan.chords_in(section)
        level = 0.5 + 0.45 * section.energy
        place = {"verse": 0.38, "bridge": 0.5, "chorus": 0.6}[kind]
        talked = rap and kind != "chorus"
        if talked:
            notes = melody.sung(
                "rap" if manner[kind] == "rap" else "busy", max(phrase, 2 * song.beats_per_bar), chords, scale, low,
                low + 7, section.start, section.beats, 0.4, level, local, talk=True,
            )
        else:
            chosen = manner[kind] if manner[kind] != "rap" else "syncopated"
            notes = melody.sung(
                chosen, phrase, chords, scale, low, high, section.start, section.beats, place, level, local,
            )
        (lead if talked or not rap else hook).notes += notes
        if kind == "chorus" or section.energy > 0.6 and rng.random() < 0.25:
            for voice, part in behind.items():
                if voice == "oohs":
                    part.notes += melody.oohs(chords, section.start, section.beats, low, high, 1, 0.6)
                elif voice == "gang":
                    part.notes += melody.shouts(
                        section.start, section.beats, song.beats_per_bar, float(low + 9), 0.8, local,
                    )
                elif voice == "octave":
                    shift = 12 if np.mean([n.pitch for n in notes] or [60]) + 12 < high + 6 else -12
                    part.notes += [Note(n.start, n.duration, n.pitch + shift, 0.7 * n.velocity) for n in notes]
                else:
                    part.notes += melody.harmonised(notes, scale, 2 if voice == "third" else -5, 0.8)
    return [p for p in (lead, hook, *behind.values()) if p.notes]
