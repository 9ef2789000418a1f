"""The camera's page as views: look into it, look at what it took, and what to do when it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flows.application import Attached
from flows.flow import Field, Page
from flows.kept import KINDS, Keeping, Offer, kind_of, rule
from flows.pictures import Paper, Photo
from kiosk.draft import Draft
from kiosk.present import Look, frame
from kiosk.view import Button, Mark, Tone, View

MOST_SAID = 3
"""Nobody mends more at once."""
SEVERAL_FAILURES = 2


@dataclass(frozen=True)
class Scene:
    """The page that wants one picture; `child`: of a child, whose face is measured otherwise."""

    draft: Draft
    page: Page
    field: Field
    child: bool = False

    @property
    def is_portrait(self) -> bool:
        return isinstance(self.field.kind, Photo)


@dataclass(frozen=True)
class Wrong:
    """What speaks against a shot, in words (Chinese message ids) and places."""

    shot: bytes
    words: tuple[str, ...]
    marks: tuple[Mark, ...] = ()


def scene_of(draft: Draft, page: Page, *, child: bool = False) -> Scene | None:
    """A page of a single photo or paper is the camera's; on any other page nothing is photographed."""
    match page.fields:
        case (field,) if isinstance(field.kind, Photo | Paper):
            return Scene(draft, page, field, child)
        case _:
            return None


def live_view(look: Look, scene: Scene, picture: bytes) -> View:
    """What the camera sees now; until it sees anything, nothing can be taken. In large text the picture needs the
    room, and the button says the same."""
    say = look.words
    points = () if look.large else (say("不想在这里拍，可以留给窗口"),)
    take = (Button("take", say("拍照"), main=True),) if picture else ()
    lead = scene.page.lead if picture else "正在打开相机，请稍候"
    parts: dict[str, Any] = {"picture": picture, "points": points, "guide": "portrait" if scene.is_portrait else "page"}
    return _view(look, scene, scene.page.title, lead, (_leave(look), *take), **parts)


def checking_view(look: Look, scene: Scene, shot: bytes) -> View:
    return _view(look, scene, "正在检查，请稍候", "", (), picture=shot)


def fetching_view(look: Look, scene: Scene) -> View:
    return _view(look, scene, "正在取回留存的图像", "请稍候", ())


def kept_view(look: Look, scene: Scene, offer: Offer, picture: bytes) -> View:
    """What the hall kept with this person's consent, and since when: theirs to take again or not."""
    say = look.words
    buttons = (Button("again", say("重新拍")), Button("use_kept", say("用这张"), main=True))
    title = "您拍过照片，还可以用" if scene.is_portrait else "您交过这份材料，还可以用"
    lead = "{day} 在本大厅拍的" if scene.is_portrait else "{day} 在本大厅留存的"
    until = (say("{day} 以前都可以再用", day=offer.until.isoformat()),) if offer.until else ()
    matter = (say("当时办的是：{matter}", matter=say(offer.matter)),) if offer.matter else ()
    view = _view(look, scene, title, "", buttons, picture=picture, tone=Tone.GOOD, points=(*matter, *until))
    return replace(view, lead=say(lead, day=offer.seen_on.isoformat()))


def taken_view(look: Look, scene: Scene, taken: Attached) -> View:
    """What will be handed in, for the citizen to agree; to let the hall keep it is a button of its own."""
    say, picture = look.words, taken.content
    keep = _may_be_kept(scene, taken)
    agree = (Button("use_and_keep", say("留着下次用")),) if keep else ()
    buttons = (Button("again", say("重拍")), *agree, Button("use", say("就用这张"), main=True))
    points = (say("点“留着下次用”，就是同意大厅保存，以后办事再用；随时可以要求删除"),) if keep else ()
    lead = "最后由发证机关审定" if scene.is_portrait else "字都看得清，就用这张"
    title = "这张照片可以用" if scene.is_portrait else "请看拍得清不清楚"
    tone = Tone.PLAIN if keep else Tone.GOOD  # a good screen ticks what it says: a consent is never ticked beforehand
    return _view(look, scene, title, lead, buttons, picture=picture, tone=tone, points=points, back=not keep)


def _may_be_kept(scene: Scene, taken: Attached) -> bool:
    """Whether the rule of its kind lets the citizen agree to that, and it is not kept already."""
    code, known = kind_of(scene.field), scene.draft.begin
    return taken.digest not in known.kept and code in KINDS and rule(code, known.today).keeping is Keeping.REUSE


def wrong_view(look: Look, scene: Scene, wrong: Wrong, failures: int) -> View:
    """What to do otherwise; whoever failed several times is sent to a person."""
    say = look.words
    several = failures >= SEVERAL_FAILURES
    again = Button("again", say("再拍一张"), main=not several)
    buttons = (again, _leave(look, main=True)) if several else (_leave(look), again)
    words = tuple(say(each) for each in wrong.words[:MOST_SAID])
    points = (*words, say("试了几次都不行？留给窗口，工作人员帮您拍")) if several else words
    parts: dict[str, Any] = {"picture": wrong.shot, "marks": wrong.marks, "points": points, "tone": Tone.CARE}
    return _view(look, scene, "这张还不能用", "", buttons, **parts)


def no_camera_view(look: Look, scene: Scene, *, fitted: bool) -> View:
    again = (Button("again", look.words("再试一次")),) if fitted else ()
    lead = "相机暂时不能使用。请继续办理，到窗口再拍"
    return _view(look, scene, scene.page.title, lead, (*again, _leave(look, main=True)), tone=Tone.CARE)


def _leave(look: Look, *, main: bool = False) -> Button:
    return Button("leave", look.words("留给窗口拍"), main=main)


def _view(
    look: Look, scene: Scene, title: str, lead: str, buttons: tuple[Button, ...], *, back: bool = True, **parts: Any
) -> View:
    """Without `back` where another button leads to a screen that has it: five side by side could not be read."""
    say, draft = look.words, scene.draft
    step_back = (Button("back", say("上一步")),) if back and draft.can_go_back else ()
    ways_out = (Button("quit", say("不办了")), *step_back) if buttons else ()
    return frame(
        look,
        "photo",
        title,
        lead,
        buttons=(*ways_out, *buttons),
        step=draft.step,
        steps=draft.steps,
        step_words=say("第 {step} 步，共 {steps} 步", step=draft.step, steps=draft.steps),
        **parts,
    )
