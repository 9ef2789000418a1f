"""What a terminal cannot do now, in words, for whoever is about to begin a matter that would use it.

A reader is required for every matter; everything else has a way of its own at the counter, so that a camera or a printer
that is out closes nothing and is only told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import assert_never

from flows.flow import Flow
from flows.heartbeat import PartKind
from flows.pictures import Paper, Photo
from flows.words import Words

TOLD: Mapping[PartKind, str] = {
    "camera": "这台终端现在不能拍照，照片到窗口拍。",
    "document_camera": "这台终端现在不能拍材料，材料交给窗口。",
    "page_printer": "这台终端现在不能打印证明，办好后到窗口取。",
    "ticket_printer": "这台终端现在不能打印小票，请记下屏幕上的号码。",
}


def told(say: Words, flow: Flow, lacking: Collection[PartKind]) -> str:
    """Empty when nothing that this matter uses is lacking."""
    sentences = [say(words) for kind, words in TOLD.items() if kind in lacking and _uses(flow, kind)]
    return ("" if say.language == "zh" else " ").join(sentences)


def _uses(flow: Flow, kind: PartKind) -> bool:
    match kind:
        case "camera":
            return _asks_for(flow, Photo)
        case "document_camera":
            return _asks_for(flow, Paper)
        case "page_printer":
            return flow.issues
        case "ticket_printer" | "reader":
            return True
        case "io_board" | "power_supply":
            return False  # no matter is done with it
        case _:
            assert_never(kind)


def _asks_for(flow: Flow, picture: type[Photo] | type[Paper]) -> bool:
    return any(isinstance(field.kind, picture) for field in flow.fields.values())
