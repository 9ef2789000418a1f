"""What stays Chinese in an English page: every run of it is called Chinese, and nothing else is touched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.console.marking import CHINESE, marked


def zh(text: str) -> str:
    return f'<span lang="zh-CN">{text}</span>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Window 3, 张敏</p>", f"<p>Window 3, {zh('张敏')}</p>"),
        ("<p>广东省佛山市祖庙街道莲花路36号802房</p>", f"<p>{zh('广东省佛山市祖庙街道莲花路36号802房')}</p>"),
        ("<p>张敏 and 李红</p>", f"<p>{zh('张敏')} and {zh('李红')}</p>"),
        ("<p>阿卜杜拉·买买提</p>", f"<p>{zh('阿卜杜拉·买买提')}</p>"),
        ("<p>签注（须复核）</p>", f"<p>{zh('签注（须复核）')}</p>"),
        ("<p>𠮷田</p>", f"<p>{zh('𠮷田')}</p>"),
        ('<p lang="zh-CN">张敏<b>李红</b></p><p>陈</p>', f'<p lang="zh-CN">张敏<b>李红</b></p><p>{zh("陈")}</p>'),
        ('<div lang="zh-CN">张<p lang="en">敏</p>红</div>', f'<div lang="zh-CN">张<p lang="en">{zh("敏")}</p>红</div>'),
        ('<input value="张敏"><br>李红', f'<input value="张敏"><br>{zh("李红")}'),
        ('<option value="a">佛山</option>', '<option lang="zh-CN" value="a">佛山</option>'),
        ('<svg><text x="1">佛山</text></svg>', '<svg><text lang="zh-CN" x="1">佛山</text></svg>'),
        ("<title>张敏</title><textarea>李红</textarea>", "<title>张敏</title><textarea>李红</textarea>"),
        ("<script>say('张敏')</script><p>李红</p>", f"<script>say('张敏')</script><p>{zh('李红')}</p>"),
        ("<p>unclosed<p>张敏</section>李红", f"<p>unclosed<p>{zh('张敏')}</section>{zh('李红')}"),
        ("张敏<br>", f"{zh('张敏')}<br>"),
        ("<p>nothing here — at all</p>", "<p>nothing here — at all</p>"),
    ],
)
def test_a_chinese_run_is_marked_where_it_stands(html: str, expected: str) -> None:
    assert marked(html) == expected


class Heard(HTMLParser):
    """The text of a page, and what of it is called Chinese."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.text, self.chinese, self._inside = "", "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside += ("lang", "zh-CN") in attrs

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "span" and self._inside > 0

    def handle_data(self, data: str) -> None:
        self.text += data
        self.chinese += data if self._inside else ""


@given(st.lists(st.tuples(st.sampled_from("piltd"), st.text("张敏佛山36号，ab .·", max_size=12)), max_size=8))
def test_no_character_is_lost_or_missed(parts: list[tuple[str, str]]) -> None:
    html = "".join(f"<{element}>{text}</{element}>" for element, text in parts)
    before, after = Heard(), Heard()
    before.feed(html)
    after.feed(marked(html))
    assert after.text == before.text
    assert after.chinese == "".join(CHINESE.findall(re.sub("<[^>]*>", "\n", html)))
    assert marked(marked(html)) == marked(html)
