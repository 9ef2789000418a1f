"""The console's Chinese words for roles, log-ins and what ends them."""

from __future__ import annotations

from collections.abc import Mapping

from hall.console.language import listed, say
from hall.roles import Role
from hall.store.staff import Ended

ROLE: Mapping[Role, str] = {
    Role.CLERK: "窗口人员",
    Role.SUPERVISOR: "审批主管",
    Role.OPERATOR: "运维管理员",
    Role.SECURITY: "安全管理员",
    Role.AUDITOR: "审计员",
}

DUTY: Mapping[Role, str] = {
    Role.CLERK: "叫号、办件、校核",
    Role.SUPERVISOR: "第二人审批、未送达、预约、大厅总览",
    Role.OPERATOR: "终端、设备、部门连接；看不到个人信息",
    Role.SECURITY: "账号、口令、第二因素；看不到个人信息",
    Role.AUDITOR: "查阅、核验、导出审计；不作任何修改",
}

ENDED: Mapping[Ended, str] = {
    Ended.LOGGED_OUT: "您已退出。",
    Ended.IDLE: "15 分钟没有操作，已自动退出。",
    Ended.LONGEST: "登录已满 8 小时，请重新登录。",
    Ended.ELSEWHERE: "您的账号刚在别处登录，这里已退出。不是您本人登录的，请马上告诉安全管理员。",
    Ended.WINDOW_TAKEN: "另一位工作人员刚在这个窗口登录，您已退出。",
    Ended.ACCOUNT: "您的账号刚由安全管理员修改，请重新登录；登录不上时请找安全管理员。",
    Ended.BY_SECURITY: "安全管理员结束了这次登录，请重新登录。",
}

PARKED = "刚才提交的内容没有执行，已替您保存，重新登录后可以继续。"

WEAK: Mapping[str, str] = {
    "short": "密码太短，至少要 12 个字符。一句话也可以。",
    "common": "这个密码太常见，很容易被猜到，请换一个。",
    "name": "密码里不能有姓名或工号。",
    "same": "新密码不能和原来的一样。",
}

DIFFERENT = "两次输入的新密码不一样，请重新输入。"
RESTS = "连续输错，为安全起见暂停片刻，{time} 以后再试。"

PROVIDER: Mapping[str, str] = {
    "away": "统一身份认证现在连接不上，请稍后再试。",
    "discovery": "统一身份认证的地址设置不对，请找运维管理员。",
    "state": "这次登录已经用过或者隔得太久，请重新登录。",
    "code": "统一身份认证没有认可这次登录，请重新登录。",
    "signature": "统一身份认证的答复签名不对，没有采信。请马上告诉安全管理员。",
    "expired": "统一身份认证的答复已经过期，请重新登录。",
    "token": "统一身份认证的答复不完整或不是给本大厅的，没有采信。",
    "name": "统一身份认证没有说明您是谁，请找安全管理员。",
    "role": "您在统一身份认证里没有本大厅的身份，请找安全管理员。",
    "roles": "您在统一身份认证里有两种不能兼任的身份，请找安全管理员。",
    "taken": "本大厅已有同名的本地账号，请找安全管理员。",
    "shut": "您的账号已停用，请找安全管理员。",
}

ACTION: Mapping[str, str] = {
    "confirm": "确认受理",
    "amend": "更正",
    "return": "退回补正",
    "reject": "不予受理",
    "next": "呼叫下一位",
    "recall": "再叫一次",
    "miss": "过号",
    "requeue": "重新排队",
    "corrections": "提出校核",
}
"""By the end of a form's address; whatever is not here is 提交."""

FIELD: Mapping[str, str] = {"reason": "理由", "value": "填写的内容", "claim": "申请人说的内容", "note": "补充说明"}
"""Fields of a form whose text is read back before it is sent again."""


EVENT: Mapping[str, str] = {
    "department_checked": "工程人员检验部门连接",
    "staff_added": "新增账号",
    "staff_roles_set": "修改身份",
    "staff_disabled": "停用账号",
    "staff_enabled": "重新启用账号",
    "staff_password_set": "代设密码，首次登录须修改",
    "staff_password_chosen": "本人设置密码",
    "second_factor_enrolled": "绑定手机，打印备用码",
    "second_factor_reset": "解除手机绑定",
    "recovery_code_used": "用备用码代替验证码",
    "staff_logged_in": "登录",
    "staff_log_in_refused": "登录未成功",
    "staff_log_in_barred": "连续输错，暂停登录",
    "staff_logged_out": "退出",
    "staff_session_ended": "登录被结束",
    "staff_locked": "锁定",
    "staff_unlocked": "解锁",
    "staff_not_permitted": "职责之外的操作被拒绝",
    "audit_exported": "导出审计",
    "appointments_shown": "查看当日预约",
    "appointment_booked": "登记预约",
    "appointment_kept": "按预约到场",
    "appointment_cancelled": "取消预约",
    "call_back_shown": "打开低分评价",
    "call_back_closed": "低分评价回访完毕",
    "reconciliation_asked": "要求重新核对送达",
    "reconciled": "核对送达",
    "screen_opened": "打开副屏",
    "screen_read": "副屏选择文字或字号",
    "terminal_enrolled": "终端登记发证",
    "terminal_revoked": "终端证书吊销",
    "library_collected": "归集部门资料",
    "library_given": "向其他大厅提供基础库资料",
    "library_refused": "拒绝其他大厅调取",
    "library_cleared": "清除过期的归集资料",
    "peer_enrolled": "其他大厅登记发证",
    "peer_revoked": "其他大厅证书吊销",
}
"""Lines of the audit that concern no case; those of a case are hall.console.audit_words.EVENT."""


def roles(held: frozenset[Role]) -> str:
    return listed(say(ROLE[role]) for role in Role if role in held)


def action(name: str) -> str:
    return say(ACTION.get(name, "提交"))
