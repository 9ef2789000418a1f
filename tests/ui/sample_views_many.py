"""Views with much on them: ten matters, many choices, three buttons."""

from __future__ import annotations

from dataclasses import replace

from kiosk.view import Button, Line, Pick, View
from kiosk.without import TOLD
from kiosk.words import all_words
from tests.ui.sample_frame import BACK, NEXT, frame, steps

MATTERS = (
    Pick("hk-macau-permit", "往来港澳通行证", "签注、换发、补发，约 5 分钟"),
    Pick("passport", "普通护照", "首次申请、换发、补发，约 6 分钟"),
    Pick("taiwan-permit", "往来台湾通行证", "签注、换发、补发，约 5 分钟"),
    Pick("residence-endorsement", "居住证签注", "每年一次，约 2 分钟"),
    Pick("social-insurance", "社会保险参保证明", "当场打印，约 1 分钟"),
    Pick("no-record", "无犯罪记录证明", "约 3 分钟"),
    Pick("resident-card", "居民身份证换领", "", "今天系统维护，请到 3 号窗口办理"),
    Pick("household-extract", "户籍证明", "约 2 分钟"),
    Pick("moving-house", "搬家一件事", "居住证、社会保险、行驶证地址一次改好"),
    Pick("specimen", "样例事项", "约 1 分钟"),
)
MATTERS_EN = (
    Pick("hk-macau-permit", "Permit for Hong Kong and Macao", "Endorsement, renewal, replacement. About 5 minutes"),
    Pick("passport", "Ordinary passport", "First application, renewal, replacement. About 6 minutes"),
    Pick("taiwan-permit", "Permit for Taiwan", "Endorsement, renewal, replacement. About 5 minutes"),
    Pick("residence-endorsement", "Residence permit endorsement", "Once a year. About 2 minutes"),
    Pick("social-insurance", "Social insurance certificate", "Printed at once. About 1 minute"),
    Pick("no-record", "No-criminal-record certificate", "About 3 minutes"),
    Pick("resident-card", "Resident identity card renewal", "", "System maintenance today, please go to counter 3"),
    Pick("household-extract", "Household register extract", "About 2 minutes"),
    Pick("moving-house", "Moving house", "Residence permit, social insurance and vehicle licence at once"),
)
COUNTRIES = (
    "日本 韩国 泰国 马来西亚 新加坡 印度尼西亚 美国 加拿大 英国 法国 德国 "
    "意大利 西班牙 澳大利亚 新西兰 阿拉伯联合酋长国 南非 巴西"
)
COUNTRIES_EN = (
    "Japan,South Korea,Thailand,Malaysia,Singapore,Indonesia,United States,Canada,United Kingdom,France,Germany,Italy,"
    "Spain,Australia,New Zealand,United Arab Emirates,South Africa,Brazil"
)
WHO = Button("my_data", "谁查过我的资料")
AT_COUNTER, AT_COUNTER_EN = "请到人工窗口办理", "Please go to a counter"


def picks(labels: list[str]) -> tuple[Pick, ...]:
    return tuple(Pick(str(number), label) for number, label in enumerate(labels))


def refused(labels: list[str], why_not: str) -> tuple[Pick, ...]:
    return tuple(Pick(f"no{number}", label, why_not=why_not) for number, label in enumerate(labels))


CHINESE_MANY = {
    "attract_ten": View(
        "attract",
        "您好，请选择要办的事",
        "带上身份证就行，已经知道的资料不用再填。",
        picks=MATTERS,
        buttons=(WHO,),
        **frame("zh"),
    ),
    "attract_again": View(
        "attract",
        "还要办别的事吗？",
        "已经回答过的不用再填。",
        picks=MATTERS[1:],
        buttons=(Button("done", "不用了，结束", main=True),),
        **frame("zh"),
    ),
    "notice_three": View(
        "notice",
        "我们会用到您的哪些资料",
        "为办理往来港澳通行证，本终端要做下面几件事。",
        points=("读取您身份证里的姓名、号码、住址和照片。", "向公安户籍、出入境、社会保险三个部门查询与这次申请有关的资料。"),
        notice=TOLD["camera"] + TOLD["ticket_printer"],
        buttons=(Button("quit", "不办了"), Button("child", "为孩子办理"), Button("next", "知道了", main=True)),
        **frame("zh", **steps("zh", 1, "说明")),
    ),
    "form_many": View(
        "form",
        "您要去哪个国家？",
        lines=(
            Line(
                "country",
                "前往国家",
                kind="choice",
                raw="3",
                picks=(*picks(COUNTRIES.split()), *refused(["朝鲜", "古巴"], AT_COUNTER)),
            ),
        ),
        buttons=(BACK["zh"], NEXT["zh"]),
        **frame("zh", **steps("zh", 4, "回答问题")),
    ),
    "form_endorsements": View(
        "form",
        "您想办哪一种签注？",
        lines=(
            Line(
                "hk",
                "赴香港",
                kind="choice",
                raw="0",
                picks=(
                    *picks(["三个月一次", "三个月二次", "一年一次", "一年二次"]),
                    *refused(["一签多行", "一周一行", "探亲", "商务", "逗留", "其他"], AT_COUNTER),
                    Pick("L", "团队旅游", why_not="这里不办"),
                ),
            ),
            Line("mo", "赴澳门", kind="choice", picks=(*picks(["三个月一次"]), *refused(["探亲", "商务"], AT_COUNTER))),
        ),
        buttons=(BACK["zh"], NEXT["zh"]),
        **frame("zh", **steps("zh", 4, "回答问题")),
    ),
}
ENGLISH_MANY = {
    "attract_ten": View(
        "attract",
        "Hello. What would you like to do today?",
        "Bring your identity card. What the government already knows, you need not fill in again.",
        picks=MATTERS_EN,
        buttons=(replace(WHO, label="Who used my data?"),),
        **frame("en"),
    ),
    "attract_again": View(
        "attract",
        "Is there anything else?",
        "What you have answered need not be filled in again.",
        picks=MATTERS_EN[1:],
        buttons=(Button("done", "No, that is all", main=True),),
        **frame("en"),
    ),
    "notice_three": replace(
        CHINESE_MANY["notice_three"],
        title="What we use your records for",
        lead="To apply for your permit, this terminal will do the following.",
        points=("Read the name, number, address and photograph on your identity card.",),
        notice=" ".join(all_words()["en"](TOLD[kind]) for kind in ("camera", "ticket_printer")),
        buttons=(Button("quit", "Stop"), Button("child", "For my child"), Button("next", "I understand", main=True)),
        **frame("en", **steps("en", 1, "About your records")),
    ),
    "form_many": View(
        "form",
        "Where are you going?",
        lines=(
            Line(
                "country",
                "Country",
                kind="choice",
                picks=(*picks(COUNTRIES_EN.split(",")), *refused(["North Korea", "Cuba"], AT_COUNTER_EN)),
            ),
        ),
        buttons=(BACK["en"], NEXT["en"]),
        **frame("en", **steps("en", 4, "Questions")),
    ),
}
