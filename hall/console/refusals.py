"""What a clerk reads when the hall refuses a page."""

from __future__ import annotations

from collections.abc import Mapping

from hall.console.language import say

REFUSALS: Mapping[str, tuple[str, str]] = {
    "not_known": ("没有这一件", "号码可能已不在今天的队列里。请回到排队页面查看。"),
    "not_allowed": ("本件不在您的窗口", "办件只能由叫到它的窗口打开。请回到排队页面查看它在哪个窗口。"),
    "same_person": ("复核要由另一个人来做", "这一件您更正过或提交过，不能由您自己复核。请让另一位同事打开。"),
    "not_free": ("本窗口还有一件没有办完", "先办完手上的这一件，再接着办理复核退回的件。"),
    "not_possible": ("现在不能这样做", "这一件的状态已经变了，刚才的操作没有执行。请回到排队页面看最新情况。"),
    "window_busy": ("本窗口已有一件在办", "一个窗口同时只能办一件，刚才的操作没有执行。请先办完或挂起正在办的一件。"),
    "appointment_moved": ("这个预约已经变了", "它已经到号、取消或过期，刚才的操作没有执行。请重新打开预约页面。"),
    "appointment_taken": ("已有预约", "此人当天已预约同一事项，没有再登记一次。"),
    "document_unreadable": (
        "这份材料读不出来",
        "密钥已经不在，或者内容损坏。其他材料不受影响，请让申请人重新提供。",
    ),
    "another_request": ("这个页面已经用过", "同一个按钮不能用来做两件不同的事，刚才的操作没有执行。请重新打开页面。"),
    "audit_unavailable": ("审计记录暂时写不进去", "为保证每一步都有记录，系统现在不办理任何操作。请立即联系管理员。"),
    "not_understood": ("没有看懂这次提交", "刚才的操作没有执行。请回到排队页面重新打开办件。"),
    "not_permitted": ("这不在您的职责之内", "您的账号没有这一项权限，刚才的操作没有执行。需要时请找安全管理员。"),
    "not_at_window": ("您没有登录窗口", "叫号、办件要在窗口登录以后进行。请退出，重新登录时选择窗口号。"),
    "no_window_for_role": ("这个账号不办理窗口业务", "请重新登录，窗口号选“不在窗口”。"),
    "name_taken": ("这个姓名或工号已经有账号", "刚才的操作没有执行。请换一个，或者修改原来的账号。"),
    "roles_at_odds": ("这两种身份不能由同一个人担任", "安全管理员、审计员与窗口、审批、运维各自分开，刚才的操作没有执行。"),
    "last_security": ("这是最后一个安全管理员", "至少要留一个能管理账号的人，刚才的操作没有执行。"),
    "not_own_account": ("不能修改自己的账号", "自己的身份、密码和停用要由另一位安全管理员办理，刚才的操作没有执行。"),
    "password_weak": ("密码不合要求", "请用至少 12 个字符、不常见、不含姓名的密码。"),
    "too_many_tries": ("连续输错太多", "为安全起见暂停片刻，请稍后再试。"),
    "413": ("文件太大", "图像不能超过 8 MB，刚才的操作没有执行。"),
    "404": ("没有这个页面", "地址可能写错了。"),
    "500": ("系统出了问题", "刚才的操作可能没有执行，请回到排队页面核对；问题已经记录下来。"),
}


def refusal(code: str) -> tuple[str, str]:
    """A title and what to do, by a refusal's code or an HTTP status."""
    title, advice = REFUSALS.get(code, REFUSALS["not_understood"])
    return say(title), say(advice)
