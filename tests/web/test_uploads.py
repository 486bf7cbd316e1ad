"""How much of a request is read, and which text stays for undo."""

import pytest

from policybuilder.web.uploads import OversizedError, read_form, text_to_undo_to


def test_fields_and_files_of_a_form_are_read(rf):
    fields, files = read_form(rf.post("/", {"text": "a"}), most=10_000)

    assert fields.dict() == {"text": "a"}
    assert files == {}


def test_request_past_the_limit_is_not_read(rf):
    with pytest.raises(OversizedError):
        read_form(rf.post("/", {"text": "a" * 200}), most=100)


@pytest.mark.parametrize("most", [None, 10_000])
def test_fields_past_the_limit_of_django_are_not_read(rf, settings, most):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    with pytest.raises(OversizedError):
        read_form(rf.post("/", {"text": "a" * 200}), most)


def test_declared_size_that_is_no_number_is_refused(rf):
    with pytest.raises(OversizedError):
        read_form(rf.post("/", {"text": "a"}, CONTENT_LENGTH="many"), most=10_000)


@pytest.mark.parametrize(("text", "kept"), [("", ""), ("abc", "abc"), ("abcd", None)])
def test_text_that_is_too_long_is_not_undone_to(text, kept):
    assert text_to_undo_to(text, most=3) == kept
