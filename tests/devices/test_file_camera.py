"""A camera that sees a folder of pictures or a video: new frames, and every thing that may lie there instead."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from PIL import Image

from devices.device import Completion, DeviceError, DeviceStatus
from devices.drivers import SettingsWrong, file_camera, make_camera
from devices.drivers.file_camera import FileCamera
from tests.devices.videos import holds, number_of, video
from tests.patience import SOON_S

Story = Callable[[FileCamera], Coroutine[None, None, None]]


def picture(file: Path, colour: str, kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(made, kind)
    file.write_bytes(made.getvalue())
    return made.getvalue()


def tell(story: Story, path: Path) -> None:
    async def told() -> None:
        camera = FileCamera("camera", str(path))
        await camera.open()
        try:
            async with asyncio.timeout(SOON_S):
                await story(camera)
        finally:
            await camera.close()

    asyncio.run(told())


async def refusal(camera: FileCamera) -> DeviceError:
    with pytest.raises(DeviceError) as refused:
        await camera.frame()
    assert refused.value.retry
    return refused.value


def test_each_frame_is_the_next_picture_of_the_folder(tmp_path: Path) -> None:
    red, blue = picture(tmp_path / "1.jpg", "red"), picture(tmp_path / "2.JPEG", "blue")
    (tmp_path / "notes.txt").write_text("not looked at")

    async def story(camera: FileCamera) -> None:
        assert camera.status().device is DeviceStatus.ONLINE
        assert [await camera.frame() for _ in range(3)] == [red, blue, red]
        green = picture(tmp_path / "3.jpg", "green")
        assert [await camera.frame() for _ in range(2)] == [blue, green]
        (tmp_path / "1.jpg").unlink()
        assert await camera.frame() == blue

    tell(story, tmp_path)


def test_a_png_is_shown_as_a_jpeg(tmp_path: Path) -> None:
    picture(tmp_path / "portrait.png", "teal", "PNG")

    async def story(camera: FileCamera) -> None:
        with Image.open(io.BytesIO(await camera.frame())) as shown:
            assert (shown.format, shown.size) == ("JPEG", (64, 48))

    tell(story, tmp_path)


def test_an_empty_folder_shows_nothing_until_a_picture_lies_there(tmp_path: Path) -> None:
    async def story(camera: FileCamera) -> None:
        refused = await refusal(camera)
        assert (refused.code, refused.technical) == (Completion.DEVICE_NOT_READY, "holds no picture")
        assert camera.status().device is DeviceStatus.NO_DEVICE
        red = picture(tmp_path / "1.jpg", "red")
        assert await camera.frame() == red
        assert camera.status().device is DeviceStatus.ONLINE

    tell(story, tmp_path)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 torn", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_not_handed_on(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "1.jpg").write_bytes(content)

    async def story(camera: FileCamera) -> None:
        refused = await refusal(camera)
        assert (refused.code, refused.technical) == (Completion.INVALID_DATA, "is no picture")
        assert camera.status().device is DeviceStatus.HARDWARE_ERROR

    tell(story, tmp_path)


def test_half_a_jpeg_is_not_handed_on(tmp_path: Path) -> None:
    whole = picture(tmp_path / "1.jpg", "red")
    (tmp_path / "1.jpg").write_bytes(whole[: len(whole) // 2])

    async def story(camera: FileCamera) -> None:
        assert (await refusal(camera)).code is Completion.INVALID_DATA

    tell(story, tmp_path)


def test_a_path_that_is_not_there_is_no_device(tmp_path: Path) -> None:
    async def story(camera: FileCamera) -> None:
        assert camera.status().device is DeviceStatus.NO_DEVICE
        assert (await refusal(camera)).code is Completion.DEVICE_NOT_READY

    tell(story, tmp_path / "none")


def test_a_video_runs_on_and_begins_again_at_its_end(tmp_path: Path) -> None:
    file = video(tmp_path, frames=4, frames_a_second=20)

    async def story(camera: FileCamera) -> None:
        seen = [number_of(await camera.frame())]
        while set(seen) != set(range(4)) or seen == sorted(seen):
            seen.append(number_of(await camera.frame()))

    tell(story, file)


def test_a_video_is_let_go_of_when_nobody_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_camera, "LOOKING_S", 0.1)
    file = video(tmp_path, frames=4, frames_a_second=20)

    async def story(camera: FileCamera) -> None:
        await camera.frame()
        while holds(file):
            await camera.check_health()
        await camera.frame()

    tell(story, file)


def test_a_file_that_is_no_video_is_told(tmp_path: Path) -> None:
    (tmp_path / "video.avi").write_bytes(b"RIFF" + bytes(100))

    async def story(camera: FileCamera) -> None:
        refused = await refusal(camera)
        assert (refused.code, refused.technical) == (Completion.INVALID_DATA, "is no video")

    tell(story, tmp_path / "video.avi")


def test_a_camera_is_made_from_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_camera("file_camera", {"path": str(tmp_path)}).capabilities() == {"path": str(tmp_path)}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert make_camera("file_camera", {"path": str(tmp_path)}).kind == "camera"
    (tmp_path / "video.avi").touch()
    with pytest.raises(SettingsWrong, match="needs OpenCV: pip install opencv-python-headless"):
        make_camera("file_camera", {"path": str(tmp_path / "video.avi")})
