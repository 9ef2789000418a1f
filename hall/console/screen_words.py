"""The words of the citizen's screen, in the two languages of the terminal, and of the clerk's panel, as messages."""

from __future__ import annotations

from collections.abc import Mapping

from flows.words import FOLDER, read_catalogue
from hall.store.screens import Asking, Reply

ENGLISH = read_catalogue(FOLDER / "en")
"""The words of matters; the terminal says them too."""

ZH: Mapping[str, str] = {
    "window": "号窗口",
    "idle": "请稍候",
    "idle_more": "叫到您的号码时，请到本窗口",
    "away": "本窗口暂停服务",
    "away_more": "请到其他窗口，或稍候片刻",
    "welcome": "您好，请坐",
    "welcome_more": "工作人员正在为您办理",
    "right": "谢谢您的核对",
    "wrong": "已告诉工作人员",
    "wrong_more": "请当面说明哪里有问题",
    "signed": "谢谢，签名已收到",
    "reply_more": "请稍候，工作人员继续为您办理",
    "look": "请核对您的申请",
    "look_more": "有问题的地方，请点一下那一行",
    "further": "下面还有",
    "nothing": "没有填写",
    "attached": "已附上",
    "yes": "内容无误",
    "no": "有问题",
    "sign": "请在框内签名",
    "again": "重写",
    "done": "签好了",
    "rate": "您对这次服务满意吗？",
    "rate_more": "自愿评价，不署名；窗口工作人员看不到您的评价",
    "skip": "不评价",
    "low": "哪里让您不满意？（可以不选）",
    "call": "请回访我",
    "call_more": "勾选后，主管人员才会知道您是谁，并与您联系",
    "send": "提交评价",
    "back": "返回",
    "thanks": "感谢您的评价",
    "bigger": "大字",
    "smaller": "标准字",
    "other": "English",
    "cut": "与大厅的连接中断",
    "cut_more": "请稍候，工作人员会为您继续办理",
    "not_sent": "没有送出，请再按一次",
    "number": "号码",
    "letter": "字",
    "staff": "工作人员：连接副屏",
}

EN: Mapping[str, str] = {
    "window": "Window",
    "idle": "Please wait",
    "idle_more": "Come to this window when your number is called",
    "away": "This window is closed for the moment",
    "away_more": "Please go to another window, or wait a little",
    "welcome": "Welcome, please sit down",
    "welcome_more": "We are working on your application",
    "right": "Thank you for checking",
    "wrong": "The clerk has been told",
    "wrong_more": "Please tell the clerk what is wrong",
    "signed": "Thank you, we have your signature",
    "reply_more": "One moment please, the clerk goes on",
    "look": "Please check your application",
    "look_more": "Touch a line that is not right",
    "further": "More below",
    "nothing": "Left empty",
    "attached": "Attached",
    "yes": "All correct",
    "no": "Something is wrong",
    "sign": "Please sign in the box",
    "again": "Start again",
    "done": "Done",
    "rate": "How was our service?",
    "rate_more": "Voluntary and anonymous; the clerk cannot see your rating",
    "skip": "No, thank you",
    "low": "What was not good? (optional)",
    "call": "Please call me back",
    "call_more": "Only then will a supervisor learn who you are, and contact you",
    "send": "Send rating",
    "back": "Back",
    "thanks": "Thank you for your rating",
    "bigger": "Larger text",
    "smaller": "Normal text",
    "other": "中文",
    "cut": "Connection to the hall is lost",
    "cut_more": "One moment please, the clerk will go on",
    "not_sent": "Not sent, please press again",
    "number": "Number",
    "letter": "A",
    "staff": "Staff: connect the second screen",
}

SAID: Mapping[str, Mapping[str, str]] = {"zh": ZH, "en": EN}

ASKING: Mapping[Asking, str] = {Asking.LOOK: "核对申请内容", Asking.SIGN: "签名"}

REPLY: Mapping[Reply, str] = {
    Reply.OPEN: "等申请人回答",
    Reply.RIGHT: "内容无误",
    Reply.WRONG: "内容有问题",
    Reply.SIGNED: "已签名，待采用",
    Reply.TAKEN: "签名已采用",
    Reply.WITHDRAWN: "已收回",
}
