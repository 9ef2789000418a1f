"""出入境证件: the pages that the permit, the passport and the Taiwan permit share."""

from __future__ import annotations

from dataclasses import replace

from flows import pinyin
from flows.exit_entry import (
    KINDS,
    LOCAL_FORM,
    REASONS,
    Document,
    held,
    is_expiring,
    kinds,
    local_form_on,
    only_kind,
    reasons,
    recorded,
)
from flows.fields import YES_NO, Choice, PartialDate, Text, fixed_choice
from flows.flow import Field, Known, Page, When
from flows.items import ITEMS
from flows.pages import shared_field
from flows.pictures import Signature


def eligibility(document: Document) -> tuple[Page, ...]:
    """What comes first, so that nobody fills in what cannot be had: the last document, the kind, its grounds."""
    before = Page(
        name="held",
        title="以前办过这种证件吗",
        lead=document.title,
        asked_when=When("没有查到以前的证件时", lambda known: recorded(document, known) is None),
        fields=(Field(name="held", label="以前办过吗", kind=YES_NO, row="3", hint="过期的、丢失的也算办过"),),
    )
    last = Page(
        name=document.key,
        title="最近一次办的证件",
        lead="没有带来或不记得，可以留给窗口填写",
        asked_when=When("以前办过时", lambda known: held(document, known) is True),
        fields=tuple(
            shared_field(f"{document.key}_{part}", f"{document.key}.{part}", row="31", may_be_left=True, hint=hint)
            for part, hint in (("number", document.number_hint), ("issued", "例如 20210315"), ("expiry", "例如 20310314"))
        ),
    )
    return before, last, _kind_page(document), _renewal(document), *_loss()


def _kind_page(document: Document) -> Page:
    choice = Choice(lambda known: kinds(document, known), lambda key: KINDS.get(key, key))
    field = Field(
        name="kind", label="申请类别", kind=choice, row="3", locked=True, derive=lambda known: only_kind(document, known)
    )
    return Page(name="kind", title="要办哪一种", lead=document.title, fields=(field,))


def _renewal(document: Document) -> Page:
    field = Field(
        name="renewal_reason",
        label="换发原因",
        kind=Choice(lambda known: reasons(document, known), lambda key: REASONS.get(key, key)),
        row="3",
        derive=lambda known: "EXPIRING" if is_expiring(document, known) else "",
    )
    return Page(
        name="renewal",
        title="为什么换发",
        asked_when=When("换发时", lambda known: known["kind"] == "RENEW"),
        fields=(field,),
    )


LOSS_STATEMENT = "本人声明：证件遗失、被盗或被抢的情况属实。原证件自受理时起作废，找到后也不再使用，并交回公安机关。"


def _loss() -> tuple[Page, Page]:
    lost = When("遗失或被盗抢时", lambda known: known["kind"] == "REISSUE_LOST")
    story = Page(
        name="loss",
        title="证件是怎样没有的",
        asked_when=lost,
        fields=(
            Field(name="loss_how", label="原因", kind=fixed_choice(LOST="遗失", STOLEN="被盗", ROBBED="被抢"), row="32"),
            Field(name="loss_day", label="日期", kind=PartialDate(), row="32", may_be_left=True, hint="不记得日子，写年月也可以"),
            Field(
                name="loss_place",
                label="地点",
                kind=fixed_choice(MAINLAND="内地", HK="香港", MO="澳门", ABROAD="其他地方", UNKNOWN="不清楚"),
                row="32",
            ),
            Field(name="loss_story", label="经过", kind=Text(200), row="32", may_be_left=True, hint="可以在窗口说明"),
        ),
    )
    signed = Page(
        name="loss_statement",
        title="遗失声明",
        lead=LOSS_STATEMENT,
        asked_when=lost,
        fields=(Field(name="loss_signature", label="声明人签名", kind=Signature(LOSS_STATEMENT), row="32", may_be_left=True),),
    )
    return story, signed


def _letters(known: Known) -> bool:
    return bool(known.record("permit.surname") or known.record("permit.given_names"))


def _proposed(known: Known) -> tuple[str, str]:
    return pinyin.propose(known["name"] or known.record("person.name"))


def pinyin_pages(asked_when: When) -> tuple[Page, Page]:
    """Surname and given names in letters. The spelling of an earlier document wins and stays; else a rule proposes
    one, never forces it: characters have several readings."""
    earlier = Page(
        name="pinyin",
        title="请核对拼音姓名",
        lead="与以前的证件一致，不能在这里修改",
        asked_when=When("以前的证件有拼音时", lambda known: asked_when(known) and _letters(known)),
        fields=(
            shared_field("surname", "permit.surname", row="6", may_be_left=True),
            shared_field("given_names", "permit.given_names", row="6", required=False),
        ),
    )
    proposed = Page(
        name="pinyin_new",
        title="姓名用拼音怎么写",
        lead="已按读音填好，读音不对请改正",
        asked_when=When("第一次写拼音时", lambda known: asked_when(known) and not _letters(known)),
        fields=(_new_spelling("surname", 0), _new_spelling("given_names", 1)),
    )
    return earlier, proposed


def _new_spelling(part: str, place: int) -> Field:
    item = ITEMS[f"permit.{part}"]
    return Field(
        name=f"new_{part}",
        label=item.title,
        kind=item.kind,
        row="6",
        may_be_left=True,
        shares=f"pinyin.{part}",
        derive=lambda known: _proposed(known)[place],
    )


def local_form(asked_when: When) -> tuple[Page, ...]:
    """Rows 17 and 18, each only where a dated table says that the local form has it. A row that no table has is
    no page at all, so that its item is never asked of a department."""
    married = When("当地的表上有婚姻状况时", lambda known: asked_when(known) and local_form_on(known.today).marriage)
    learned = When("当地的表上有文化程度时", lambda known: asked_when(known) and local_form_on(known.today).education)
    rows = (
        ("marriage", "person.marriage", "17", married, any(table.marriage for table in LOCAL_FORM)),
        ("education", "person.education", "18", learned, any(table.education for table in LOCAL_FORM)),
    )
    return tuple(
        Page(
            name=name,
            title=ITEMS[item].title,
            asked_when=has,
            fields=(shared_field(name, item, row=row, may_be_left=True),),
        )
        for name, item, row, has, ever in rows
        if ever
    )


def only_when(page: Page, condition: When) -> Page:
    """A page under one more condition."""
    words = "，".join(words for words in (condition.words, page.asked_when.words) if words)
    return replace(page, asked_when=When(words, lambda known: condition(known) and page.asked_when(known)))
