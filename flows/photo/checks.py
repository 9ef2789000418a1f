"""Whether a shot will do as a document photo. The result is advice: the police photo platform decides."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from PIL import Image, ImageOps

from flows.photo.faces import EYES, Box, Numbers, eye_opening, find_faces, mesh
from flows.photo.file import jpeg_for
from flows.photo.measures import face_box, of_ground, of_head, of_light
from flows.photo.placement import Placement, centre, crown_of, place, roll_of
from flows.photo.sheet import Measure, Sheet, rules_on

MOST_PIXELS = 40_000_000
WORKED_ON_PX = 2400
"""A larger shot is made smaller first: no check needs more."""

Place = Literal["", "face", "eyes", "ground", "glare"]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `words` is a Chinese message id; `box` is where on the shot, x, y, width and
    height in shares of it, None: nowhere in particular."""

    code: str
    words: str
    box: Box | None = None


@dataclass(frozen=True)
class Judged:
    """`picture` is the photo cut to size, also when something is wrong with it; empty: the shot is no picture."""

    faults: tuple[Fault, ...]
    picture: bytes
    facts: Mapping[str, float]


@dataclass(frozen=True)
class Check:
    """What to say when a measure is below or above the sheet's limit."""

    measure: Measure
    below: tuple[str, str]
    above: tuple[str, str]
    place: Place = ""


UNREADABLE = Fault("unreadable", "没有拍到照片，请重新拍摄")
NO_FACE = Fault("no_face", "没有看到脸，请坐到镜头正前方")
SEVERAL = ("several_faces", "画面里不止一个人，请一个人拍摄")
FAR = ("far", "离镜头太远，请往前坐一点")
NEAR = ("near", "离镜头太近，请往后坐一点")
HEAD = ("head", "头部大小不合适，请摘下帽子，压低头发")
OFF_CENTRE = ("off_centre", "没有坐在中间，请坐到画面正中")
ROLL = ("roll", "头歪了，请把头摆正")
YAW = ("yaw", "脸转向了一边，请正对镜头")
BOWED = ("bowed", "头低下去了，请把头抬起来一点")
RAISED = ("raised", "头抬得太高，请把头放低一点")
GROUND_DARK = ("ground_dark", "背景太暗，请打开补光灯，坐到白色背景前")
GROUND_COLOUR = ("ground_colour", "背景不是白色，请坐到白色背景前")
GROUND_UNEVEN = ("ground_uneven", "背景上有影子或杂物，请离背景远一点")
BLURRED = ("blurred", "照片模糊，请坐稳不要动")
DARK = ("dark", "脸上太暗，请面向灯光")
BRIGHT = ("bright", "脸上太亮，请避开强光")
EYES_CLOSED = ("eyes_closed", "眼睛没有睁开，请睁大眼睛")
GLARE = ("glare", "脸上或眼镜上反光，请摘下眼镜，避开强光")
FILE = ("file", "照片文件大小不合适，请重新拍摄")

NOT_SEATED = frozenset({NEAR[0], HEAD[0], OFF_CENTRE[0]})
ONLY_WHEN_SEATED = frozenset({GROUND_DARK[0], GROUND_COLOUR[0], GROUND_UNEVEN[0]})
"""Where the head fills the edges, the ground cannot be judged. Being too near is told alone of NOT_SEATED: it is the cause."""

# In the order in which they are told; one code is told once.
CHECKS = (
    Check("enlarged", below=FAR, above=FAR, place="face"),
    Check("eyes_apart", below=HEAD, above=HEAD, place="face"),
    Check("head_width", below=HEAD, above=HEAD, place="face"),
    Check("head_length", below=HEAD, above=HEAD, place="face"),
    Check("above_head", below=OFF_CENTRE, above=OFF_CENTRE, place="face"),
    Check("eye_line", below=OFF_CENTRE, above=OFF_CENTRE, place="face"),
    Check("aside", below=OFF_CENTRE, above=OFF_CENTRE, place="face"),
    Check("roll", below=ROLL, above=ROLL, place="face"),
    Check("yaw", below=YAW, above=YAW, place="face"),
    Check("pitch", below=RAISED, above=BOWED, place="face"),
    Check("ground", below=GROUND_DARK, above=GROUND_DARK, place="ground"),
    Check("ground_colour", below=GROUND_COLOUR, above=GROUND_COLOUR, place="ground"),
    Check("ground_spread", below=GROUND_UNEVEN, above=GROUND_UNEVEN, place="ground"),
    Check("sharpness", below=BLURRED, above=BLURRED, place="face"),
    Check("exposure", below=DARK, above=BRIGHT, place="face"),
    Check("eyes_open", below=EYES_CLOSED, above=EYES_CLOSED, place="eyes"),
    Check("glare", below=GLARE, above=GLARE, place="glare"),
    Check("bytes", below=FILE, above=FILE),
)


def judge(shot: bytes, sheet: str, day: date, *, child: bool = False) -> Judged:
    """The photo that a shot gives, and all that is wrong with it, the first thing to do first."""
    rules = rules_on(sheet, day)
    image = _opened(shot)
    if image is None:
        return Judged((UNREADABLE,), b"", {})
    faces = sorted(find_faces(image), key=lambda face: -face.box[2])
    if not faces:
        return Judged((NO_FACE,), jpeg_for(centre(image, rules).photo(image), rules)[0], {"faces": 0})
    points = mesh(image, faces[0])
    placement = place(image, points, rules, child=child)
    if len(faces) > 1:
        faults = tuple(Fault(*SEVERAL, _shares(face.box, image)) for face in faces[1:])
        return Judged(faults, jpeg_for(placement.photo(image), rules)[0], {"faces": len(faces)})
    return _judged(image, points, placement, rules, child)


def _judged(image: Image.Image, points: Numbers, placement: Placement, rules: Sheet, child: bool) -> Judged:
    photo = placement.photo(image)
    on_photo = placement.on_photo(points)
    file, quality = jpeg_for(photo, rules)
    ground = of_ground(photo)
    light, shine = of_light(photo, on_photo)
    facts: dict[Measure, float] = {
        "enlarged": placement.scale,
        "roll": abs(roll_of(points)),
        "ground": ground.luminance,
        "ground_colour": ground.colour,
        "ground_spread": ground.spread,
        "eyes_open": min(eye_opening(image, points, eye) for eye in EYES),
        "bytes": len(file),
        "quality": quality,
    }
    facts |= of_head(on_photo, crown_of(photo, on_photo), photo.size) | light
    places: Mapping[Place, Box] = {
        "face": face_box(on_photo),
        "eyes": _eyes(on_photo),
        "ground": ground.odd,
        "glare": shine,
    }
    boxes = {name: _shares(placement.on_shot(box), image) for name, box in places.items()}
    return Judged(
        _faults(facts, placement, boxes, rules, child), file, {"faces": 1.0} | {str(name): fact for name, fact in facts.items()}
    )


def _faults(
    facts: Mapping[Measure, float], placement: Placement, boxes: Mapping[Place, Box], rules: Sheet, child: bool
) -> tuple[Fault, ...]:
    found = {NEAR[0]: Fault(*NEAR, boxes["face"])} if placement.tight else {}
    for check in CHECKS:
        side = rules.span(check.measure, child=child).side(facts[check.measure])
        code, words = check.below if side < 0 else check.above
        if side and not (code in ONLY_WHEN_SEATED and found.keys() & NOT_SEATED) and not (placement.tight and code in NOT_SEATED):
            found.setdefault(code, Fault(code, words, boxes.get(check.place)))
    return tuple(found.values())


def _opened(shot: bytes) -> Image.Image | None:
    """Upright, in RGB and of a size to work on; None when it is no whole picture."""
    try:
        with warnings.catch_warnings(action="ignore"):
            image = Image.open(io.BytesIO(shot), formats=("JPEG", "PNG"))
        if image.width * image.height > MOST_PIXELS:
            return None
        upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    upright.thumbnail((WORKED_ON_PX, WORKED_ON_PX))
    return upright


def _eyes(points: Numbers) -> Box:
    corners = points[[corner for eye in EYES for corner in eye.corners], :2]
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    room = 0.15 * float(right - left)
    return float(left) - room, float(top) - room, float(right - left) + 2 * room, float(bottom - top) + 2 * room


def _shares(box: Box, image: Image.Image) -> Box:
    """Pixels as shares of the shot, cut off at its edges."""
    left, top = max(box[0] / image.width, 0.0), max(box[1] / image.height, 0.0)
    right, bottom = min((box[0] + box[2]) / image.width, 1.0), min((box[1] + box[3]) / image.height, 1.0)
    return left, top, max(right - left, 0.0), max(bottom - top, 0.0)
