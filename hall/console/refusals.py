"""What a clerk reads when the hall refuses a page."""

from __future__ import annotations

from collections.abc import Mapping

REFUSALS: Mapping[str, tuple[str, str]] = {
    "not_known": ("没有这一件", "号码可能已不在今天的队列里。请回到排队页面查看。"),
    "not_allowed": ("本件不在您的窗口", "办件只能由叫到它的窗口打开。请回到排队页面查看它在哪个窗口。"),
    "same_person": ("复核要由另一个人来做", "这一件您更正过或提交过，不能由您自己复核。请让另一位同事打开。"),
    "not_free": ("本窗口还有一件没有办完", "先办完手上的这一件，再接着办理复核退回的件。"),
    "not_possible": ("现在不能这样做", "这一件的状态已经变了，刚才的操作没有执行。请回到排队页面看最新情况。"),
    "another_request": ("这个页面已经用过", "同一个按钮不能用来做两件不同的事，刚才的操作没有执行。请重新打开页面。"),
    "audit_unavailable": ("审计记录暂时写不进去", "为保证每一步都有记录，系统现在不办理任何操作。请立即联系管理员。"),
    "not_understood": ("没有看懂这次提交", "刚才的操作没有执行。请回到排队页面重新打开办件。"),
    "413": ("文件太大", "图像不能超过 8 MB，刚才的操作没有执行。"),
    "404": ("没有这个页面", "地址可能写错了。"),
    "500": ("系统出了问题", "刚才的操作可能没有执行，请回到排队页面核对；问题已经记录下来。"),
}


def refusal(code: str) -> tuple[str, str]:
    """A title and what to do, by a refusal's code or an HTTP status."""
    return REFUSALS.get(code, REFUSALS["not_understood"])
