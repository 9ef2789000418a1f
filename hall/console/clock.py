"""Instants and waiting times as a clerk reads them: the hall's wall clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hall.console.language import say

HALL_ZONE = ZoneInfo("Asia/Shanghai")


def at_time(at: datetime) -> str:
    return at.astimezone(HALL_ZONE).strftime("%H:%M:%S")


def on_day(at: datetime) -> str:
    return at.astimezone(HALL_ZONE).strftime("%Y-%m-%d")


def day_and_time(at: datetime) -> str:
    return at.astimezone(HALL_ZONE).strftime("%Y-%m-%d %H:%M")


def waited(since: datetime, now: datetime) -> str:
    minutes = max(0, int((now - since).total_seconds()) // 60)
    if minutes < 1:
        return say("刚到")
    if minutes < 60:
        return say("{minutes} 分钟", minutes=minutes)
    return say("{hours} 小时 {minutes} 分", hours=minutes // 60, minutes=minutes % 60)
