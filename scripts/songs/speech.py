"""Speech from free synthesisers (eSpeak NG, Flite, Festival), one more kind of voice for the songs to sing with.

The words are drawn from short lists, so that no text of anybody's is sung. A synthesiser that is not installed
gives no lines; the songs then have real singers only.
"""
import random
import shutil
import subprocess
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import butter, resample_poly, sosfiltfilt

RATE = 44100

WORDS = {
    "en": ("I you we they love night day light fire river ocean morning evening dream heart road home sky rain sun moon star "
           "hold run fall rise burn turn wait stay go come take give feel know want need see hear call dance sing cry fly "
           "never always maybe forever tonight again away slowly over under through with without into all no more one time "
           "baby honey darling people city window mirror shadow silence thunder summer winter golden broken hollow open "
           "waiting falling running dreaming breathing shining calling moving so long the my your our a and but if when "
           "where who down up out back oh yeah hey la na remember believe carry follow wonder higher deeper closer").split(),
    "es": ("yo tu amor noche luz fuego mar cielo luna sol corazon camino casa siempre nunca vida alma quiero siento vuela baila "
           "canta llora espera solo contigo ahora manana sin mi la el una todo nada mas lejos cerca besos").split(),
    "it": ("io tu amore notte luce fuoco mare cielo luna sole cuore strada casa sempre mai vita anima voglio sento vola balla "
           "canta piangi aspetta solo con te adesso domani senza mia la il una tutto niente lontano vicino").split(),
    "fi": ("mina sina yo valo tuli meri taivas kuu aurinko sydan tie koti aina elama tahdon tunnen laula tanssi odota yksin "
           "nyt huomenna ilman kaikki kaukana tulee menee").split(),
    "ca": ("jo tu amor nit llum foc mar cel lluna sol cor cami casa sempre mai vida vull sento vola balla canta plora espera "
           "ara dema sense tot res lluny").split(),
    "fr": ("je tu amour nuit jour feu mer ciel lune soleil coeur chemin maison toujours jamais vie ame danse chante pleure "
           "attends seul avec toi demain sans tout rien loin").split(),
    "de": ("ich du liebe nacht tag feuer meer himmel mond sonne herz weg immer nie leben seele tanz singe weine warte allein "
           "mit dir heute morgen ohne alles nichts weit").split(),
    "pt": ("eu voce amor noite luz fogo mar ceu lua sol coracao caminho casa sempre nunca vida alma quero sinto voa danca "
           "canta chora espera agora sem tudo nada longe").split(),
}

# name, engine, engine's voice, language, whether only for validation
VOICES = [(f"espeak-{language}-{variant}", "espeak-ng", f"{code}+{variant}", language, False)
          for language, code, variant in [
              ("en", "en-us", "m3"), ("en", "en-gb", "f2"), ("en", "en-us", "f4"), ("en", "en-gb-scotland", "m7"),
              ("en", "en-us", "linda"), ("en", "en-gb", "Annie"), ("en", "en-us", "Michael"), ("en", "en-029", "steph"),
              ("en", "en-us", "klatt2"), ("es", "es", "f5"), ("fr", "fr", "m1"), ("pt", "pt-br", "f3"), ("de", "de", "Mario")]]
VOICES += [("flite-awb", "flite", "awb", "en", False), ("flite-rms", "flite", "rms", "en", False),
           ("flite-kal16", "flite", "kal16", "en", False),
           ("festival-kal", "festival", "kal_diphone", "en", False),
           ("festival-slt", "festival", "cmu_us_slt_arctic_hts", "en", True),
           ("festival-italian-f", "festival", "pc_diphone", "it", False),
           ("festival-italian-m", "festival", "lp_diphone", "it", False),
           ("festival-finnish-f", "festival", "suo_fi_lj_diphone", "fi", False),
           ("festival-finnish-m", "festival", "hy_fi_mv_diphone", "fi", False),
           ("festival-catalan", "festival", "upc_ca_ona_hts", "ca", False),
           ("espeak-en-validation", "espeak-ng", "en-us+f1", "en", True),
           ("espeak-es-validation", "espeak-ng", "es+m5", "es", True),
           ("flite-slt", "flite", "slt", "en", True)]


def lines(voice: str, language: str, count: int) -> list[str]:
    """Draws lines of 3 to 9 words, the same for a voice each time."""
    draw = random.Random(voice)
    return [" ".join(draw.choice(WORDS[language]) for _ in range(draw.randint(3, 9))) for _ in range(count)]


def extend_band(audio: np.ndarray, top: float) -> np.ndarray:
    """Gives speech that ends at `top` Hz the hiss of sibilants above, following the highest band that it has."""
    band = sosfiltfilt(butter(2, [0.6 * top, 0.95 * top], "band", fs=RATE, output="sos"), audio)
    envelope = sosfiltfilt(butter(1, 60, fs=RATE, output="sos"), np.abs(band))
    noise = np.random.default_rng(len(audio)).standard_normal(len(audio))
    noise = sosfiltfilt(butter(2, 0.9 * top, "high", fs=RATE, output="sos"), noise)
    return (audio + 0.8 * np.maximum(envelope, 0) * noise).astype(np.float32)


def read(path: Path) -> np.ndarray:
    audio, rate = soundfile.read(path, dtype="float32")
    if rate != RATE:
        audio = resample_poly(audio, RATE, rate).astype(np.float32)
        audio = extend_band(audio, 0.45 * rate)
    return audio


def speak(voice: tuple, count: int, folder: Path) -> list[np.ndarray]:
    """Renders `count` lines with one of VOICES."""
    name, engine, model, language, _ = voice
    if not shutil.which(engine):
        return []
    texts = lines(name, language, count)
    paths = [folder / f"{name}-{number}.wav" for number in range(count)]
    if engine == "festival":
        script = [f"(voice_{model})", "(Parameter.set 'Duration_Stretch 1.25)"]
        script += [f'(utt.save.wave (utt.synth (Utterance Text "{text}")) "{path}" \'riff)' for text, path in zip(texts, paths)]
        file = folder / f"{name}.scm"
        file.write_text("\n".join(script))
        subprocess.run(["festival", "--batch", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        for text, path in zip(texts, paths):
            command = (["espeak-ng", "-v", model, "-s", "135", "-w", str(path), text] if engine == "espeak-ng"
                       else ["flite", "-voice", model, "--setf", "duration_stretch=1.2", "-t", text, "-o", str(path)])
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [read(path) for path in paths if path.exists() and path.stat().st_size > 1000]
