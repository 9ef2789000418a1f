"""The voice: what it says can be heard, is as long as such a call, and is the same for the same call."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from hall import voice
from hall.voice import LANGUAGES, RATE, Call, NoVoice, Voice

CALL = Call("A012", "3")


def heard(languages: Sequence[str], call: Call, prompts: Path | None = None) -> np.ndarray:
    file = asyncio.run(Voice(languages, prompts).say(call))
    with wave.open(io.BytesIO(file)) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (RATE, 2, 1)
        return np.frombuffer(sound.readframes(sound.getnframes()), np.int16)


def seconds(samples: np.ndarray) -> float:
    return len(samples) / RATE


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt((samples.astype(float) ** 2).mean()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_heard_and_as_loud_as_the_others(language: str) -> None:
    samples = heard([language], CALL)
    assert 2 < seconds(samples) < 8
    assert 1500 < loudness(samples) < 8000
    assert np.abs(samples.astype(int)).max() > 28_000


def test_languages_follow_one_another_with_a_breath_between() -> None:
    alone = [seconds(heard([language], CALL)) for language in ("mandarin", "cantonese")]
    assert seconds(heard(["mandarin", "cantonese"], CALL)) == pytest.approx(sum(alone) + voice.GAP_S, abs=0.01)


def test_a_recall_says_so_and_is_longer() -> None:
    assert seconds(heard(["mandarin"], Call("A012", "3", again=True))) > seconds(heard(["mandarin"], CALL)) + 0.4


def test_numbers_are_said_sign_by_sign() -> None:
    words = voice._pinyin(voice._by_sign("A012", LANGUAGES["mandarin"]))
    assert words.split() == ["A", "ling2", "yi1", "er4"]


def test_two_calls_at_once_are_both_made_and_a_repeat_is_the_same_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Call] = []
    spoken = Voice._spoken

    def counted(self: Voice, call: Call) -> bytes:
        made.append(call)
        return spoken(self, call)

    monkeypatch.setattr(Voice, "_spoken", counted)

    async def story() -> list[bytes]:
        speaker = Voice(["cantonese"])
        return await asyncio.gather(*(speaker.say(call) for call in (CALL, Call("A013", "4"), CALL)))

    first, other, again = asyncio.run(story())
    assert first == again != other
    assert made == [CALL, Call("A013", "4")]


def test_recorded_prompts_go_before_the_synthetic_voice_when_none_is_missing(tmp_path: Path) -> None:
    for key in ("please", "a", "0", "1", "2", "to", "3", "window"):
        tone(tmp_path / "mandarin" / f"{key}.wav", 0.3)
    assert seconds(heard(["mandarin"], CALL, tmp_path)) == pytest.approx(8 * 0.3, abs=0.01)
    (tmp_path / "mandarin" / "2.wav").unlink()
    assert seconds(heard(["mandarin"], CALL, tmp_path)) == pytest.approx(seconds(heard(["mandarin"], CALL)), abs=0.01)


def test_a_hall_without_the_program_has_no_voice_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoVoice):
        heard(["mandarin"], CALL)


def tone(path: Path, length_s: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = (np.sin(np.arange(int(RATE * length_s)) / 20) * 9000).astype(np.int16)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
