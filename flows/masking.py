"""Names and numbers as they may be shown where others look on."""

from __future__ import annotations


def masked_name(name: str) -> str:
    """吕晓岚 → 吕**: the first character, and how many follow."""
    return name[:1] + "*" * (len(name) - 1)


def masked_number(number: str) -> str:
    """First and last character: region and birthday together would name the person again."""
    return number[:1] + "*" * (len(number) - 2) + number[-1:] if len(number) > 2 else "*" * len(number)
