import pytest

from policybuilder.domain.refusal.exchanges import MOST_KEYS, find_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"os-start": null}', ["os-start"]),
        ("{'reboot': {'type': 'SOFT'}}", ["reboot", "type", "SOFT"]),
        ('-d "{\\"add_member\\": {}}"', ["add_member"]),
        ('"a" "1" "two words" "os-start" "os-start"', ["os-start"]),
    ],
)
def test_keys_are_what_stands_in_quotes(text, keys):
    assert find_keys(text) == tuple(keys)


def test_keys_are_bounded():
    assert len(find_keys(" ".join(f'"key{number}"' for number in range(MOST_KEYS + 1)))) == MOST_KEYS
