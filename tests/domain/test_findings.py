"""How the values of a finding are put into its template."""

from policybuilder.domain.findings import Plural, fill
from policybuilder.domain.words import SHOWN_CHARACTERS, listed


def test_each_form_of_a_placeholder_writes_its_values():
    names = [f"name{at}" for at in range(5)]
    long = "x" * (SHOWN_CHARACTERS + 1)
    written = {
        "{it:quoted}": ({"it": "a\nb"}, "“a␊b”"),
        "{it:printable}": ({"it": f"\x00{long}"}, f"␀{long}"),
        "{it:listed}": ({"it": names}, "name0, name1, name2 and 2 more"),
        "{it:listed 4}": ({"it": names}, listed(names, most=4)),
        "{it:joined}": ({"it": names}, "name0, name1, name2, name3 and name4"),
        "{it:all}": ({"it": names}, "name0, name1, name2, name3, name4"),
        "{it:titles}": ({"it": names[:2]}, "“name0” and “name1”"),
        "{it:statements}": ({"it": [2, 4]}, "statements 2 and 4"),
        "{it:,}": ({"it": 1_000}, "1,000"),
    }

    assert {template: fill(template, values) for template, (values, _) in written.items()} == {
        template: text for template, (_, text) in written.items()
    }


def test_a_plural_takes_its_form_from_its_number():
    plural = Plural("one of {n}", "some of {n}", by="k")

    assert [fill(plural, {"k": k, "n": 7}) for k in (0, 1, 2)] == ["some of 7", "one of 7", "some of 7"]
