"""The camera of this machine, with a video file in its place: OpenCV reads both in the same way."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from devices.device import Completion, DeviceError, DeviceStatus
from devices.drivers import SettingsWrong, make_camera
from tests.devices.videos import holds, number_of, video
from tests.patience import SOON_S

pytest.importorskip("cv2", reason="OpenCV is not installed")

from devices.drivers import v4l2
from devices.drivers.v4l2 import V4l2Camera

Story = Callable[[V4l2Camera], Coroutine[None, None, None]]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(v4l2, "REOPEN_S", (0.05,))
    monkeypatch.setattr(v4l2, "WATCH_S", 0.05)


def tell(story: Story, device: Path) -> None:
    async def told() -> None:
        camera = V4l2Camera("camera", str(device), None)
        await camera.open()
        try:
            async with asyncio.timeout(SOON_S):
                await story(camera)
        finally:
            await camera.close()

    asyncio.run(told())


async def until(camera: V4l2Camera, status: DeviceStatus) -> None:
    changes = camera.events()
    while camera.status().device is not status:
        await anext(changes)


def test_frames_are_new_ones_each_time(tmp_path: Path) -> None:
    async def story(camera: V4l2Camera) -> None:
        assert camera.status().device is DeviceStatus.ONLINE
        numbers = [number_of(await camera.frame()) for _ in range(5)]
        assert numbers == sorted(set(numbers))

    tell(story, video(tmp_path, frames=5000, frames_a_second=30))


def test_the_camera_is_held_only_while_somebody_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(v4l2, "LOOKING_S", 0.2)
    device = video(tmp_path, frames=5000, frames_a_second=30)

    async def story(camera: V4l2Camera) -> None:
        assert not holds(device)
        assert (await camera.check_health()).device is DeviceStatus.ONLINE
        assert not holds(device)
        await camera.frame()
        while holds(device):
            await camera.check_health()
        await camera.frame()

    tell(story, device)


def test_a_camera_that_stops_giving_pictures_is_broken_and_comes_back_by_itself(tmp_path: Path) -> None:
    async def story(camera: V4l2Camera) -> None:
        await camera.frame()
        await until(camera, DeviceStatus.HARDWARE_ERROR)  # the end of the video
        await until(camera, DeviceStatus.ONLINE)
        await camera.frame()

    tell(story, video(tmp_path, frames=30, frames_a_second=30))


def test_a_camera_pulled_out_is_no_device_and_is_taken_again_when_it_comes(tmp_path: Path) -> None:
    device = video(tmp_path, frames=30, frames_a_second=30)

    async def story(camera: V4l2Camera) -> None:
        await camera.frame()
        device.rename(tmp_path / "away")
        await until(camera, DeviceStatus.NO_DEVICE)
        with pytest.raises(DeviceError) as refused:
            await camera.frame()
        assert (refused.value.code, refused.value.retry) == (Completion.DEVICE_NOT_READY, True)
        (tmp_path / "away").rename(device)
        await until(camera, DeviceStatus.ONLINE)
        await camera.frame()

    tell(story, device)


def test_a_camera_that_hangs_is_given_up_in_time_and_is_busy_until_it_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(v4l2, "FRAME_S", 0.3)
    device = tmp_path / "video"
    os.mkfifo(device)  # opening it waits for somebody at its other end

    async def story(camera: V4l2Camera) -> None:
        with pytest.raises(DeviceError) as refused:
            await camera.frame()
        assert (refused.value.code, refused.value.retry) == (Completion.TIME_OUT, True)
        assert camera.status().device is DeviceStatus.DEVICE_BUSY
        other_end = os.open(device, os.O_RDWR | os.O_NONBLOCK)
        device.unlink()
        os.close(other_end)
        await until(camera, DeviceStatus.NO_DEVICE)

    tell(story, device)


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero"])
def test_a_device_that_is_no_camera_is_told_and_frames_are_refused(device: str) -> None:
    async def story(camera: V4l2Camera) -> None:
        with pytest.raises(DeviceError) as refused:
            await camera.frame()
        assert (refused.value.code, refused.value.technical) == (Completion.HARDWARE_ERROR, "cannot be opened as a camera")
        assert camera.status().device is DeviceStatus.HARDWARE_ERROR

    tell(story, Path(device))


def test_a_camera_is_made_from_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_camera("v4l2", {"device": "/dev/video0", "size": "1280x720"}).capabilities() == {"device": "/dev/video0"}
    with pytest.raises(SettingsWrong, match="large is no size of a picture"):
        make_camera("v4l2", {"device": "/dev/video0", "size": "large"})
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingsWrong, match="v4l2 needs OpenCV: pip install opencv-python-headless"):
        make_camera("v4l2", {"device": "/dev/video0"})
