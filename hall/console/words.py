"""The console's words for every closed set it shows. The tables are Chinese and said where they are shown; functions say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.application import Action, Assurance, Decision, Outcome, SourceKind, Status
from flows.compare import DifferenceKind
from flows.correction import CorrectionState
from flows.dispute import DISPUTE_REASONS, SETTLEMENTS
from flows.lacking import LACKING
from flows.reasons import REASONS
from hall.case import Due
from hall.console.language import bracketed, say
from hall.libraries.measure import Standing

STATUS: Mapping[Status, str] = {
    Status.SUBMITTED: "等候",
    Status.CALLED: "审核中",
    Status.HELD: "挂起",
    Status.NO_SHOW: "过号",
    Status.RETURNED: "已退回补正",
    Status.NOT_ACCEPTED: "不予受理",
    Status.ACCEPTED: "已受理",
    Status.ISSUED: "当场办结",
    Status.APPROVED: "准予",
    Status.REFUSED: "不予许可",
    Status.MAKING: "制证中",
    Status.READY: "待领取",
    Status.DELIVERED: "已领取",
    Status.REPLACED: "已重新提交",
    Status.TO_APPROVE: "待复核",
    Status.SENT_BACK: "复核退回",
}

ACTION: Mapping[Action, str] = {
    Action.CALL: "叫号",
    Action.RECALL: "再叫一次",
    Action.MISS: "过号",
    Action.REQUEUE: "重新排队",
    Action.HOLD: "挂起",
    Action.RESUME: "继续办理",
    Action.PASS_ON: "转到其他窗口",
    Action.TAKE: "接着办",
    Action.PRIORITY: "优先",
    Action.CLOSE: "闭馆未办",
    Action.AMEND: "更正",
    Action.CONFIRM: "确认受理",
    Action.RETURN: "退回补正",
    Action.REJECT: "不予受理",
    Action.ACCEPT_LACKING: "容缺受理",
    Action.PROPOSE: "提交复核",
    Action.APPROVE: "复核同意，受理",
    Action.SEND_BACK: "复核退回",
    Action.TAKE_UP: "接着办理",
    Action.BRING: "补齐材料",
    Action.FOLLOW_UP: "逾期处理",
}

DIFFERENCE: Mapping[DifferenceKind, str] = {
    DifferenceKind.CONFLICT: "冲突",
    DifferenceKind.IN_DOUBT: "存疑",
    DifferenceKind.OLD_VALUE: "旧值",
    DifferenceKind.CUT: "被截断",
    DifferenceKind.SPELLING: "写法不同",
    DifferenceKind.MISSING: "缺",
}

OUTCOME: Mapping[Outcome, str] = {
    Outcome.NOT_ASKED: "未查询",
    Outcome.NO_ANSWER: "未答复",
    Outcome.NO_RECORD: "查无记录",
    Outcome.RECORD: "已返回",
}

COLLECTED = "归集资料"
"""Instead of an outcome: the department is silent, and what was collected of it is shown."""

REASON: Mapping[str, str] = {
    "late": "超时",
    "down": "连接不上",
    "busy": "查询太多，没有排到",
    "untrusted": "证书不可信",
    "refused": "不接受大厅的查询",
    "garbled": "返回内容无法识别",
    "wrong_person": "返回的不是本人",
    "no_key": "没有可用来查询的号码",
    "not_shared": "不予共享",
    "not_for_matter": "不供本事项使用",
    "not_in_force": "不在共享有效期内",
    "resting": "连续失败，暂停查询",
    "not_there": "部门给了编号但回读不到",
    "differs": "部门收到的内容与送出的不一致",
    "no_target": "没有配置送达地址",
    "broken": "系统出了问题",
}

SOURCE: Mapping[SourceKind, str] = {
    SourceKind.CARD: "证件",
    SourceKind.DEPARTMENT: "登记",
    SourceKind.CITIZEN: "本人填写",
    SourceKind.RULE: "规则得出",
    SourceKind.CLERK: "窗口更正",
    SourceKind.COUNTER: "留给窗口",
    SourceKind.LIBRARY: "归集资料",
    SourceKind.KEPT: "留存材料",
}

STANDING: Mapping[Standing, str] = {
    Standing.NEVER: "尚未归集",
    Standing.TOO_OLD: "已过期，不再使用",
    Standing.FAILING: "归集失败",
    Standing.COLLECTING: "正在归集",
    Standing.WELL: "正常",
}

COLLECTION_PROBLEM: Mapping[str, str] = {
    "late": "超时",
    "down": "连接不上",
    "untrusted": "证书不可信",
    "refused": "部门拒绝访问",
    "garbled": "返回内容无法识别",
    "endless": "一直没有结束",
    "too_large": "内容过大",
    "empty": "返回空表，等待再次确认",
    "overtaken": "部门改送全部数据，重新归集",
    "broken": "系统出了问题",
}

ASSURANCE: Mapping[Assurance, str] = {
    Assurance.SAM: "证件由安全模块读取",
    Assurance.CHIP: "芯片未经安全模块验证，请核对证件原件",
    Assurance.NONE: "号码为手工输入，请核验身份证原件",
}

CARD_WARNING: Mapping[str, str] = {
    "name_may_be_cut": "证件上的姓名可能不完整，请核对",
    "address_may_be_cut": "证件上的住址可能不完整，请核对",
    "undecodable_text": "证件上有无法识别的字，请核对原件",
    "unknown_code": "证件上有未知代码，请核对原件",
    "private_use_character": "证件上有造字区的生僻字，屏幕上可能显示为方框，请核对原件",
    "appended_address_unread": "证件上追加的住址没有读出，住址可能不是最新的",
    "issuer_unknown": "没有核验证件的签发者，请核对原件",
    "birth_differs_from_number": "证件上的出生日期与公民身份号码不一致，请核对",
    "not_yet_valid": "证件的有效期尚未开始，或终端的日期不对，请核对",
}

DOUBT: Mapping[str, str] = {
    "in_inquiry": "部门正在核查",
    "lost_character": "有的字没有传过来，显示为问号",
    "move_pending": "住址迁移正在办理",
    "reported_lost": "证件已经挂失",
    "true": "部门没有说明原因",
    "twice": "部门有两条登记，内容不同",
    "unconfirmed": "本人还没有确认",
    "under_review": "部门正在复核",
    "unknown_code": "部门给的代码不在代码表里",
}
"""Why a record is in doubt: what `[codes.doubt]` of a department may say, and what the hall itself found."""

CORRECTION: Mapping[CorrectionState, str] = {
    CorrectionState.OPEN: "待处理",
    CorrectionState.SENT: "等部门核实",
    CorrectionState.CORRECTED: "部门已更正",
    CorrectionState.UPHELD: "部门维持登记",
    CorrectionState.NEEDS_MORE: "部门要补材料",
    CorrectionState.SETTLED: "窗口已说明",
}

STEP: Mapping[str, str] = {
    "accept": "送交部门",
    "read_back": "回读核对",
    "approval": "部门审批",
    "outcome": "告知结果",
    "request": "送交部门",
    "answer": "部门核实",
}

VERDICT: Mapping[str, str] = {"agreed": "同意", "refused": "不同意", "withdrawn": "不再需要审批"}

TERM: Mapping[str, str] = {"working_days": "{number} 个工作日，自受理次日起", "days": "{number} 日，自受理次日起"}


def verdict(number: str) -> str:
    """What a department decided, from the step that keeps it: a word, perhaps with the department's own reason code."""
    word, _, code = number.partition(" ")
    reason = REASONS.get(code.upper())
    why = say(reason.words) if reason else code
    return bracketed(say(VERDICT.get(word, word)), why)


def due(due: Due) -> str:
    """办结期限 as a citizen is told it, in the unit of the law."""
    term = say(TERM[due.term.unit], number=due.term.number)
    if due.day is None:
        return say("办理期限 {term}；期限内的节假日安排尚未公布，暂不能算出日期", term=term)
    return say("应于 {day} 前办结（{term}）", day=due.day.isoformat(), term=term)


def reason(code: str) -> str:
    """A look-up's reason in words; one we have no words for is shown as its code."""
    return say(REASON.get(code, code))


def doubt(code: str) -> str:
    """A department's own words for its doubt stay as they are."""
    return say(DOUBT.get(code, code)) if code else ""


def disputed_because(code: str) -> str:
    """Why a record is said to be wrong, as clerks and departments read it."""
    found = DISPUTE_REASONS.get(code)
    return say(found.formal) if found else code


def settled_because(code: str) -> str:
    found = SETTLEMENTS.get(code)
    return say(found.words) if found else code


def followed_up(code: str) -> str:
    """What was done about a promise that was not kept."""
    found = LACKING.follow_ups.get(code)
    return say(found.words) if found else code


def promised(decisions: Iterable[Decision], code: str) -> str:
    """What a promised paper was called when it was promised."""
    promises = [decision.promise for decision in decisions if decision.promise]
    return say(next((dict(zip(one.papers, one.words, strict=True))[code] for one in promises if code in one.papers), code))
