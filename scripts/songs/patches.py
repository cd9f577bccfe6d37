"""The sounds that the synthesizers know, each drawn anew for each song.

A patch says: oscillator, voices, detune in cents, the low-pass filter's range in Hz and how fast it is swept,
resonance, the amplitude's envelope, and what is particular to it.
"""
import numpy as np


def patch(name: str, rng: np.random.Generator) -> dict:
    u = rng.uniform
    common = dict(
        osc="saw", voices=1, detune=0, low=800.0, high=800.0, sweep=0.3, resonance=0.05, attack=0.004, decay=0.3,
        sustain=0.8, release=0.08, sub=0.0, width=0.5, noise=0.0,
    )
    special = {
        "supersaw": lambda: dict(
            voices=7, detune=u(12, 32), low=u(2500, 6000), high=u(7000, 14000), release=u(0.08, 0.3),
            noise=u(0, 0.03),
        ),
        "supersaw lead": lambda: dict(
            voices=5, detune=u(8, 22), low=u(2500, 5000), high=u(5000, 12000), release=0.12,
        ),
        "supersaw pad": lambda: dict(
            voices=7, detune=u(10, 26), low=u(900, 4000), high=u(2000, 9000), attack=u(0.05, 0.8), sweep=u(1, 3),
            sustain=1.0, release=u(0.3, 1),
        ),
        "pad": lambda: dict(
            osc=str(rng.choice(["saw", "pulse", "triangle", "saw"])), voices=int(rng.integers(2, 6)),
            detune=u(5, 18), low=u(500, 3000), high=u(1000, 9000), attack=u(0.05, 1.2), sweep=u(0.8, 4),
            sustain=1.0, release=u(0.3, 1.2), width=u(0.2, 0.5),
        ),
        "string machine": lambda: dict(
            voices=4, detune=u(8, 16), low=u(2500, 5000), high=u(4000, 7000), attack=u(0.08, 0.4), sustain=1.0,
            release=u(0.3, 0.8),
        ),
        "brass": lambda: dict(
            voices=3, detune=u(4, 12), low=u(500, 1200), high=u(3000, 6000), sweep=u(0.15, 0.5),
            attack=u(0.02, 0.06), sustain=0.85, release=0.12,
        ),
        "pluck": lambda: dict(
            voices=int(rng.integers(1, 4)), detune=u(3, 12), low=u(250, 900), high=u(2500, 9000),
            sweep=u(0.06, 0.25), resonance=u(0, 0.35), decay=u(0.15, 0.6), sustain=u(0, 0.15), release=u(0.08, 0.4),
        ),
        "saw pluck": lambda: dict(
            low=u(300, 900), high=u(2000, 8000), sweep=u(0.05, 0.2), resonance=u(0.1, 0.5), decay=u(0.1, 0.4),
            sustain=0.1, release=0.1,
        ),
        "square pluck": lambda: dict(
            osc="pulse", width=u(0.12, 0.5), low=u(600, 2000), high=u(3000, 8000), sweep=u(0.05, 0.3),
            decay=u(0.1, 0.5), sustain=u(0, 0.3), release=0.08,
        ),
        "stab": lambda: dict(
            voices=3, detune=u(4, 14), low=u(300, 900), high=u(2000, 7000), sweep=u(0.08, 0.3), resonance=u(0, 0.4),
            decay=u(0.12, 0.4), sustain=u(0, 0.2), release=u(0.06, 0.2),
        ),
        "saw lead": lambda: dict(
            voices=int(rng.integers(1, 3)), detune=u(3, 12), low=u(1500, 4000), high=u(2500, 9000),
            resonance=u(0, 0.3), release=0.1,
        ),
        "square lead": lambda: dict(
            osc="pulse", width=u(0.15, 0.5), low=u(2000, 5000), high=u(2500, 9000), release=0.08,
        ),
        "sine lead": lambda: dict(osc=str(rng.choice(["sine", "triangle"])), low=6000.0, high=9000.0, release=0.1),
        "fm bell": lambda: dict(
            osc="fm", ratio=float(rng.choice([3.5, 1.41, 2.76, 4.0, 7.0, 3.0])), index=u(1, 5), fade=u(0.1, 0.8),
            low=12000.0, high=12000.0, decay=u(0.4, 1.6), sustain=0.0, release=u(0.2, 0.8),
        ),
        "fm piano": lambda: dict(
            osc="fm", ratio=float(rng.choice([1.0, 14.0, 2.0])), index=u(0.3, 1.4), fade=u(0.2, 0.7), low=9000.0,
            high=9000.0, decay=u(0.7, 2), sustain=0.0, release=0.15,
        ),
        "organ": lambda: dict(
            osc="organ", low=u(3000, 9000), high=u(3000, 9000), sustain=1.0, release=0.05,
            draw=rng.choice([0, 0.3, 0.6, 1.0], 9),
        ),
        "saw bass": lambda: dict(
            voices=int(rng.integers(1, 3)), detune=u(3, 10), low=u(120, 500), high=u(600, 3000), sweep=u(0.06, 0.4),
            resonance=u(0, 0.5), sub=u(0, 0.7), sustain=u(0.4, 1),
        ),
        "square bass": lambda: dict(
            osc="pulse", width=u(0.25, 0.5), low=u(150, 600), high=u(500, 2500), sweep=u(0.06, 0.4),
            resonance=u(0, 0.4), sub=u(0, 0.6), sustain=u(0.4, 1),
        ),
        "pulse bass": lambda: dict(
            osc="pulse", width=u(0.08, 0.3), low=u(200, 700), high=u(900, 4000), sweep=u(0.05, 0.3),
            resonance=u(0, 0.3), sub=u(0.2, 0.7), sustain=u(0.3, 1),
        ),
        "triangle bass": lambda: dict(osc="triangle", low=u(300, 1500), high=u(600, 2500), sustain=1.0),
        "sub": lambda: dict(osc="sine", low=1500.0, high=2500.0, sustain=1.0, drive=u(0, 1.5)),
        "fm bass": lambda: dict(
            osc="fm", ratio=float(rng.choice([1.0, 2.0, 0.5, 3.0])), index=u(0.6, 3.5), fade=u(0.06, 0.4),
            low=u(1500, 6000), high=u(2000, 7000), sustain=u(0.3, 0.9),
        ),
        "organ bass": lambda: dict(
            osc="organ", draw=np.array([1, 1, 0.5, 0.3, 0, 0, 0, 0, 0.0]), low=1200.0, high=3000.0, sweep=0.06,
            decay=0.25, sustain=0.3,
        ),
        "reese": lambda: dict(
            voices=int(rng.integers(2, 4)), detune=u(14, 45), low=u(250, 900), high=u(400, 1800), sweep=u(0.3, 2),
            resonance=u(0, 0.3), sub=u(0.4, 0.9), sustain=1.0, drive=u(0, 2),
        ),
        "wobble": lambda: dict(
            osc=str(rng.choice(["saw", "pulse"])), voices=2, detune=u(6, 30), low=u(90, 250), high=u(1200, 5000),
            resonance=u(0.1, 0.6), sub=u(0.3, 0.8), sustain=1.0, wobble=True, drive=u(0.5, 3),
        ),
        "drone": lambda: dict(
            osc=str(rng.choice(["saw", "triangle", "fm", "pulse"])), ratio=float(rng.choice([0.5, 1.0, 1.41, 2.0])),
            index=u(0.5, 4), fade=u(0.5, 6), voices=int(rng.integers(1, 5)), detune=u(8, 60), low=u(70, 400),
            high=u(200, 1800), attack=u(0.03, 0.8), sweep=u(0.5, 4), resonance=u(0, 0.4), sub=u(0, 0.8), sustain=1.0,
            release=u(0.1, 0.8), noise=u(0, 0.8), drive=u(0, 3),
        ),
        "growl": lambda: dict(
            osc="fm", ratio=float(rng.choice([0.5, 1.0, 1.5, 2.0, 3.0])), index=u(2, 9), fade=u(0.3, 3), low=u(100, 400),
            high=u(1000, 6000), resonance=u(0, 0.5), sub=u(0.2, 0.8), sustain=1.0, wobble=bool(u() < 0.5),
            noise=u(0, 0.25), drive=u(1, 4),
        ),
        "acid": lambda: dict(
            osc=str(rng.choice(["saw", "pulse"])), low=u(150, 400), high=u(900, 3500), sweep=u(0.06, 0.25),
            resonance=u(0.5, 1), sustain=u(0.2, 0.7), glide=0.05, drive=u(0, 3),
        ),
        "808": lambda: dict(
            osc="sine", low=3000.0, high=5000.0, sustain=u(0, 0.25), decay=u(0.35, 1.1), drop=u(4, 14),
            drop_time=u(0.012, 0.04), drive=u(0.2, 5), glide=0.06 if u() < 0.4 else 0.0, attack=0.002, release=0.06,
        ),
    }
    return {**common, **special[name]()}
