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

EVENT: Mapping[str, str] = {
    "visit_opened": "申请人在终端刷证，或由窗口录入号码，向部门查询登记",
    "visit_left": "没有提交就离开或取消，登记内容已清除",
    "records_asked": "向部门查询登记",
    "usage_shown": "本人查看谁查过自己的资料",
    "application_refused": "提交的申请没有通过核对",
    "ticket_issued": "提交申请，取得号码",
    "ticket_replaced": "本人重新提交，原申请作废",
    "ticket_called": "叫号",
    "ticket_recalled": "再次叫号",
    "ticket_missed": "过号",
    "ticket_requeued": "重新排队",
    "ticket_held": "挂起，保留位置",
    "ticket_resumed": "继续办理",
    "ticket_passed_on": "转到其他窗口",
    "ticket_taken": "接着办同一申请人的下一件",
    "ticket_put_forward": "按法定事由优先，或取消优先",
    "ticket_closed": "闭馆时没有叫到",
    "ticket_carried": "当天没有叫到，转入下一个办公日",
    "case_opened": "打开办件，看到登记内容",
    "case_amended": "更正填报内容",
    "case_confirmed": "确认受理",
    "confirmation_held": "受理前核对：与页面所示不同，没有受理",
    "case_returned": "退回补正",
    "case_rejected": "不予受理",
    "case_accepted_lacking": "容缺受理，材料待补齐",
    "case_proposed": "提交复核",
    "case_second_accepted": "第二人复核同意，受理",
    "case_sent_back": "第二人复核退回",
    "case_taken_up": "窗口接着办理复核退回的件",
    "paper_brought": "补齐承诺的材料",
    "promise_followed_up": "承诺逾期后的处理",
    "delivery_step_done": "送交部门的一步完成",
    "delivery_step_failed": "送交部门的一步未成功，将再送",
    "delivery_done": "部门已收到并给出编号",
    "delivery_dead": "多次未送到，停止自动再送",
    "delivery_resent": "人工再送",
    "delivery_reopened": "部门没有这一件，从头再送",
    "delivery_exported": "取出送件材料，由人送交部门",
    "delivery_by_hand": "人工送达，登记部门编号",
    "delivery_numbered_twice": "部门给了第二个编号，以第一个为准",
    "certificate_issued": "大厅当场出具证明",
    "certificate_shown": "调出证明或文书用于打印",
    "certificate_revoked": "证明已撤销",
    "department_decided": "部门作出决定",
    "case_approved": "各部门都已同意，准予",
    "case_refused": "有部门不同意，不予许可",
    "case_making": "部门制证中",
    "case_ready": "证件待领取",
    "case_delivered": "证件已领取或已寄出",
    "progress_heard": "部门告知进度",
    "correction_opened": "提出登记有误",
    "correction_evidence": "为校核附上材料",
    "correction_sent": "请登记部门校核",
    "correction_settled": "窗口说明后了结",
    "correction_by_hand": "改由人工送部门校核",
    "correction_shown": "打开校核单，看到登记内容",
    "correction_answered": "登记部门答复",
    "correction_told": "申请人在终端看到答复",
    "citizen_asked": "请申请人在副屏核对或签名",
    "citizen_answered": "申请人在副屏答复",
    "rating_given": "申请人作了评价（评价内容不在此处）",
    "hand_over_made": "转到部门自己的系统",
    "document_kept": "留存材料",
    "document_original_seen": "核对材料原件",
    "document_shown": "打开留存的材料",
    "document_reused": "本件采用留存的材料",
    "document_withdrawn": "申请人不再同意留存",
    "document_destroyed": "留存期满，销毁材料",
}

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
