"""The sample views in English: long words and long sentences."""

from __future__ import annotations

from kiosk.view import Button, Group, Line, Pick, SourceLine, Tag, Tone, View
from tests.ui.sample_frame import BACK, NEXT, frame, steps

ENGLISH_RECORDS = (
    Line("name", "Name", "吕晓岚", tags=(Tag("Identity card"),)),
    Line(
        "address",
        "Registered address",
        "广东省佛山市禅城区祖庙街道人民路云岫花园一期（北区）12座2单元1803房",
        tags=(Tag("Household register · 2026-11-20"), Tag("Differs from card", Tone.CARE)),
    ),
    Line("permit", "Permit number", "C23456781", tags=(Tag("Exit-entry · 2026-11-23"),)),
    Line(
        "employer", "Employer", "Foshan Chancheng Yunxiu Software Company Limited", tags=(Tag("Social insurance · 2026-10-31"),)
    ),
)


ENGLISH = {
    "attract": View(
        "attract",
        "Hello. What would you like to do today?",
        "Bring your identity card. What the government already knows, you need not fill in again.",
        picks=(
            Pick("hk-macau-permit", "Permit for Hong Kong and Macao", "Endorsement, renewal, replacement. About 5 minutes"),
            Pick("passport", "Ordinary passport", "First application, renewal, replacement"),
            Pick("residence-permit", "Residence permit", "", "System maintenance today, please go to counter 3"),
        ),
        **frame("en"),
    ),
    "notice": View(
        "notice",
        "What we use your records for",
        "To apply for your permit, this terminal will do the following.",
        points=(
            "Read the name, number, address and photograph on your identity card.",
            "Ask the household register, exit-entry and social insurance departments for the records that this needs.",
            "Send your application to a clerk at the counter. Nothing of yours stays on this terminal.",
            "Take your card away at any time: everything stops and nothing is sent.",
        ),
        buttons=(Button("quit", "Stop"), Button("next", "I understand, continue", main=True)),
        **frame("en", **steps("en", 1, "About your records")),
    ),
    "card": View(
        "card",
        "Please lay your identity card on the reader",
        "Lay it flat and leave it there until you have finished.",
        art="lay",
        points=("A social security card works too", "So does a residence permit for Hong Kong, Macao or Taiwan residents"),
        buttons=(Button("counter", "No card with me: go to the counter"),),
        **frame("en", **steps("en", 2, "Lay your card")),
    ),
    "busy": View(
        "busy",
        "Asking for your records",
        "This takes a few seconds. Please leave your card where it is.",
        sources=(
            SourceLine("Household register", "Found", Tone.GOOD, done=True),
            SourceLine("Exit-entry administration", "No answer; you can go on", Tone.CARE, done=True),
            SourceLine("Social insurance", "Asking"),
        ),
        buttons=(Button("quit", "Stop"),),
        **frame("en", **steps("en", 2, "Your records")),
    ),
    "records": View(
        "records",
        "Are these records right?",
        "They come from your card and from the departments.",
        lines=ENGLISH_RECORDS,
        notice="The market regulation department does not answer at the moment; please fill in that part yourself.",
        buttons=(Button("dispute", "Something is wrong"), Button("next", "All correct, continue", main=True)),
        **frame("en", **steps("en", 3, "Check your records")),
    ),
    "form": View(
        "form",
        "Which endorsement would you like?",
        "Only what you can apply for today is listed.",
        lines=(
            Line(
                "endorsement",
                "Hong Kong",
                kind="choice",
                raw="1y2",
                picks=(
                    Pick("3m1", "Three months, one visit"),
                    Pick("1y1", "One year, one visit"),
                    Pick("1y2", "One year, two visits"),
                ),
            ),
            Line(
                "reason",
                "Reason for the journey",
                kind="choice",
                mistake="Please choose one",
                picks=(
                    Pick("G", "Private travel", "Up to 7 days for each visit"),
                    Pick("T", "Family visit", "", "The counter needs to see a proof of kinship"),
                ),
            ),
        ),
        buttons=(BACK["en"], NEXT["en"]),
        **frame("en", **steps("en", 4, "Questions")),
    ),
    "form_typed": View(
        "form",
        "How can we reach you?",
        lines=(
            Line("mobile", "Mobile phone number", kind="digits", hint="We send a message when the permit is ready"),
            Line("old", "Number of your old passport", kind="latin", leave="I do not remember: let the counter fill it in"),
        ),
        buttons=(BACK["en"], NEXT["en"]),
        **frame("en", **steps("en", 4, "Questions")),
    ),
    "review": View(
        "review",
        "Please check everything once more",
        "A clerk at the counter will confirm it. You can still change your answers.",
        groups=(
            Group("About you", ENGLISH_RECORDS[:2]),
            Group(
                "Endorsement",
                (Line("e", "Hong Kong", "Private travel, one year, two visits"),),
                Button("edit", "Change", value="endorsement"),
            ),
        ),
        total="Total fee 105 yuan, paid at the counter",
        buttons=(BACK["en"], Button("submit", "Submit", main=True)),
        **frame("en", **steps("en", 5, "Confirm")),
    ),
    "ticket": View(
        "ticket",
        "Submitted. Please take your ticket",
        "3 people are ahead of you. The screens and the loudspeaker will call your number.",
        number="A023",
        code="https://hall.example.cn/t/7ZQ4M0X9K2B6R8T1V3W5Y7A9CD",
        points=(
            "Take your identity card with you",
            "Scan the code with your phone to follow your place in the line",
            "Bring your card and your old permit",
            "This is not a receipt of acceptance",
        ),
        buttons=(Button("done", "I have taken it", main=True),),
        **frame("en"),
    ),
    "message": View(
        "message",
        "A clerk needs to check your records",
        "You have a number. Please bring your identity card to the counter; a clerk will go on with you.",
        Tone.CARE,
        buttons=(Button("done", "Understood", main=True),),
        **frame("en"),
    ),
}
