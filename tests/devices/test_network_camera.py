"""A network camera over real HTTP: single pictures and MJPEG, and everything that a camera does wrong."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from devices.device import Completion, DeviceError, DeviceStatus
from devices.drivers import SettingsWrong, make_camera, network_camera, network_camera_line
from devices.drivers.network_camera import NetworkCamera
from devices.drivers.network_camera_line import CameraNonsense, Parts
from devices.simulators.camera import STREAM_PATH, CameraFault, CameraSimulator, view
from tests.patience import SOON_S

Story = Callable[[NetworkCamera], Coroutine[None, None, None]]


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[CameraSimulator]:
    simulator = CameraSimulator(tmp_path, usual="lyu")
    yield simulator
    simulator.gone()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline of a picture, short enough to be waited for."""
    monkeypatch.setattr(network_camera_line, "ANSWER_S", 0.2)


def tell(story: Story, url: str) -> None:
    async def told() -> None:
        camera = NetworkCamera("camera", url)
        await camera.open()
        try:
            async with asyncio.timeout(SOON_S):
                await story(camera)
        finally:
            await camera.close()

    asyncio.run(told())


async def refusal(camera: NetworkCamera) -> DeviceError:
    with pytest.raises(DeviceError) as refused:
        await camera.frame()
    assert refused.value.retry
    return refused.value


async def frames_for_ever(camera: NetworkCamera) -> None:
    while True:
        await camera.frame()


@pytest.mark.parametrize("path", ["/portrait", STREAM_PATH])
def test_frames_are_what_is_before_the_camera(simulator: CameraSimulator, tmp_path: Path, path: str) -> None:
    async def story(camera: NetworkCamera) -> None:
        assert camera.status().device is DeviceStatus.ONLINE
        assert await camera.frame() == view("lyu")
        (tmp_path / "before").write_text("nobody")
        while await camera.frame() != view("nobody"):
            pass

    view("nobody")
    tell(story, simulator.address + path)


def test_a_camera_that_is_not_there_is_a_status_and_comes_back_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_camera, "REOPEN_S", (0.05,))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    async def story(camera: NetworkCamera) -> None:
        assert camera.status().device is DeviceStatus.NO_DEVICE
        assert (await refusal(camera)).code is Completion.DEVICE_NOT_READY
        simulator = CameraSimulator(tmp_path, port)
        try:
            changes = camera.events()
            while camera.status().device is not DeviceStatus.ONLINE:
                await anext(changes)
            assert await camera.frame() == view("nobody")
        finally:
            simulator.gone()

    tell(story, f"http://127.0.0.1:{port}/portrait")


@pytest.mark.usefixtures("impatient")
def test_a_camera_that_hangs_is_given_up_in_time(simulator: CameraSimulator, tmp_path: Path) -> None:
    async def story(camera: NetworkCamera) -> None:
        (tmp_path / "fault").write_text(CameraFault.HANGS)
        assert (await refusal(camera)).code is Completion.TIME_OUT
        assert camera.status().device is DeviceStatus.HARDWARE_ERROR
        (tmp_path / "fault").unlink()
        assert await camera.frame() == view("lyu")
        assert camera.status().device is DeviceStatus.ONLINE

    view("lyu")
    tell(story, f"{simulator.address}/portrait")


@pytest.mark.parametrize(
    ("fault", "words"), [(CameraFault.WRONG_TYPE, "answers 200 text/html"), (CameraFault.TRUNCATED, "not a whole JPEG")]
)
def test_what_is_no_picture_is_not_handed_on(simulator: CameraSimulator, tmp_path: Path, fault: str, words: str) -> None:
    async def story(camera: NetworkCamera) -> None:
        (tmp_path / "fault").write_text(fault)
        refused = await refusal(camera)
        assert (refused.code, refused.technical) == (Completion.INVALID_DATA, words)
        assert camera.status().device is DeviceStatus.HARDWARE_ERROR
        (tmp_path / "fault").unlink()
        assert (await camera.check_health()).device is DeviceStatus.ONLINE

    tell(story, f"{simulator.address}/portrait")


@pytest.mark.parametrize("path", ["/portrait", STREAM_PATH])
def test_a_camera_that_goes_in_the_middle_is_told_and_never_shown_on(simulator: CameraSimulator, path: str) -> None:
    async def story(camera: NetworkCamera) -> None:
        await camera.frame()
        simulator.gone()
        with pytest.raises(DeviceError):
            await frames_for_ever(camera)
        assert camera.status().device in (DeviceStatus.NO_DEVICE, DeviceStatus.HARDWARE_ERROR)

    tell(story, simulator.address + path)


def test_a_frame_that_nobody_waits_for_any_more_does_not_hinder_the_next(simulator: CameraSimulator) -> None:
    async def story(camera: NetworkCamera) -> None:
        asking = asyncio.ensure_future(camera.frame())
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking])
        assert await camera.frame() == view("lyu")

    tell(story, f"{simulator.address}/portrait")


def test_a_camera_that_hangs_up_after_every_picture_is_asked_again(simulator: CameraSimulator) -> None:
    async def story(camera: NetworkCamera) -> None:
        for _ in range(3):
            assert await camera.frame() == view("lyu")

    simulator.hangs_up = True
    tell(story, f"{simulator.address}/portrait")


def test_a_picture_without_end_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_camera_line, "MOST_BYTES", 100)
    with pytest.raises(CameraNonsense, match="more than 100 bytes"):
        Parts("x").feed(b"a" * 101)


def test_pictures_are_found_in_a_stream_that_comes_byte_by_byte() -> None:
    parts, found = Parts("--mark"), []
    for picture in (b"one", b"", b"three"):
        for byte in b"--mark\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n" % (len(picture), picture):
            parts.feed(bytes([byte]))
            if (part := parts.take()) is not None:
                found.append(part)
    assert found == [b"one", b"", b"three"]


def test_a_stream_that_does_not_say_how_long_its_pictures_are_is_cut_at_the_marks() -> None:
    parts = Parts("mark")
    parts.feed(b"--mark\r\nContent-Type: image/jpeg\r\n\r\none")
    assert parts.take() is None
    parts.feed(b"\r\n--mark\r\nContent-Type: image/jpeg\r\n\r\ntwo\r\n--mark")
    assert [parts.take(), parts.take(), parts.take()] == [b"one", b"two", None]


def test_a_camera_is_made_from_its_settings() -> None:
    camera = make_camera("network_camera", {"url": "http://camera/shot", "id": "portrait camera"})
    assert (camera.id, camera.kind) == ("portrait camera", "camera")
    with pytest.raises(SettingsWrong, match="http://"):
        make_camera("network_camera", {"url": "rtsp://camera"})
    with pytest.raises(SettingsWrong, match="needs url"):
        make_camera("network_camera", {})
