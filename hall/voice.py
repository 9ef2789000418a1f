"""Says a call aloud: recorded prompts where the hall has them, else a synthetic voice. Number and window, never a name."""

from __future__ import annotations

import asyncio
import io
import subprocess
import wave
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 22_050
"""Samples a second, of 16 bits, one channel: what espeak-ng gives."""

MOST_KEPT = 200
"""Calls kept in memory, about 150 KB each."""

GAP_S = 0.45
TOP = 0.89
"""Loudest sample, as a share of full scale: every language is heard alike."""

SPEED = "150"
DIGITS = "零一二三四五六七八九"


class NoVoice(Exception):
    """The hall cannot speak now: neither prompts nor espeak-ng."""


@dataclass(frozen=True)
class Call:
    """One call as it is spoken. `again`: the number was called before."""

    number: str
    window: str
    again: bool = False


@dataclass(frozen=True)
class Language:
    """`voice` is espeak-ng's; `spelled`: it reads pinyin rightly and characters wrongly."""

    voice: str
    spelled: bool
    sentence: str
    again: str


LANGUAGES: Mapping[str, Language] = {
    "mandarin": Language("cmn-latn-pinyin", True, "请 {number} 号，到 {window} 号窗口", "再次呼叫，"),
    "cantonese": Language("yue", False, "请 {number} 号，到 {window} 号窗口", "再次呼叫，"),
    "english": Language("en", False, "Number {number}, please go to window {window}", "Again: "),
}


USUAL_VOICES = ("mandarin", "cantonese")


class Voice:
    """Speaks each call once in every language of the hall, one after the other, and remembers the sound.

    `prompts` is a folder with LANGUAGE/KEY.wav (RATE, 16 bits, one channel) for the keys please, to, window, again, each
    digit and each letter; a language without all of them is synthesised.
    """

    def __init__(self, languages: Sequence[str], prompts: Path | None = None) -> None:
        self._languages = tuple(languages)
        self._prompts = prompts
        self._kept: OrderedDict[Call, bytes] = OrderedDict()
        self._speaking = asyncio.Lock()

    async def say(self, call: Call) -> bytes:
        """A WAV file. NoVoice when it cannot be made."""
        async with self._speaking:
            if call not in self._kept:
                self._kept[call] = await asyncio.to_thread(self._spoken, call)
            self._kept.move_to_end(call)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return self._kept[call]

    def _spoken(self, call: Call) -> bytes:
        gap = np.zeros(int(RATE * GAP_S), np.int16)
        parts: list[np.ndarray] = []
        for name in self._languages:
            parts += [self._recorded(name, call) if self._has(name, call) else _synthesised(LANGUAGES[name], call), gap]
        return _wav(np.concatenate(parts[:-1]))

    def _has(self, language: str, call: Call) -> bool:
        folder = self._prompts / language if self._prompts else None
        return folder is not None and all((folder / f"{key}.wav").is_file() for key in _keys(call))

    def _recorded(self, language: str, call: Call) -> np.ndarray:
        assert self._prompts is not None
        return _levelled(
            np.concatenate([_samples((self._prompts / language / f"{key}.wav").read_bytes()) for key in _keys(call)])
        )


def _keys(call: Call) -> list[str]:
    """The prompts of a call in order."""
    again = ["again"] if call.again else []
    return [*again, "please", *call.number.lower(), "to", *call.window, "window"]


def _synthesised(language: Language, call: Call) -> np.ndarray:
    words = language.sentence.format(number=_by_sign(call.number, language), window=_by_sign(call.window, language))
    words = language.again + words if call.again else words
    text = _pinyin(words) if language.spelled else words
    # Nothing of a citizen's is in it: a number and a window, by standard input.
    command = ["espeak-ng", "-v", language.voice, "-s", SPEED, "--stdin", "--stdout"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=20)  # noqa: S603
        return _levelled(_samples(done.stdout))
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as error:
        raise NoVoice from error


def _by_sign(text: str, language: Language) -> str:
    """Sign by sign: A012 is 'A 零 一 二', never 'twelve'."""
    spoken = [DIGITS[int(sign)] if sign.isdecimal() and language.voice != "en" else sign for sign in text]
    return " ".join(spoken)


def _pinyin(words: str) -> str:
    from pypinyin import Style, lazy_pinyin  # a dictionary of its own: only whoever speaks loads it

    return " ".join(lazy_pinyin(words, style=Style.TONE3, neutral_tone_with_five=True))


def _samples(file: bytes) -> np.ndarray:
    # espeak-ng writes to a pipe and so leaves the lengths in the header at their highest: what is there counts.
    with wave.open(io.BytesIO(file)) as sound:
        if (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) != (RATE, 2, 1):
            raise wave.Error("not 22,050 samples of 16 bits on one channel")
        data = sound.readframes(len(file))
    return np.frombuffer(data[: len(data) // 2 * 2], np.int16)


def _levelled(samples: np.ndarray) -> np.ndarray:
    loudest = int(np.abs(samples.astype(np.int32)).max(initial=0))
    if loudest == 0:
        raise NoVoice
    return (samples * (TOP * 32767 / loudest)).astype(np.int16)


def _wav(samples: np.ndarray) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return file.getvalue()
