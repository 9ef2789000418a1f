"""The public pages' words for every closed set they show, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from flows.items import Sensitivity
from hall.datasets import Sharing

SHARINGS: Mapping[str, tuple[str, str]] = {
    Sharing.UNCONDITIONAL: ("无条件共享", "shared with every authority"),
    Sharing.CONDITIONAL: ("有条件共享", "shared on conditions"),
    Sharing.NOT_SHARED: ("不予共享", "not shared"),
}
CYCLES: Mapping[str, tuple[str, str]] = {
    "real_time": ("实时更新", "at once"),
    "daily": ("每日更新", "every day"),
    "weekly": ("每周更新", "every week"),
    "monthly": ("每月更新", "every month"),
    "yearly": ("每年更新", "every year"),
}
TYPES: Mapping[str, tuple[str, str]] = {
    "text": ("文字", "text"),
    "date": ("日期", "date"),
    "partial_date": ("日期，可缺月、日", "date, perhaps without day or month"),
    "code": ("代码", "code"),
}
WAY_WORDS: Mapping[str, tuple[str, str]] = {
    "interface": ("接口", "interface"),
    "database": ("库表", "database"),
    "file": ("文件", "file"),
}
SENSITIVITIES: Mapping[str, tuple[str, str]] = {
    Sensitivity.ORDINARY: ("一般数据", "ordinary"),
    Sensitivity.PERSONAL: ("个人信息", "personal"),
    Sensitivity.SENSITIVE: ("敏感个人信息", "sensitive personal"),
}
