"""Views of every kind to draw and to judge: long names, rare characters, long English, mistakes, what is not on offer."""

from __future__ import annotations

from dataclasses import replace

from kiosk.view import Button, Group, Line, Pick, SourceLine, Tag, Tone, View
from tests.ui.sample_frame import BACK, NEXT, frame, steps
from tests.ui.sample_views_en import ENGLISH
from tests.ui.sample_views_many import CHINESE_MANY, ENGLISH_MANY, WHO
from tests.ui.sample_views_pictures import CHINESE_PICTURES, ENGLISH_PICTURES

CARD, HOUSEHOLD = Tag("身份证"), Tag("公安户籍 · 2026-11-20")

RECORDS = (
    Line("name", "姓名", "吕晓岚", tags=(CARD,)),
    Line("rare", "曾用名", "欧阳𠮷㼆䶮𪚥", tags=(HOUSEHOLD,)),
    Line("sex", "性别", "女", tags=(CARD,)),
    Line("group", "民族", "汉族", tags=(CARD,)),
    Line("birth", "出生日期", "1992-02-29", tags=(CARD,)),
    Line("number", "公民身份号码", "4402********9863", tags=(CARD,)),
    Line(
        "address",
        "户籍地址",
        "广东省佛山市禅城区祖庙街道人民路“云岫花园”一期（北区）12座2单元1803房，邮政编码528000",
        tags=(HOUSEHOLD, Tag("与身份证不同", Tone.CARE)),
    ),
    Line("relation", "与户主关系", "配偶", tags=(HOUSEHOLD,)),
    Line("permit", "往来港澳通行证号码", "C23456781", tags=(Tag("出入境 · 2026-11-23"),)),
    Line("expiry", "证件有效期至", "2031-10-08", tags=(Tag("出入境 · 2026-11-23"), Tag("有效", Tone.GOOD))),
    Line("pinyin", "拼音姓名", "LYU XIAOLAN", tags=(Tag("出入境 · 2026-11-23"),)),
    Line("employer", "工作单位", "佛山市禅城区云岫软件有限公司", tags=(Tag("社会保险 · 2026-10-31"),)),
    Line("mobile", "手机号码", "138****5678", tags=(Tag("社会保险 · 2019-03-02", Tone.CARE),), hint="请在后面确认是否还在使用"),
)
CHINESE = {
    "attract": View(
        "attract",
        "您好，请选择要办的事",
        "只要带上身份证，政府已经知道的资料不用再填。",
        picks=(
            Pick("hk-macau-permit", "往来港澳通行证", "签注、换发、补发，约 5 分钟"),
            Pick("passport", "普通护照", "首次申请、换发、补发，约 6 分钟"),
            Pick("residence-permit", "居住证", "申领、签注，约 3 分钟"),
            Pick("social-insurance", "社会保险参保证明", "", "今天系统维护，请到 3 号窗口办理"),
        ),
        buttons=(WHO,),
        **frame("zh"),
    ),
    "notice": View(
        "notice",
        "我们会用到您的哪些资料",
        "为办理往来港澳通行证，本终端要做下面几件事。",
        points=(
            "读取您身份证里的姓名、号码、住址和照片。",
            "向公安户籍、出入境、社会保险三个部门查询与这次申请有关的资料。",
            "提交后由窗口工作人员核对；终端上不留下您的任何资料。",
            "您可以随时拿走身份证，办理就会停止，什么都不会提交。",
            "每一次查询都有记录，您可以在窗口要求查看。",
        ),
        buttons=(Button("quit", "不办了"), Button("next", "知道了，继续", main=True)),
        **frame("zh", **steps("zh", 1, "说明")),
    ),
    "card": View(
        "card",
        "请把身份证放在读卡区",
        "放平，不要拿走，直到办完为止。",
        art="lay",
        points=("也可以放社会保障卡", "港澳台居民居住证、外国人永久居留身份证同样可以"),
        buttons=(Button("counter", "没有带卡，去窗口办"),),
        **frame("zh", **steps("zh", 2, "放卡")),
    ),
    "busy": View(
        "busy",
        "正在为您查询资料",
        "大约需要几秒钟，请不要拿走身份证。",
        sources=(
            SourceLine("公安户籍", "已找到", Tone.GOOD, done=True),
            SourceLine("出入境管理", "已找到", Tone.GOOD, done=True),
            SourceLine("社会保险", "没有答复，不影响办理", Tone.CARE, done=True),
            SourceLine("市场监督管理", "正在查询"),
        ),
        buttons=(Button("quit", "不办了"),),
        **frame("zh", **steps("zh", 2, "查询资料")),
    ),
    "records": View(
        "records",
        "请看看这些资料对不对",
        "这些来自您的身份证和各部门，不用再填。",
        lines=RECORDS,
        sources=(
            SourceLine("公安户籍", "已答复", Tone.GOOD, done=True),
            SourceLine("出入境", "已答复", Tone.GOOD, done=True),
            SourceLine("市场监督", "没有答复", Tone.CARE, done=True),
        ),
        notice="市场监督管理部门暂时没有答复，相关内容请您自己填写，窗口会再核对。",
        buttons=(Button("dispute", "有不对的"), Button("next", "都对，下一步", main=True)),
        **frame("zh", **steps("zh", 3, "核对资料")),
    ),
    "records_few": View(
        "records",
        "请看看这些资料对不对",
        "这些来自您的身份证和各部门，不用再填。",
        lines=RECORDS[:4],
        buttons=(Button("dispute", "有不对的"), Button("next", "都对，下一步", main=True)),
        **frame("zh", **steps("zh", 3, "核对资料")),
    ),
    "form": View(
        "form",
        "您想办哪一种签注？",
        "只列出您现在可以办的种类。",
        lines=(
            Line(
                "endorsement",
                "赴香港",
                kind="choice",
                raw="1y1",
                picks=(
                    Pick("3m1", "三个月一次"),
                    Pick("3m2", "三个月二次"),
                    Pick("1y1", "一年一次"),
                    Pick("1y2", "一年二次"),
                ),
            ),
            Line(
                "reason",
                "事由",
                kind="choice",
                mistake="请选一项",
                picks=(
                    Pick("G", "个人旅游", "每次停留不超过 7 天"),
                    Pick("T", "探亲", "", "需要到窗口提交亲属关系证明"),
                    Pick("S", "商务", "", "需要单位先备案，请到窗口办理"),
                ),
            ),
        ),
        buttons=(BACK["zh"], NEXT["zh"]),
        **frame("zh", **steps("zh", 4, "回答问题")),
    ),
    "form_typed": View(
        "form",
        "怎样联系您？",
        lines=(
            Line(
                "mobile",
                "手机号码",
                "138 0013 800",
                "1380013800",
                kind="digits",
                tags=(Tag("社会保险 · 2019-03-02", Tone.CARE),),
                hint="办好后发短信通知您",
                mistake="手机号码是 11 位数字，以 1 开头；固定电话请加区号",
            ),
            Line("old", "原护照号码", kind="latin", leave="记不清，请窗口填写", left=True),
            Line("employer", "工作单位", kind="text", hint="要写汉字，请窗口工作人员帮您填写", leave="请窗口填写"),
        ),
        buttons=(BACK["zh"], NEXT["zh"]),
        **frame("zh", **steps("zh", 4, "回答问题")),
    ),
    "review": View(
        "review",
        "请最后看一遍",
        "提交以后由窗口工作人员核对；现在还可以修改。",
        groups=(
            Group("个人资料", RECORDS[:3]),
            Group(
                "签注",
                (Line("e", "赴香港", "个人旅游，一年二次"), Line("m", "赴澳门", "个人旅游，一年一次")),
                Button("edit", "修改", value="endorsement"),
            ),
            Group("联系方式", (Line("p", "手机号码", "138 0013 8000"), RECORDS[6]), Button("edit", "修改", value="contact")),
        ),
        total="费用合计 105 元，在窗口交",
        buttons=(BACK["zh"], Button("submit", "确认提交", main=True)),
        **frame("zh", **steps("zh", 5, "确认")),
    ),
    "ticket": View(
        "ticket",
        "已提交，请取走排队单",
        "前面还有 3 人。叫到您的号时，屏幕和广播会请您去窗口。",
        number="A023",
        code="https://hall.example.cn/t/7ZQ4M0X9K2B6R8T1V3W5Y7A9CD",
        points=(
            "请取走身份证",
            "手机扫二维码，可以看排到哪里了",
            "带上身份证和原来的通行证",
            "这不是受理回执，窗口核对后才算受理",
        ),
        buttons=(Button("done", "我已取走", main=True),),
        **frame("zh"),
    ),
    "message": View(
        "message",
        "您的资料需要在窗口核对",
        "已为您取号，请带身份证到窗口，工作人员会帮您接着办。",
        Tone.CARE,
        buttons=(Button("done", "知道了", main=True),),
        **frame("zh"),
    ),
    "message_idle": View(
        "message",
        "您还在办理吗？",
        "20 秒后将清除屏幕上的资料。",
        buttons=(Button("quit", "不办了"), Button("stay", "继续办理", main=True)),
        **frame("zh"),
    ),
}


def large(views: dict[str, View]) -> dict[str, View]:
    return {name: replace(view, large=True) for name, view in views.items()}


WHOLE = {
    "zh": {**CHINESE, **CHINESE_PICTURES, **CHINESE_MANY},
    "en": {**ENGLISH, **ENGLISH_PICTURES, **ENGLISH_MANY},
}
ALL = {
    **{f"{language}-{name}": view for language, views in WHOLE.items() for name, view in views.items()},
    **{f"{language}-large-{name}": view for language, views in WHOLE.items() for name, view in large(views).items()},
}
