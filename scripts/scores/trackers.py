"""Who is judged: sfa-analyze and sfa-slice, aubio's command, librosa where it can be imported.

Each gives an Estimate of a sound; what it does not say stays None.
"""
import importlib.util
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

# Krumhansl, "Cognitive foundations of musical pitch", 1990: the profiles that librosa's users match with.
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
TONICS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


@dataclass
class Estimate:
    beats: list | None = None
    downbeats: list | None = None
    bpm: float | None = None
    key: str | None = None
    segments: tuple | None = None
    chords: list | None = None    # (begin, end, name)
    onsets: list | None = None
    document: dict = field(default_factory=dict)   # all that sfa-analyze says, or sfa-slice of drums


def _run(*command) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        print(f"{' '.join(words)}: {done.stderr.strip()}", file=sys.stderr)
    return done.stdout if done.returncode == 0 else ""


def _times(text: str) -> list[float]:
    return [float(line.split()[0]) for line in text.splitlines() if line.strip()]


def attacks(bank: dict) -> list[tuple[float, dict]]:
    """When the slices of a bank sound, and the slices."""
    rate = bank.get("source", {}).get("sample_rate", 1)
    return [(piece.get("attack_frame", piece["begin"]) / rate, piece) for piece in bank.get("slices", [])]


def sfa(sound) -> Estimate:
    if sound.hits:
        bank = json.loads(_run("sfa-slice", sound.path) or "{}")
        return Estimate(onsets=[at for at, _ in attacks(bank)], document=bank)
    document = json.loads(_run("sfa-analyze", sound.path) or "{}")
    if not document:
        return Estimate()
    sections = document.get("sections", [])
    chords = document.get("chords", [])
    intervals = np.array([[section["time"], section["time"] + section["duration"]] for section in sections])
    return Estimate(
        beats=[beat["time"] for beat in document["beats"]],
        downbeats=[beat["time"] for beat in document["beats"] if beat.get("position") == 1],
        bpm=document["tempo"]["bpm"],
        key=document["key"]["name"],
        segments=(intervals, [section["label"] for section in sections]) if sections else None,
        chords=[(chord["time"], chord["time"] + chord["duration"], chord["name"]) for chord in chords],
        document=document)


def aubio(sound) -> Estimate:
    """With the command's own settings, at the rate that they are meant for; the tempo by the median of its beats,
    as `aubio tempo` has it, which says nothing where there are few."""
    def ask(what: str) -> list[float]:
        return _times(_run("aubio", what, "-r", "44100", sound.path))

    if sound.hits:
        return Estimate(onsets=ask("onset"))
    times = ask("beat")
    return Estimate(beats=times, bpm=60.0 / float(np.median(np.diff(times))) if len(times) > 1 else 0.0)


def librosa(sound) -> Estimate:
    """With its defaults; the key by its constant-Q chroma and the profile that correlates best."""
    import librosa as lib
    samples, rate = lib.load(sound.path)
    if sound.hits:
        return Estimate(onsets=[float(time) for time in lib.onset.onset_detect(y=samples, sr=rate, units="time")])
    bpm, times = lib.beat.beat_track(y=samples, sr=rate, units="time")
    key = None
    if sound.key:
        chroma = lib.feature.chroma_cqt(y=samples, sr=rate).mean(1)
        fits = {f"{TONICS[tonic]} {mode}": np.corrcoef(chroma, np.roll(profile, tonic))[0, 1]
                for mode, profile in (("major", MAJOR), ("minor", MINOR)) for tonic in range(12)}
        key = max(fits, key=fits.get)
    return Estimate(beats=[float(time) for time in times], bpm=float(np.ravel(bpm)[0]), key=key)


def at_hand() -> dict:
    """Name and function of each that can run here."""
    found = {"sfa": sfa}
    if shutil.which("aubio"):
        found["aubio"] = aubio
    if importlib.util.find_spec("librosa"):
        found["librosa"] = librosa
    return found


if __name__ == "__main__":   # trackers.py TRACKER FILE: one analysis, for its time to be taken
    from collection import Sound
    at_hand()[sys.argv[1]](Sound(Path(sys.argv[2]), "", key="C major"))
