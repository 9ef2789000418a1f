"""What a page in English still says in Chinese that is ours to say: names, addresses and records stay as they are written."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.hall import furnished, stage_matters
from tests.hall.test_console_words import ENGLISH, ROOT, program
from tests.kiosk.test_words import CHINESE, literals

RUN = re.compile(r"[\u4e00-\u9fff]+")
OF_PEOPLE_AND_PLACES = (
    "hall/demo/families.py",
    "flows/authoring/examples.py",
    "flows/addresses.py",
    "flows/address_likeness.py",
    "flows/streets.py",
    "assets/policy/streets.toml",
    "assets/policy/regions.toml",
    "assets/policy/g_cities.toml",
    "assets/policy/surnames.toml",
)
LONG = 4
"""A piece of this many characters in a run is no accident."""
TEXTS = """() => {
  const body = document.body.cloneNode(true), found = [document.title];
  for (const marked of body.querySelectorAll('span[lang="zh-CN"]')) marked.replaceWith(marked.textContent);
  body.normalize(); // a sentence in one piece
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    if (!at.closest('script, style, [lang|=zh]:not(option, text)')) found.push(walker.currentNode.data);
  }
  for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    if (!one.closest('[lang|=zh]:not(option, text)'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(one.getAttribute(name) || '');
  return found;
}"""


UNMARKED = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode, at = text.parentElement;
    if (/\\p{Script=Han}/u.test(text.data) && !at.closest('script, style, textarea, [lang|=zh]')) found.push(text.data);
  }
  return found;
}"""
TORN = """() => [...document.querySelectorAll('span[lang="zh-CN"]')].filter((marked) => {
  const beside = [...marked.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return beside && /flex|grid/.test(getComputedStyle(marked.parentElement).display);
}).map((marked) => marked.parentElement.outerHTML)"""
"""A sentence whose marked part is laid out as a thing of its own."""
DRESSED = """() => [...document.querySelectorAll('span[lang="zh-CN"]')].filter((marked) => {
  const own = getComputedStyle(marked), around = getComputedStyle(marked.parentElement);
  const other = ['color', 'fontSize', 'fontWeight'].some((name) => own[name] !== around[name]);
  return other || own.borderTopWidth !== '0px' || own.backgroundColor !== 'rgba(0, 0, 0, 0)';
}).map((marked) => marked.parentElement.outerHTML)"""
"""A marked part that looks other than what it stands in: a rule of style was meant for somebody else."""


@cache
def ours() -> frozenset[str]:
    """The Chinese runs of every text of the program."""
    return frozenset(run for text in program() | set(ENGLISH) for run in RUN.findall(text)) - written()


@cache
def written() -> frozenset[str]:
    """Names of people and places, which stay as they are written, and what addresses are put together of."""
    texts = {text for place in OF_PEOPLE_AND_PLACES for text in re.findall(r'"([^"\n]*)"', (ROOT / place).read_text("utf-8"))}
    return frozenset(run for text in texts for run in RUN.findall(text))


@cache
def of_the_stage() -> re.Pattern[str]:
    """What the tests' own matters and clerks are called, and what they wrote: no hall has it, so nobody translates it."""
    written = {text for file in (furnished.__file__, stage_matters.__file__) for text in literals(Path(file))}
    told = {*furnished.AT, *written} - set(ENGLISH)
    return re.compile("|".join(re.escape(text) for text in sorted(told, key=len, reverse=True)))


def chinese_left(page: Page) -> list[str]:
    texts = [of_the_stage().sub(" ", text) for text in page.evaluate(TEXTS)]
    runs = {run for text in texts if CHINESE.search(text) for run in RUN.findall(text)}
    return sorted(run for run in runs if run in ours() or any(piece in run for piece in ours() if len(piece) >= LONG))


def marked_wrongly(page: Page) -> list[str]:
    """Chinese that no element calls Chinese, and sentences that fall apart, or are dressed up, because one does."""
    return [*page.evaluate(UNMARKED), *page.evaluate(TORN), *page.evaluate(DRESSED)]
