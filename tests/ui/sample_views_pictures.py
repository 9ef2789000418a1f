"""Views with pictures: what the camera sees, what is wrong with it, what was signed, pictures among the answers."""

from __future__ import annotations

from kiosk.view import Button, Group, Line, Mark, Tag, Tone, View
from tests.ui.sample_frame import BACK, NEXT, frame, steps
from tests.ui.sample_pictures import face, page, signature

FACE, SHOT, PAGE, SIGNED = face(), face(720, 960), page(), signature()
CROP = face(354, 472, "#FFFFFF")
MARKS = (Mark(0.36, 0.33, 0.28, 0.12), Mark(0.02, 0.05, 0.2, 0.3, Tone.CARE))
STATEMENT = (
    "本人声明：以上填写的内容和提交的材料真实、完整；如有虚假，愿意承担相应的法律责任。"
    "本人知道出入境管理部门会把这些资料用于审批、制证和边防检查，不会用于其他用途。"
)
STATEMENT_EN = (
    "I declare that what I have filled in and handed in is true and complete, and that I answer for it by law. "
    "I know that the exit-entry administration uses it to decide, to make the permit and at the border, and for nothing else."
)

CHINESE_PICTURES = {
    "photo": View(
        "photo",
        "拍一张证件照",
        "请摘下帽子和眼镜，坐正，看镜头",
        picture=FACE,
        guide="portrait",
        points=("把脸放进白线里", "露出双耳和眉毛，闭上嘴"),
        buttons=(BACK["zh"], Button("counter", "请窗口拍"), Button("take", "拍照", main=True)),
        **frame("zh", **steps("zh", 4, "拍照")),
    ),
    "photo_waits": View(
        "photo",
        "拍一张证件照",
        "照相机正在打开",
        guide="portrait",
        buttons=(BACK["zh"],),
        **frame("zh", **steps("zh", 4, "拍照")),
    ),
    "photo_faults": View(
        "photo",
        "这张照片还不行",
        "请按下面说的改一改，再拍一张。",
        Tone.WRONG,
        picture=SHOT,
        marks=MARKS,
        points=("眼睛没有睁开", "背景不够干净，请让后面没有别的东西", "脸有一点歪，请把头摆正"),
        buttons=(Button("counter", "请窗口拍"), Button("again", "再拍一张", main=True)),
        **frame("zh", **steps("zh", 4, "拍照")),
    ),
    "photo_good": View(
        "photo",
        "照片合格，您满意吗？",
        tone=Tone.GOOD,
        picture=CROP,
        points=("符合证件照的要求",),
        buttons=(Button("again", "再拍一张"), Button("keep", "就用这张", main=True)),
        **frame("zh", **steps("zh", 4, "拍照")),
    ),
    "photo_paper": View(
        "photo",
        "请拍出生医学证明",
        "放在灯下面的平板上，四个角都要看得见",
        picture=PAGE,
        guide="page",
        buttons=(BACK["zh"], Button("take", "拍下来", main=True)),
        **frame("zh", **steps("zh", 4, "拍照")),
    ),
    "form_sign": View(
        "form",
        "声明与签名",
        STATEMENT,
        lines=(Line("signature", "申请人签名", kind="signature", leave="不方便写，请窗口办理"),),
        buttons=(BACK["zh"], NEXT["zh"]),
        **frame("zh", **steps("zh", 4, "回答问题")),
    ),
    "form_signed": View(
        "form",
        "声明与签名",
        STATEMENT,
        lines=(
            Line("photo", "证件照", picture=CROP, tags=(Tag("今天拍的", Tone.GOOD),)),
            Line("signature", "申请人签名", kind="signature", raw="ab12", picture=SIGNED, mistake="请重新签名"),
        ),
        buttons=(BACK["zh"], NEXT["zh"]),
        **frame("zh", **steps("zh", 4, "回答问题")),
    ),
    "records_photo": View(
        "records",
        "请看看这些资料对不对",
        lines=(
            Line("name", "姓名", "吕晓岚", tags=(Tag("身份证"),)),
            Line("photo", "上次的照片", picture=CROP, tags=(Tag("出入境 · 2026-11-23"),)),
            Line("number", "通行证号码", "C23456781", tags=(Tag("出入境 · 2026-11-23"), Tag("已过期", Tone.CARE))),
        ),
        buttons=(Button("dispute", "有不对的"), Button("next", "都对，下一步", main=True)),
        **frame("zh", **steps("zh", 3, "核对资料")),
    ),
    "review_pictures": View(
        "review",
        "请最后看一遍",
        groups=(
            Group("照片", (Line("photo", "证件照", picture=CROP),), Button("edit", "修改", value="photo")),
            Group(
                "声明",
                (Line("signature", "申请人签名", picture=SIGNED), Line("paper", "出生医学证明", "1 页", picture=PAGE)),
                Button("edit", "修改", value="declaration"),
            ),
        ),
        buttons=(BACK["zh"], Button("submit", "确认提交", main=True)),
        **frame("zh", **steps("zh", 5, "确认")),
    ),
}
ENGLISH_PICTURES = {
    "photo": View(
        "photo",
        "Your photograph",
        "Please take off hat and glasses, sit straight and look at the camera",
        picture=FACE,
        guide="portrait",
        points=("Put your face inside the white line", "Ears and eyebrows free, mouth closed"),
        buttons=(BACK["en"], Button("counter", "At the counter"), Button("take", "Take the photograph", main=True)),
        **frame("en", **steps("en", 4, "Photograph")),
    ),
    "photo_faults": View(
        "photo",
        "This photograph will not do yet",
        "Please change what is listed below and take another one.",
        Tone.WRONG,
        picture=SHOT,
        marks=MARKS,
        points=(
            "Your eyes are not open",
            "The background is not even: nothing may be seen behind you",
            "Your head is tilted a little: please hold it upright",
        ),
        buttons=(Button("counter", "At the counter"), Button("again", "Take another one", main=True)),
        **frame("en", **steps("en", 4, "Photograph")),
    ),
    "form_sign": View(
        "form",
        "Declaration and signature",
        STATEMENT_EN,
        lines=(Line("signature", "Signature of the applicant", kind="signature", leave="I cannot write: let the counter do it"),),
        buttons=(BACK["en"], NEXT["en"]),
        **frame("en", **steps("en", 4, "Questions")),
    ),
    "review_pictures": View(
        "review",
        "Please check everything once more",
        groups=(
            Group("Photograph", (Line("photo", "Photograph", picture=CROP),), Button("edit", "Change", value="photo")),
            Group("Declaration", (Line("signature", "Signature of the applicant", picture=SIGNED),)),
        ),
        buttons=(BACK["en"], Button("submit", "Submit", main=True)),
        **frame("en", **steps("en", 5, "Confirm")),
    ),
}
