"""往来港澳通行证: the card, its renewal and loss, and endorsements for Hong Kong and Macau."""

from __future__ import annotations

from flows import exit_entry, guardian, pages
from flows.endorsement_choice import NEEDS, PERMIT, lines, nothing_to_endorse
from flows.endorsement_pages import endorsement_pages
from flows.endorsements import VERSION
from flows.exit_entry import ADULT, NEW_ONE
from flows.exit_entry_pages import eligibility, local_form, only_when, pinyin_pages
from flows.fees import FEES, fees_on
from flows.flow import Fee, Flow, Known, Route
from flows.policy import newest

CHANNEL = "本人同意出入境管理机构把指纹信息存入通行证，用于免登记使用港澳地区的自助查验通道。"
DECLARATION = "本人声明：以上填写的内容和提交的材料真实。未满16岁的，由监护人签名。"


def fee(known: Known) -> Fee:
    priced, unpriced = lines(known)
    every = (*exit_entry.card_line(PERMIT, known), *priced)
    return Fee(every, fees_on(known.today).name if every else "", unpriced)


def route(known: Known) -> Route:
    return Route.COUNTER if nothing_to_endorse(known) else exit_entry.route(known)


FLOW = Flow(
    code="hk-macau-permit",
    version="2",
    title="往来港澳通行证和签注",
    summary="首次、换发、补发，或只办签注",
    pages=(
        only_when(pages.STATUS, ADULT),
        *eligibility(PERMIT),
        *endorsement_pages(),
        pages.who(pages.BIRTH_PLACE),
        pages.FORMER,
        guardian.GUARDIAN,
        pages.HOUSEHOLD,
        *pinyin_pages(NEW_ONE),
        only_when(pages.HOME, NEW_ONE),
        only_when(pages.ELSEWHERE, NEW_ONE),
        pages.CONTACT,
        only_when(pages.EMERGENCY, NEW_ONE),
        only_when(only_when(pages.WORK, ADULT), NEW_ONE),
        *local_form(NEW_ONE),
        *pages.delivery(),
        pages.photo("exit_entry", NEW_ONE),
        *pages.optional_consent("echannel", "港澳自助通道", "自助通道", CHANNEL, "36", NEW_ONE),
        pages.declaration(DECLARATION),
    ),
    bring=("居民身份证", "以前的往来港澳通行证"),
    needs=NEEDS,
    child_needs=guardian.NEEDS,
    policy_version=f"fees {newest(FEES)}; {VERSION}",
    told=("exit_entry",),
    for_child=True,
    route=route,
    fee=fee,
    term=exit_entry.term,
)
