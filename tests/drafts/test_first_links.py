"""Links of the first format: all that were made still open. They are written out, since nothing makes them any more."""

import pytest

from policybuilder.domain.building.selection import Selection
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.entries import Opened
from policybuilder.drafts.link import decode, encode
from tests.pages.builder.strategies import pack

from .test_draft import ATTACH, CATALOG, CREATE, DAMAGED, SEVERAL, WHOLE, cut_short, gone

_WHOLE = (
    "1eNqVjrEOwyAMRHd-o1slKzt_Y5ErRQWDsEOUvy9plqzdrLv3ThYDF2K3uoqgy5r0Q4WFIwrEFjbj8E4SienXWSUWmujF5_RCOELGXQodbKc"
    "zCaXGBzV02hSu_e88WDVFuV4Q7ITUHE_KK_pAVx9hMxjqnz4nNbef96h5K1A_F75JXlRB"
)
_SEVERAL = (
    "1eNotUEFugzAQvPsV0R6jkkCPvqVqIlVqo0pVc4EcFrMQBNiVd2mJov69C6l8sMcznh2PZ_qmiL2ZbnCiyG3wYCHbpPAAE9g822Tp-df04Ut"
    "VEiKbQI63VctdMqDHhgbyskURdJfWNwkmCychQZ-o1LAh43I4hLjz1xP2I9kPiSp9bTt6qfdTy8I6rbGfTPGIAynAwpe6FeNjmrliTNPaLed"
    "KL-E8-z2F0C-v3g6790isKRRKHEn5CKFku9ZVjq4jsXcLUKIb7kRHV7sGgxpxxgY9_ViZv8C2Cpq6R161snIayHQ32Nc1OdFunslfddIxyM7"
    "JUlcO_yagTfEft5NswQ"
)
_ALL = (
    "1eNqtV1uyoyAQ_Z-9UKmaHRFtlQmCFzB3clc_DRoEIw-T-RTO6TfdrYA7qIcZmOh_SWj0hf6QkQrawwjCXL5mvMU7Qn80EdSwOyywKzXNQOQ"
    "ECg-l0BcF2lBlLBbvNWGCUOJQCcJpuJymJLxl-hbaTY2hzeAMJ-7OSEKF5Z7FR17vaY0CagJWDtsCh3rszpxOyTHrQI6RVbVleOEtkYC2MgK"
    "eflUMOsxLJ9XoUkboVc7GCa0UYX1gHFX_Byk6Ir46VSlEdhgXjSccUuEpSHr1pSL_nm0GSLoQSbDfvZLzFFV127rMLvCN6IAZ3lbWH-DL5m0"
    "vok7NIb6sJlEZlUor2CdM8Lf6HLqsQsEo70Fwwve_83FjYX3hVT-QBlus5HCRV3RSPCsP6wfbOsqSinDZ90s920KytyuHzPZ9kLtoNg3Y282"
    "soxIZqOgD86TOoiVvych6FZZVjsBlcwuk76P1ShhlyzofZD1BwzrWLLPmU_pEHwQHFwYmK0PBdWa8PWW2AibwlPPqUAZzuVrLO4x1OlczZpH"
    "JGRsRluowy2UI56yD5tFwyDWleoLbMF6SeMjZt6SiEk-wSjK4rcBqJccluXarDD4Y_JxpY0edc7yoKNUR_TPYHuv7_LfNKMQ1w4pUjnjdUkP"
    "jriQ61s_qGWOPKRF90lcPcYqf4sep9YhvZoYtbCj0Bo-irK3Dfy4rGlTV3sxT69-ZZ52ER0oEmG-pjheo9S5OrsAaO1iTiD0_Xq-OGXgarlX"
    "7n5IdKfgBsDepBT3FcspCUkFd6Zlhji3DbrhFI7ZwWiM85Qw2Ej9RrTEt7aGjdrfwgNfVw9aqaOW3DqTaH0U7F5tbWn682nyoQEODfcA8anZ"
    "usgOHgUjL8WGMIc9fkqiR1EncNsSsRfEu48xI1VLH6V0q_BJox18DokWDlsPwv6dGsM0JilCLa5rcKZ_BJeegfLQeXH86nvb4_zhO0i8wT_B"
    "EmSpJCcf5Gd42S9_khaTYV0P7w15lz4971TEDT497FdkenoXkOkyV5IwpQQfcCthiUr0wxX-xNEMK9pyd0uPiStHdinB9WGoeOCn5BxrjjMw"
    "jnRuF91zkBp24Dkt-r2gQFH8Bv2aZmOotdHTmK2JnVYm7cpxzC_ht4qr4H-EzyY8"
)
_NAME = "1eNoBFwDo_25HcsO2w59lIMK3IOaUv-etliDwn5iAmcwNSw"
OLD = {
    "one of everything": (_WHOLE, WHOLE),
    "several statements": (_SEVERAL, SEVERAL),
    "all operations": (_ALL, Draft.of(Selection(frozenset(CATALOG.operations)), "everything")),
    "a name": (_NAME, Draft(name="Größe · 政策 😀")),
}


@pytest.mark.parametrize(("token", "draft"), OLD.values(), ids=OLD)
def test_link_of_the_first_format_opens(token, draft):
    assert decode(CATALOG, token) == Opened(draft, ())
    assert encode(draft)[0] == "2"


@pytest.mark.parametrize(("token", "draft"), OLD.values(), ids=OLD)
def test_link_of_the_first_format_that_was_changed_or_cut_off_says_so(token, draft):
    for at in range(0, len(token), 7):
        for changed in (token[:at], token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]):
            opened = decode(CATALOG, changed)
            assert opened.draft == draft or opened.problems != () or not changed


def test_entries_of_the_first_format_that_mean_nothing_are_named():
    lines = [f"o{ATTACH}", "ogone/away/here", "zsomething", "ofoo", 'c["StringEquals"', f"p{CREATE}#by-post"]

    assert decode(CATALOG, pack("\n".join(lines))) == Opened(
        Draft.of(Selection(frozenset({ATTACH}))),
        tuple(map(gone, ["gone/away/here", "something", "foo", '["StringEquals"', f"{CREATE}#by-post"])),
    )


def test_link_of_the_first_format_that_lost_its_end_names_how_much_was_read():
    token = pack(f"o{ATTACH}\no{CREATE}\naecs:servers:get")

    assert decode(CATALOG, token[:-4]) == Opened(Draft.of(Selection(frozenset({ATTACH, CREATE}))), (cut_short(2),))


@pytest.mark.parametrize("token", ["1", "1!", "1====", "1hello"])
def test_text_that_is_no_link_of_the_first_format_is_called_damaged(token):
    assert decode(CATALOG, token) == Opened(Draft(), (DAMAGED,))
