"""The twenty-four faults that the card layer must survive, and the tests that provoke each."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CELL = "test_card_table::test_what_comes_of_a_card_on_a_reader"
ON_THE_WIRE = ("tests.devices.laying", "tests.devices.plate_on_a_pty", "devices.simulators.sam_v_serial_server")


@dataclass(frozen=True)
class Fault:
    """`tests` by file and name: test_pcsc::test_a_laid_card_is_read…; a cell of the table of cards by its id in brackets."""

    what: str
    wanted: str
    tests: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """As pytest takes them."""
        parts = (test.partition("::") for test in self.tests)
        return tuple(f"tests/{'' if '/' in file else 'devices/'}{file}.py::{name}" for file, _, name in parts)


FAULTS: tuple[Fault, ...] = (
    Fault(
        "card pulled while it is read",
        "nothing of it is kept",
        (
            "test_pcsc::test_a_card_pulled_at_any_moment_gives_nothing",
            "test_pcsc_travel_document::test_a_card_pulled_in_the_middle_gives_nothing",
            "test_sam_v::test_a_card_pulled_at_any_step_gives_no_document",
            f"{CELL}[pulled-contactless]",
        ),
    ),
    Fault(
        "two cards swapped quickly, the same answer to reset",
        "another presence; never one's data as the other's",
        (
            "test_pcsc::test_a_card_swapped_for_one_with_the_same_atr_while_it_is_read_gives_nothing",
            "test_pcsc::test_two_cards_of_the_same_kind_in_a_row_are_two_presences",
            "test_sam_v::test_a_card_swapped_in_the_middle_of_a_read_is_read_whole_or_not_at_all",
            "test_sam_v::test_a_swap_between_two_polls_is_another_presence_at_the_next_read",
        ),
    ),
    Fault(
        "two cards on the plate",
        "one card only",
        (
            "test_sam_v::test_several_cards_on_the_plate_are_said_to_be_several_after_a_while",
            "test_sam_v::test_of_several_cards_the_one_that_is_left_is_read",
            "test_sam_v_tries::test_several_cards_are_given_three_seconds_to_become_one",
            f"{CELL}[two-cards-sam-v]",
            f"{CELL}[two-cards-contactless]",
        ),
    ),
    Fault(
        "answer to reset garbled, empty, of 34 bytes, with a wrong TCK",
        "refused in words, the reader stays well",
        (
            "test_pcsc_cards::test_a_mute_card_is_invalid_media",
            "test_pcsc_cards::test_a_card_with_a_garbled_atr_is_not_ours",
            "test_pcsc_faults::test_an_answer_to_reset_that_is_wrong_does_no_harm",
            "test_pcsc_faults::test_a_card_without_any_answer_to_reset_is_no_card_and_the_next_is_read",
        ),
    ),
    Fault(
        "torn frame",
        "asked once more, then `timeOut`; the next command is clean",
        (
            "test_sam_v_line::test_an_answer_lost_once_is_asked_for_again",
            "test_sam_v_line::test_an_answer_that_never_comes_ends_at_the_deadline_and_the_next_read_is_clean",
        ),
    ),
    Fault(
        "wrong checksum, length of 65,535",
        "one byte is dropped at a time; sent once more at most",
        (
            "test_sam_v_line::test_an_answer_lost_once_is_asked_for_again",
            "test_sam_v_line::test_a_command_garbled_on_its_way_is_sent_once_more",
            "test_frames::test_a_wrong_length_does_not_swallow_what_follows",
            "test_frames::test_a_true_frame_inside_a_damaged_one_is_found",
        ),
    ),
    Fault(
        "noise, bytes of 00 or FF, a stream without end",
        "4 KiB at most, nobody else waits, after a while `hardwareError`",
        (
            "test_sam_v_line::test_bytes_that_do_not_belong_there_do_not_harm_a_read",
            "test_sam_v_line::test_a_line_that_streams_without_end_holds_up_no_other_reader",
            "test_sam_v_line::test_a_line_that_keeps_failing_is_a_hardware_error_and_its_card_is_not_believed",
            "test_frames::test_an_endless_stream_of_beginnings_keeps_four_kilobytes_at_most",
            "test_sam_v_tcp::test_what_came_is_forgotten_even_when_it_never_ends",
        ),
    ),
    Fault(
        "late answer to the last command",
        "thrown away",
        (
            "test_sam_v::test_the_late_answer_about_the_last_citizen_is_thrown_away",
            "test_sam_v_cards::test_the_late_address_of_the_last_citizen_is_thrown_away",
        ),
    ),
    Fault(
        "card and module refuse each other (31, 32, 33)",
        "`fraudAttempt`, no other try, the counter",
        (
            "test_sam_v::test_a_card_that_the_module_does_not_believe_is_suspected_at_once",
            "test_sam_v_cards::test_a_card_that_is_doubted_or_gone_at_its_last_step_gives_no_document",
            f"{CELL}[not-believed-sam-v]",
        ),
    ),
    Fault(
        "module unfit (60), not authorised (66), or silent",
        "out of service until it says otherwise",
        (
            "test_sam_v_line::test_a_module_that_is_not_fit_is_out_of_service_until_it_is_fit_again",
            "test_sam_v_line::test_a_module_that_only_says_so_when_it_is_asked_is_out_of_service_all_the_same",
            "test_supervised_readers::test_a_module_that_falls_silent_is_reset_until_it_answers",
        ),
    ),
    Fault(
        "card that refuses: 6982, 6983, 6A82, 6A83, 6D00, 6E00, 6F00",
        "a precise outcome, and never a PIN",
        (
            "test_pcsc_faults::test_a_card_that_refuses_says_why_and_is_offered_no_pin",
            "test_pcsc_faults::test_a_record_that_is_not_found_is_an_empty_one",
            "test_foreign_cards::test_a_social_security_card_of_version_3_needs_authority_and_is_offered_no_pin",
        ),
    ),
    Fault(
        "61xx or 6Cxx without end, 65 KB, a record that runs past its end",
        "`invalidData`",
        (
            "test_pcsc_cards::test_a_card_that_says_too_much_is_cut_short",
            "test_pcsc_faults::test_a_record_that_cannot_be_is_invalid",
            "test_apdu::test_a_card_that_never_ends_is_left",
        ),
    ),
    Fault(
        "card that hangs",
        "`timeOut`, then busy, then broken; other readers go on",
        (
            "test_pcsc_cards::test_a_card_that_hangs_costs_its_reader_only_until_it_ends",
            "test_pcsc_cards::test_a_card_that_hangs_for_ever_makes_its_reader_broken",
            "test_supervised_readers::test_a_card_that_hangs_takes_one_reader_out_of_service_and_no_other",
        ),
    ),
    Fault(
        "pcscd killed, started again, not there",
        "offline, and back by itself",
        (
            "test_pcsc::test_pcscd_killed_and_started_again_comes_back_alone_with_the_card_as_a_new_presence",
            "test_pcsc::test_pcscd_killed_in_the_middle_of_a_read_gives_nothing_and_comes_back",
            "test_pcsc::test_a_pcscd_that_answers_nobody_does_not_hold_the_program",
            "test_pcsc::test_no_pcscd_is_a_status",
            "test_supervised_readers::test_a_pcscd_that_is_killed_and_started_again_is_counted_once",
        ),
    ),
    Fault(
        "reader or adapter unplugged and plugged in",
        "`noDevice`, and back by itself",
        (
            "test_sam_v_line::test_an_adapter_unplugged_ends_the_presence_and_works_again_when_plugged_in",
            "test_sam_v_line::test_an_adapter_unplugged_in_the_middle_of_a_read_gives_no_document",
            "test_sam_v_tcp::test_a_connection_broken_in_the_middle_of_a_read_gives_no_document_and_comes_back",
            "test_sam_v_usb::test_a_reader_unplugged_and_plugged_in_works_again_and_its_card_is_another_presence",
            "test_sam_v_port::test_a_serial_port_whose_adapter_went_away_is_gone_whatever_is_asked_of_it",
            "test_pcsc_faults::test_readers_that_go_and_come_back_are_followed_without_a_restart_of_ours",
            "test_supervised_readers::test_a_serial_adapter_that_is_plugged_in_again_is_back_in_service",
        ),
    ),
    Fault(
        "card expired, for life (长期), not yet valid, 31 February",
        "read; the terminal judges",
        (
            "test_sam_v_cards::test_dates_are_told_as_they_are_and_judged_by_others",
            "test_pcsc_cards::test_an_expired_card_is_read",
            f"{CELL}[expired-sam-v]",
            f"{CELL}[for-life-sam-v]",
            f"{CELL}[not-yet-valid-sam-v]",
        ),
    ),
    Fault(
        "card of another kind: J, I, Y, an unknown letter, a bank card, another country's passport",
        "the layout of its letter, or the name of the card",
        (
            "test_sam_v_cards::test_each_of_the_four_cards_is_read_by_its_own_layout",
            "test_sam_v_cards::test_a_card_of_a_kind_that_nobody_has_published_is_named_as_such",
            "test_foreign_cards::test_whatever_is_laid_there_is_named",
            "test_pcsc_travel_document::test_every_kind_of_document_is_read_and_vouched_for",
            f"{CELL}[unlisted-kind-contactless]",
        ),
    ),
    Fault(
        "text that is no UTF-16, of NULs, of 00 or FF",
        "U+FFFD and a warning; a text of nothing was not read",
        (
            "test_sam_v_cards::test_what_is_no_character_is_shown_as_such_with_a_warning",
            "test_sam_v_cards::test_a_text_of_nothing_is_a_card_that_was_not_read",
            f"{CELL}[empty-text-sam-v]",
        ),
    ),
    Fault(
        "rare characters, private use, `·`",
        "kept exactly, drawn or boxed",
        (
            "test_sam_v_cards::test_rare_and_long_names_are_kept_exactly",
            "test_pcsc_travel_document::test_every_kind_of_document_is_read_and_vouched_for",
            "kiosk/test_slip::test_a_rare_character_is_drawn_and_not_boxed",
            "kiosk/test_slip::test_a_character_that_no_font_has_is_a_box",
        ),
    ),
    Fault(
        "name or address longer than its field",
        "a warning that it may be cut; DG11 has the whole name",
        (
            "test_sam_v_cards::test_rare_and_long_names_are_kept_exactly",
            "test_social_security_card::test_a_name_of_50_bytes_over_two_records_is_whole_and_may_be_cut",
            "test_pcsc_travel_document::test_every_kind_of_document_is_read_and_vouched_for",
            "test_travel_document::test_a_name_that_fills_its_field_may_be_cut",
        ),
    ),
    Fault(
        "number whose check digit is wrong, birth that is not the number's, a clock that is wrong",
        "told as it is; no such number is asked with, the clerk is warned",
        (
            "test_sam_v_cards::test_a_number_that_cannot_be_true_is_told_as_it_is",
            "kiosk/test_identity::test_a_card_that_is_not_valid_yet_may_be_the_fault_of_a_clock_and_is_for_the_clerk",
            "kiosk/test_identity::test_what_looks_odd_is_for_the_clerk_and_stops_nobody",
            f"{CELL}[number-wrong-sam-v]",
        ),
    ),
    Fault(
        "wrong key, data group tampered with, issuer unknown",
        "told after one try; `fraudAttempt`; read, and said to be not verified",
        (
            "test_pcsc_travel_document::test_a_wrong_zone_is_told_and_tried_only_once",
            "test_pcsc_travel_document::test_a_tampered_zone_is_a_fraud",
            "test_pcsc_travel_document::test_a_copied_chip_is_a_fraud",
            "test_pcsc_travel_document::test_an_issuer_that_nobody_here_knows_is_not_verified_and_never_genuine",
            "test_passive_authentication::test_a_changed_data_group_is_a_fraud_whoever_is_trusted",
        ),
    ),
    Fault(
        "an error of our own in a parser, a watcher or a driver",
        "that device alone begins anew",
        (
            "test_pcsc_faults::test_a_fault_of_our_own_is_an_outcome_that_does_not_quote_the_card",
            "test_supervised_readers::test_a_watcher_that_stumbles_begins_anew",
            "test_supervisor::test_an_error_of_the_driver_in_a_command_is_worded_and_ends_no_other_device",
            "test_supervisor::test_a_driver_that_fails_whenever_it_looks_is_out_of_service_until_it_does_not",
            "test_supervisor::test_a_supervisor_that_itself_fails_goes_on_and_leaves_the_others_alone",
        ),
    ),
    Fault(
        "program that ends while a card is connected",
        "it ends at once, and the next one has the reader",
        (
            "test_pcsc_faults::test_a_program_ends_while_a_card_hangs_and_the_next_program_has_the_reader",
            "test_supervised_readers::test_a_program_that_ends_while_a_card_is_connected_ends_at_once_and_leaves_the_card_to_the_next",
        ),
    ),
)


def is_a_test(test_id: str) -> bool:
    """Whether there is a function of that name; what stands in brackets is not looked at."""
    file, _, name = test_id.partition("::")
    found = ast.parse((ROOT / file).read_text("utf-8")).body
    return name.partition("[")[0] in {node.name for node in found if isinstance(node, ast.FunctionDef)}


def on_the_wire(test_id: str) -> bool:
    """Whether its file lays cards on a real pcscd or a real line."""
    file, _, _ = test_id.partition("::")
    text = (ROOT / file).read_text("utf-8")
    return any(f"from {module} import" in text for module in ON_THE_WIRE)
