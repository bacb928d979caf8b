"""What is wrong with a set of recordings, before a hall hears it: names, length, silence, level, sample rate.

What a join can put right (silence at the ends, the level of the whole sentence) has wide limits; a clip that is louder
than its neighbours, cut off or distorted is heard in every call.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from statistics import median

from queue_server.speech.loudness import loudness
from queue_server.speech.sound import NotSound, Sound, read_wav

RATES = (16_000, 48_000)
SHORTEST_S, LONGEST_S = 0.1, 6.0
MOST_SILENCE_S = 0.5
QUIETEST, LOUDEST = -35.0, -12.0
"""LUFS."""
APART = 4.0
"""LU from the middle of the set."""
DISTORTED_DB = -0.1


def judge(folder: Path, names: Iterable[str]) -> list[str]:
    """One sentence for each fault, in the order of `names`, then what does not belong there."""
    wanted = list(names)
    faults: list[str] = []
    sounds: dict[str, Sound] = {}
    for name in wanted:
        try:
            sounds[name] = read_wav((folder / f"{name}.wav").read_bytes())
        except FileNotFoundError:
            faults.append(f"{name}.wav is missing.")
        except OSError as error:
            faults.append(f"{name}.wav cannot be read: {error.strerror}.")
        except NotSound as error:
            faults.append(f"{name}.wav cannot be used: {error}.")
    faults += _all_together(sounds)
    faults += [f"{name}.wav {fault}" for name, sound in sounds.items() for fault in _alone(sound)]
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return faults + [f"{name} is none of the recordings." for name in found if name.removesuffix(".wav") not in wanted]


def _all_together(sounds: dict[str, Sound]) -> Iterable[str]:
    rates = sorted({sound.rate for sound in sounds.values()})
    if len(rates) > 1:
        yield f"The recordings have different sample rates: {', '.join(map(str, rates))} Hz."
    levels = {name: level for name, sound in sounds.items() if (level := loudness(sound.trimmed())) > QUIETEST}
    if not levels:
        return
    middle = median(levels.values())
    for name, level in levels.items():
        if abs(level - middle) > APART:
            how = "louder" if level > middle else "quieter"
            yield f"{name}.wav is {abs(level - middle):.0f} LU {how} than the others."


def _alone(sound: Sound) -> Iterable[str]:
    if not RATES[0] <= sound.rate <= RATES[1]:
        yield f"has {sound.rate} samples a second; {RATES[0]} to {RATES[1]} are wanted."
    start, end = sound.talking()
    if not end:
        yield "is silent."
        return
    if not SHORTEST_S <= end - start <= LONGEST_S:
        yield f"is {end - start:.1f} seconds long; {SHORTEST_S} to {LONGEST_S:.0f} are usual."
    if max(start, sound.seconds - end) > MOST_SILENCE_S:
        yield f"has more than {MOST_SILENCE_S} seconds of silence at an end."
    if not start or sound.seconds - end < 1 / sound.rate:
        yield "begins or ends in the middle of a sound: it seems to be cut off."
    if sound.peak_db > DISTORTED_DB:
        yield "is distorted: its loudest samples are cut off."
    level = loudness(sound.trimmed())
    if not QUIETEST <= level <= LOUDEST:
        yield f"has {level:.0f} LUFS; {QUIETEST:.0f} to {LOUDEST:.0f} are wanted, best about -20."
