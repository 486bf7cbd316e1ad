"""Which text stays for undo."""

import pytest

from policybuilder.web.uploads import text_to_undo_to


@pytest.mark.parametrize(("text", "kept"), [("", ""), ("abc", "abc"), ("abcd", None)])
def test_text_that_is_too_long_is_not_undone_to(text, kept):
    assert text_to_undo_to(text, most=3) == kept
