"""Single notes out of sound fonts, by libfluidsynth.

Each note of a preset is rendered once, alone and dry, and kept; a part then places copies of it. That is far
cheaper than letting the synthesizer play the part, and always gives the same samples, because the synthesizer
starts from rest for each note.
"""
import ctypes

import numpy as np

from .score import SAMPLE_RATE
from .sounds import SOUND_FONTS, Cache

_BLOCK = 64
_library = None
_fonts: dict = {}
_notes = Cache(400 << 20)
VELOCITIES = (40, 70, 96, 120)


def _fluid():
    global _library
    if _library is None:
        lib = ctypes.CDLL("libfluidsynth.so.3")
        pointer, text, integer = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
        lib.new_fluid_settings.restype = pointer
        lib.new_fluid_synth.restype = pointer
        lib.new_fluid_synth.argtypes = [pointer]
        lib.fluid_settings_setnum.argtypes = [pointer, text, ctypes.c_double]
        lib.fluid_settings_setint.argtypes = [pointer, text, integer]
        lib.delete_fluid_synth.argtypes = [pointer]
        lib.fluid_synth_get_sfont_by_id.restype = pointer
        lib.fluid_synth_get_sfont_by_id.argtypes = [pointer, integer]
        lib.fluid_synth_add_sfont.argtypes = [pointer, pointer]
        lib.fluid_synth_remove_sfont.argtypes = [pointer, pointer]
        lib.fluid_synth_sfload.argtypes = [pointer, text, integer]
        lib.fluid_synth_write_float.argtypes = [
            pointer, integer, pointer, integer, integer, pointer, integer, integer,
        ]
        lib.fluid_synth_noteon.argtypes = [pointer, integer, integer, integer]
        lib.fluid_synth_program_select.argtypes = [pointer, integer, integer, integer, integer]
        lib.fluid_synth_all_sounds_off.argtypes = [pointer, integer]
        lib.fluid_set_log_function.argtypes = [integer, pointer, pointer]
        for level in range(5):
            lib.fluid_set_log_function(level, None, None)
        _library = lib
    return _library


def _loaded(font: str):
    """Settings, the synthesizer that keeps the font and its present preset loaded, the font, its number."""
    if font not in _fonts:
        lib = _fluid()
        settings = lib.new_fluid_settings()
        lib.fluid_settings_setnum(settings, b"synth.sample-rate", float(SAMPLE_RATE))
        lib.fluid_settings_setnum(settings, b"synth.gain", 0.6)
        lib.fluid_settings_setint(settings, b"synth.polyphony", 16)
        for name in (b"synth.reverb.active", b"synth.chorus.active"):
            lib.fluid_settings_setint(settings, name, 0)
        lib.fluid_settings_setint(settings, b"synth.dynamic-sample-loading", 1)
        keeper = lib.new_fluid_synth(settings)
        number = lib.fluid_synth_sfload(keeper, SOUND_FONTS[font][0].encode(), 1)
        if number < 0:
            raise RuntimeError(f"no sound font at {SOUND_FONTS[font][0]}")
        _fonts[font] = (settings, keeper, lib.fluid_synth_get_sfont_by_id(keeper, number), number)
    return _fonts[font]


def _rendered(font: str, bank: int, program: int, key: int, velocity: int, frames: int) -> np.ndarray:
    """By a synthesizer of its own, since one that has played keeps traces of it in its filters."""
    lib = _fluid()
    settings, keeper, loaded, number = _loaded(font)
    if lib.fluid_synth_program_select(keeper, 0, number, bank, program) != 0:
        raise RuntimeError(f"no preset {bank}:{program} in {SOUND_FONTS[font][0]}")
    synth = lib.new_fluid_synth(settings)
    out = np.zeros((frames, 2), np.float32)
    where = out.ctypes.data
    lib.fluid_synth_program_select(synth, 0, lib.fluid_synth_add_sfont(synth, loaded), bank, program)
    lib.fluid_synth_noteon(synth, 0, key, velocity)
    lib.fluid_synth_write_float(synth, frames, where, 0, 2, where, 1, 2)
    lib.fluid_synth_all_sounds_off(synth, 0)
    spare = np.zeros((_BLOCK, 2), np.float32).ctypes
    lib.fluid_synth_write_float(synth, _BLOCK, spare.data, 0, 2, spare.data, 1, 2)
    lib.fluid_synth_remove_sfont(synth, loaded)
    lib.delete_fluid_synth(synth)
    return out


def note(font: str, bank: int, program: int, key: int, velocity: int, seconds: float) -> np.ndarray:
    """One note, held throughout, as (frames, 2): `seconds` long, rounded up to a power of two of them."""
    length = 0.5
    while length < seconds and length < 16:
        length *= 2
    frames = int(length * SAMPLE_RATE) // _BLOCK * _BLOCK
    return _notes.get((font, bank, program, key, velocity, length),
                      lambda: _rendered(font, bank, program, key, velocity, frames))


def nearest_velocity(velocity: float) -> int:
    """Of a velocity from 0 to 1, the rendered one (MIDI) that is nearest."""
    return min(VELOCITIES, key=lambda v: abs(v - 127 * velocity))
