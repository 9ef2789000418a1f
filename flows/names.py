"""How the same name or address is written in two registers: dots, brackets, widths, traditional characters, cuts."""

from __future__ import annotations

import unicodedata

DOT = "·"
SHORTEST_CUT = 10
"""A shared beginning shorter than this is chance, not a field that was too short."""

_DOTS = "•‧・･.．∙⋅●"
_BRACKETS = str.maketrans("[]{}【】〔〕〈〉「」", "()()()()()()")
# Traditional and simplified, as met in names, addresses and employers of old registers; not a converter.
_PAIRS = (
    "葉叶 錦锦 鳳凤 國国 華华 東东 廣广 陳陈 張张 劉刘 黃黄 楊杨 趙赵 吳吴 馬马 馮冯 鄧邓 許许 蘇苏 盧卢 鄭郑 謝谢 羅罗 "
    "溫温 莊庄 龍龙 龐庞 顧顾 關关 歐欧 陽阳 蔣蒋 蕭萧 鄺邝 鍾钟 韓韩 譚谭 賴赖 區区 號号 樓楼 鎮镇 縣县 橋桥 灣湾 園园 "
    "廠厂 廈厦 麗丽 蘭兰 榮荣 偉伟 強强 雲云 電电 業业 產产 貿贸 發发 開开 門门 學学 慶庆 興兴 銀银 鐵铁 鋼钢 紡纺 織织 "
    "傢家 飾饰 飲饮 醫医 藥药 車车 萬万 連连 達达 運运 進进 遠远 寶宝 賢贤 貴贵 質质 輝辉 軍军 傑杰 儀仪 潔洁 淨净 濤涛 "
    "滿满 漢汉 澤泽 瑩莹 瓊琼 鶴鹤 鵬鹏 麥麦 嶺岭 島岛 嶽岳 嬌娇 媽妈 孫孙 實实 寧宁 將将 專专 尋寻 導导 壽寿"
)
_SIMPLE = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}


def dotted(name: str) -> str:
    """A name with the one dot that documents use (U+00B7)."""
    return name.translate({ord(dot): DOT for dot in _DOTS})


def spelling(text: str) -> str:
    """What is left of a text when only its writing may differ: equal results mean the same words."""
    narrow = dotted(unicodedata.normalize("NFKC", text))
    return "".join(narrow.translate(_BRACKETS).translate(_SIMPLE).split()).upper()


def is_cut(one: str, other: str) -> bool:
    """Whether one text is the other without its end, as a field that was too short leaves it."""
    short, long = sorted((spelling(one), spelling(other)), key=len)
    return SHORTEST_CUT <= len(short) < len(long) and long.startswith(short)
