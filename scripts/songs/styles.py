"""The styles that songs are made in: how often, how fast, on what, and by whom they are played."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Style:
    weight: float
    tempo: tuple[float, float]
    family: str | tuple[str, ...]        # of progressions, see harmony.PROGRESSIONS
    grooves: tuple[str, ...]             # see patterns.GROOVES
    kits: tuple[str, ...]                # groups of drum kits, see KITS
    bass: tuple[str, ...]                # see basslines.PATTERNS, or walking
    bass_on: tuple[str, ...]             # groups of bass instruments, see INSTRUMENTS
    band: tuple[tuple[str, float], ...]  # kinds of players and how likely each is there
    form: str = "song"                   # song, club, rap, jazz, ambient
    swing: tuple[float, float] = (0, 0)
    swing_grid: float = 0.25
    meters: tuple[tuple[str, float], ...] = (("4/4", 1.0),)
    vocals: float = 0.9                  # how likely somebody sings
    delivery: str = "sing"
    manners: tuple[str, ...] = ("even", "syncopated", "syncopated", "long")
    drums: float = 1.0
    bass_there: float = 0.97
    loops: float = 0.1                   # how likely a drum loop plays too
    loose: tuple[float, float] = (3, 10) # timing's standard deviation, ms
    extras: tuple[str, ...] = field(default=())


_MOSTLY_4 = (("4/4", 0.9), ("12/8", 0.05), ("3/4", 0.03), ("6/8", 0.02))

STYLES = {
    "rock": Style(
        14, (88, 160), ("rock", "rock", "rock-minor", "pop", "blues"), ("rock",), ("acoustic",),
        ("eighths", "kick", "soul"), ("electric",),
        (
            ("power", 0.7), ("strummed electric", 0.55), ("riff guitar", 0.35), ("lead guitar", 0.45),
            ("piano", 0.2), ("organ", 0.25), ("acoustic strum", 0.2), ("pad", 0.1),
        ),
        meters=_MOSTLY_4,
    ),
    "indie": Style(
        8, (95, 150), ("pop", "pop-minor", "rock", "soul"), ("rock", "pop"), ("acoustic", "acoustic", "electronic"),
        ("eighths", "kick", "octaves"), ("electric", "electric", "synth"),
        (
            ("strummed electric", 0.7), ("picked electric", 0.6), ("lead guitar", 0.3), ("pad", 0.35),
            ("arp", 0.25), ("piano", 0.25), ("bells", 0.2), ("lead synth", 0.2),
        ),
        loops=0.15,
    ),
    "punk": Style(
        5, (150, 205), ("punk", "punk", "rock"), ("punk", "punk", "rock"), ("acoustic",), ("eighths",), ("picked",),
        (("power", 1.0), ("lead guitar", 0.3), ("riff guitar", 0.2)), manners=("even", "syncopated", "busy"),
        extras=("gang",),
    ),
    "metal": Style(
        8, (85, 190), ("metal", "metal", "rock-minor"), ("metal", "metal", "rock"), ("acoustic",),
        ("eighths", "sixteenths", "kick"), ("picked",),
        (("metal", 1.0), ("riff metal", 0.6), ("lead metal", 0.5), ("strings", 0.12), ("pad", 0.1)),
        manners=("even", "long", "syncopated"), extras=("gang",), loose=(2, 6),
    ),
    "pop": Style(
        14, (84, 130), ("pop", "pop", "pop-minor"), ("pop", "pop", "house", "trap"),
        ("electronic", "machine", "acoustic"), ("kick", "eighths", "long", "octaves", "offbeat"),
        ("synth", "electric", "sub"),
        (
            ("piano", 0.5), ("pad", 0.5), ("pluck", 0.45), ("acoustic strum", 0.3), ("strummed electric", 0.25),
            ("strings", 0.25), ("arp", 0.25), ("supersaw", 0.25), ("bells", 0.2), ("lead synth", 0.25),
            ("picked electric", 0.2), ("effects", 0.4),
        ),
        loops=0.2, loose=(0, 6),
    ),
    "synth-pop": Style(
        6, (98, 135), ("pop", "pop-minor", "trance"), ("synthpop", "synthpop", "disco"), ("machine", "electronic"),
        ("eighths", "octaves", "sixteenths", "offbeat"), ("synth",),
        (
            ("pad", 0.8), ("arp", 0.7), ("lead synth", 0.5), ("pluck", 0.4), ("bells", 0.3), ("stabs", 0.3),
            ("strummed electric", 0.2), ("effects", 0.3),
        ),
        loose=(0, 3),
    ),
    "folk": Style(
        8, (70, 140), "folk", ("folk",), ("brushes", "acoustic"), ("long", "ballad", "country"),
        ("upright", "upright", "electric", "gm acoustic"),
        (
            ("acoustic strum", 0.75), ("acoustic pick", 0.75), ("piano", 0.2), ("solo strings", 0.3),
            ("flute", 0.15), ("accordion", 0.12), ("harmonica", 0.15), ("mandolin", 0.2), ("strings", 0.12),
        ),
        drums=0.5, bass_there=0.7, meters=(("4/4", 0.66), ("3/4", 0.18), ("6/8", 0.1), ("12/8", 0.06)), loops=0.0,
        loose=(5, 12),
    ),
    "country": Style(
        5, (84, 150), ("country", "country", "folk"), ("country", "country", "rock"), ("acoustic",),
        ("country", "eighths", "kick"), ("electric", "upright"),
        (
            ("acoustic strum", 0.85), ("picked electric", 0.5), ("lead clean", 0.5), ("solo strings", 0.35),
            ("piano", 0.3), ("banjo", 0.3), ("organ", 0.2), ("strummed electric", 0.3),
        ),
        meters=(("4/4", 0.85), ("3/4", 0.1), ("12/8", 0.05)), loops=0.0, swing=(0, 0.5), swing_grid=0.5,
    ),
    "funk": Style(
        6, (90, 122), ("funk", "funk", "soul"), ("funk",), ("acoustic",), ("funk",), ("electric", "slap"),
        (
            ("funk guitar", 0.9), ("clavinet", 0.45), ("epiano", 0.4), ("organ", 0.35), ("brass", 0.55),
            ("lead sax", 0.3), ("riff guitar", 0.3), ("lead synth", 0.2),
        ),
        swing=(0, 0.35), manners=("syncopated", "busy", "even"), loose=(3, 8),
    ),
    "soul": Style(
        6, (66, 112), ("soul",), ("soul", "soul", "boombap"), ("acoustic", "machine"), ("soul", "kick", "boombap"),
        ("electric", "fretless", "sub"),
        (
            ("epiano", 0.8), ("funk guitar", 0.35), ("picked electric", 0.4), ("organ", 0.35), ("strings", 0.4),
            ("brass", 0.35), ("pad", 0.3), ("lead sax", 0.25), ("bells", 0.15), ("vibes", 0.15),
        ),
        swing=(0, 0.5), meters=(("4/4", 0.86), ("12/8", 0.14)), loops=0.12,
    ),
    "disco": Style(
        4, (110, 128), ("soul", "funk", "pop-minor", "house"), ("disco",), ("acoustic", "machine"),
        ("octaves", "funk", "eighths"), ("electric", "slap", "synth"),
        (
            ("funk guitar", 0.8), ("strings", 0.75), ("brass", 0.5), ("epiano", 0.4), ("piano", 0.35),
            ("clavinet", 0.2), ("lead synth", 0.3), ("effects", 0.2),
        ),
        loops=0.1,
    ),
    "house": Style(
        7, (118, 130), ("house", "soul"), ("house",), ("machine", "machine", "electronic"),
        ("offbeat", "octaves", "kick", "rolling"), ("synth", "sub", "fm"),
        (
            ("stabs", 0.6), ("piano", 0.45), ("pad", 0.5), ("pluck", 0.45), ("organ", 0.3), ("lead synth", 0.35),
            ("arp", 0.3), ("strings", 0.2), ("effects", 0.6), ("lead sax", 0.1),
        ),
        form="club", vocals=0.75, swing=(0, 0.3), loops=0.3, loose=(0, 2),
    ),
    "techno": Style(
        4, (124, 142), "techno", ("techno", "house"), ("machine",), ("rolling", "offbeat", "acid"),
        ("acid", "sub", "synth"),
        (("stabs", 0.6), ("arp", 0.5), ("pad", 0.4), ("riff synth", 0.5), ("effects", 0.8), ("bells", 0.2)),
        form="club", vocals=0.4, loops=0.35, loose=(0, 1), manners=("long", "even"),
    ),
    "trance": Style(
        4, (128, 142), "trance", ("trance", "house"), ("machine", "electronic"), ("rolling", "offbeat", "octaves"),
        ("synth", "sub"),
        (
            ("supersaw", 0.8), ("arp", 0.8), ("pad", 0.7), ("pluck", 0.5), ("lead synth", 0.6), ("piano", 0.3),
            ("effects", 0.7), ("strings", 0.2),
        ),
        form="club", vocals=0.7, loose=(0, 1), manners=("long", "even"),
    ),
    "drum and bass": Style(
        5, (168, 178), ("pop-minor", "trance", "ambient", "soul"), ("dnb",), ("electronic", "acoustic", "machine"),
        ("dnb", "long", "trap"), ("reese", "sub", "synth"),
        (
            ("pad", 0.7), ("pluck", 0.4), ("arp", 0.35), ("piano", 0.35), ("stabs", 0.4), ("riff synth", 0.3),
            ("effects", 0.6), ("epiano", 0.2), ("lead synth", 0.25),
        ),
        form="club", vocals=0.75, loops=0.35, loose=(0, 4), manners=("long", "even", "syncopated"),
    ),
    "dubstep": Style(
        4, (136, 150), ("pop-minor", "trap", "techno"), ("dubstep",), ("electronic", "machine"), ("wobble", "dnb"),
        ("wobble", "reese"),
        (
            ("pad", 0.6), ("pluck", 0.4), ("stabs", 0.35), ("riff synth", 0.5), ("lead synth", 0.4), ("piano", 0.3),
            ("supersaw", 0.3), ("effects", 0.8),
        ),
        form="club", vocals=0.7, loose=(0, 2),
    ),
    "electronica": Style(
        8, (68, 152), ("pop-minor", "ambient", "techno", "trap"), ("broken", "broken", "dnb", "boombap"),
        ("electronic", "machine", "808"), ("broken", "drone", "dnb", "long"), ("drone", "growl", "sub", "reese", "fm"),
        (
            ("pad", 0.6), ("texture", 0.5), ("riff synth", 0.45), ("arp", 0.4), ("bells", 0.35), ("stabs", 0.3),
            ("pluck", 0.3), ("effects", 0.7), ("crackle", 0.3), ("piano", 0.2), ("lead synth", 0.2),
        ),
        form="club", vocals=0.65, swing=(0, 0.4), loops=0.35, loose=(0, 6), manners=("long", "even", "syncopated"),
    ),
    "industrial": Style(
        4, (90, 150), ("techno", "rock-minor", "metal"), ("techno", "broken", "rock"), ("machine", "electronic"),
        ("sixteenths", "drone", "rolling", "broken"), ("growl", "drone", "acid", "wobble"),
        (
            ("power", 0.4), ("metal", 0.25), ("riff synth", 0.6), ("texture", 0.6), ("stabs", 0.5), ("effects", 0.8),
            ("pad", 0.4), ("lead synth", 0.3), ("arp", 0.2),
        ),
        form="club", vocals=0.75, loops=0.35, loose=(0, 3), manners=("even", "syncopated", "long"),
    ),
    "trap": Style(
        8, (128, 160), ("trap", "pop-minor"), ("trap",), ("808",), ("trap",), ("808",),
        (
            ("bells", 0.5), ("pluck", 0.5), ("piano", 0.45), ("pad", 0.45), ("strings", 0.2),
            ("picked electric", 0.25), ("flute", 0.2), ("arp", 0.25), ("brass", 0.15), ("lead synth", 0.25),
            ("effects", 0.4),
        ),
        form="rap", vocals=0.92, delivery="rap", manners=("rap", "rap", "syncopated"), loose=(0, 2),
    ),
    "hip-hop": Style(
        8, (80, 102), ("boombap", "soul", "funk"), ("boombap",), ("acoustic", "machine", "electronic"),
        ("boombap", "kick", "long"), ("electric", "sub", "upright", "synth"),
        (
            ("epiano", 0.5), ("piano", 0.45), ("strings", 0.3), ("picked electric", 0.3), ("brass", 0.25),
            ("flute", 0.2), ("vibes", 0.2), ("organ", 0.2), ("pad", 0.25), ("bells", 0.15), ("crackle", 0.4),
            ("lead sax", 0.15),
        ),
        form="rap", vocals=0.93, delivery="rap", swing=(0.1, 0.7), manners=("rap",), loops=0.4, loose=(4, 12),
    ),
    "reggae": Style(
        4, (66, 92), "reggae", ("reggae",), ("acoustic", "machine"), ("reggae",), ("electric", "sub"),
        (
            ("skank guitar", 0.9), ("organ", 0.7), ("piano", 0.3), ("brass", 0.4), ("picked electric", 0.3),
            ("clavinet", 0.2), ("lead synth", 0.15), ("melodica", 0.2),
        ),
        swing=(0, 0.5), loops=0.0,
    ),
    "latin": Style(
        4, (88, 125), "latin", ("latin",), ("percussion", "acoustic"), ("latin",), ("electric", "upright"),
        (
            ("montuno", 0.65), ("nylon", 0.6), ("brass", 0.55), ("strings", 0.15), ("lead trumpet", 0.3),
            ("flute", 0.25), ("accordion", 0.25), ("marimba", 0.2),
        ),
        loops=0.05, manners=("syncopated", "even", "busy"),
    ),
    "jazz": Style(
        4, (92, 210), "jazz", ("jazz", "jazz", "latin"), ("brushes", "acoustic"), ("walking",),
        ("upright", "upright", "gm acoustic", "fretless"),
        (
            ("jazz piano", 0.75), ("jazz guitar", 0.45), ("lead sax", 0.5), ("lead trumpet", 0.35), ("vibes", 0.3),
            ("brass", 0.2),
        ),
        form="jazz", vocals=0.55, swing=(0.7, 1.0), swing_grid=0.5, loops=0.0, loose=(5, 14),
        manners=("syncopated", "even", "long"),
    ),
    "ballad": Style(
        6, (60, 84), "ballad", ("ballad",), ("acoustic", "machine"), ("ballad", "long"),
        ("electric", "fretless", "sub"),
        (
            ("piano", 0.75), ("epiano", 0.3), ("strings", 0.55), ("acoustic pick", 0.4), ("pad", 0.5),
            ("strummed electric", 0.25), ("lead guitar", 0.3), ("harp", 0.12), ("power", 0.15), ("bells", 0.15),
            ("solo strings", 0.15),
        ),
        drums=0.75, bass_there=0.85, manners=("long", "even", "syncopated"),
        meters=(("4/4", 0.75), ("12/8", 0.12), ("6/8", 0.08), ("3/4", 0.05)), loops=0.0,
    ),
    "grunge": Style(
        4, (84, 140), ("rock", "rock-minor", "rock"), ("rock",), ("acoustic",), ("eighths", "kick"),
        ("picked", "electric"),
        (
            ("power", 0.9), ("strummed electric", 0.6), ("lead guitar", 0.35), ("riff guitar", 0.4),
            ("picked electric", 0.3), ("pad", 0.08),
        ),
    ),
    "blues": Style(
        3, (60, 130), "blues", ("rock", "soul", "funk"), ("acoustic",), ("soul", "country", "walking"),
        ("electric", "upright"),
        (
            ("strummed electric", 0.5), ("riff guitar", 0.5), ("lead guitar", 0.8), ("organ", 0.45), ("piano", 0.5),
            ("brass", 0.2), ("harmonica", 0.3),
        ),
        swing=(0.6, 1.0), swing_grid=0.5, meters=(("4/4", 0.7), ("12/8", 0.3)), loops=0.0,
    ),
    "R&B": Style(
        6, (60, 100), ("soul", "boombap", "pop-minor"), ("trap", "boombap", "soul"),
        ("808", "machine", "electronic"), ("trap", "long", "boombap"), ("808", "sub", "synth"),
        (
            ("epiano", 0.6), ("pad", 0.6), ("pluck", 0.3), ("picked electric", 0.35), ("bells", 0.3),
            ("strings", 0.25), ("piano", 0.3), ("lead synth", 0.15), ("effects", 0.25),
        ),
        vocals=0.97, swing=(0, 0.4), loops=0.15, loose=(0, 6),
    ),
    "reggaeton": Style(
        3, (86, 104), ("pop-minor", "latin", "trap"), ("reggaeton",), ("machine", "808", "electronic"),
        ("latin", "kick", "long"), ("sub", "808", "synth"),
        (
            ("pluck", 0.6), ("pad", 0.5), ("nylon", 0.35), ("piano", 0.35), ("stabs", 0.35), ("lead synth", 0.3),
            ("bells", 0.3), ("effects", 0.4),
        ),
        vocals=0.97, loops=0.1, loose=(0, 3), manners=("syncopated", "busy", "even"),
    ),
    "singer-songwriter": Style(
        6, (68, 128), ("pop", "folk", "ballad"), ("folk", "ballad", "pop"), ("acoustic", "brushes"),
        ("long", "ballad", "kick"), ("electric", "upright"),
        (
            ("acoustic strum", 0.6), ("piano", 0.6), ("acoustic pick", 0.45), ("pad", 0.25), ("strings", 0.25),
            ("picked electric", 0.25), ("organ", 0.15), ("solo strings", 0.2), ("bells", 0.1),
        ),
        vocals=0.98, drums=0.75, bass_there=0.85, meters=_MOSTLY_4, loops=0.0, loose=(4, 12),
    ),
    "shoegaze": Style(
        2, (85, 140), ("pop", "rock", "pop-minor"), ("rock",), ("acoustic", "machine"), ("eighths", "long"),
        ("picked", "electric"),
        (
            ("power", 0.8), ("strummed electric", 0.9), ("pad", 0.7), ("lead guitar", 0.4),
            ("picked electric", 0.4), ("arp", 0.2),
        ),
        manners=("long", "even"),
    ),
    "afrobeat": Style(
        3, (98, 122), ("funk", "house", "soul"), ("afro",), ("percussion", "acoustic", "machine"),
        ("funk", "latin", "kick"), ("electric", "sub"),
        (
            ("funk guitar", 0.7), ("picked electric", 0.5), ("brass", 0.5), ("organ", 0.4), ("pluck", 0.4),
            ("marimba", 0.3), ("lead sax", 0.3), ("pad", 0.3),
        ),
        swing=(0, 0.3), loops=0.15, manners=("syncopated", "even", "busy"),
    ),
    "cinematic": Style(
        2, (66, 120), ("ballad", "ambient", "trance"), ("ballad", "ambient", "rock"), ("acoustic", "electronic"),
        ("long", "ballad"), ("upright", "sub", "synth"),
        (
            ("strings", 0.9), ("piano", 0.6), ("brass", 0.4), ("tremolo strings", 0.4), ("harp", 0.35),
            ("solo strings", 0.4), ("pizzicato", 0.4), ("pad", 0.4), ("church organ", 0.2), ("bells", 0.3),
            ("effects", 0.4), ("texture", 0.3),
        ),
        form="ambient", vocals=0.6, drums=0.7, bass_there=0.7, loops=0.0,
    ),
    "ambient": Style(
        3, (66, 112), "ambient", ("ambient", "boombap"), ("electronic", "machine"), ("long", "ballad"),
        ("sub", "synth", "fretless"),
        (
            ("pad", 0.95), ("bells", 0.45), ("piano", 0.45), ("arp", 0.5), ("strings", 0.35),
            ("picked electric", 0.35), ("pluck", 0.3), ("effects", 0.4), ("crackle", 0.35), ("texture", 0.4),
            ("flute", 0.15),
        ),
        form="ambient", vocals=0.5, drums=0.65, bass_there=0.75, loops=0.25, manners=("long", "even"),
    ),
}
