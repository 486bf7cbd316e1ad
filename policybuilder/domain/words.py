"""Numbers, names and values as messages say them: short, and nothing invisible in them."""

from collections.abc import Iterable, Sequence

SHOWN_CHARACTERS = 60  # of any value in a message


def quoted(text: str) -> str:
    """A value for a message: short, and nothing invisible in it."""
    cut = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
    return f"“{printable(cut)}”"


def listed(names: Iterable[str], most: int = 3) -> str:
    """Some names for a message: “a, b, c and 4 more”."""
    all_names = list(names)
    shown = ", ".join(printable(name[:SHOWN_CHARACTERS]) for name in all_names[:most])
    return f"{shown} and {len(all_names) - most} more" if len(all_names) > most else shown


def titles_in_words(titles: Iterable[str], most: int = 3) -> str:
    """Titles of the catalogue for a message: “A”, “B” and “C”; “A”, “B” and 2 more."""
    all_titles = [f"“{title}”" for title in titles]
    shown, more = all_titles[:most], len(all_titles) - most
    last = f"{more} more" if more > 0 else shown.pop() if len(shown) > 1 else ""
    return f"{', '.join(shown)} and {last}" if last else "".join(shown)


def counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def have(number: int) -> str:
    return "has" if number == 1 else "have"


def invisible(text: str, allowed: str = "") -> str:
    """The first character that nobody sees, as U+0007, or "". Spaces of all kinds are none."""
    found = next((c for c in text if not c.isprintable() and not c.isspace() and c not in allowed), "")
    return f"U+{ord(found):04X}" if found else ""


def statements_in_words(numbers: Sequence[int]) -> str:
    """statement 2; statements 2 and 4; statements 2, 4 and 5."""
    return f"{'statement' if len(numbers) == 1 else 'statements'} {joined(map(str, numbers))}"


def joined(names: Iterable[str]) -> str:
    """a; a and b; a, b and c. There is at least one."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def printable(text: str) -> str:
    """The text with a sign in place of every character that is invisible or has no UTF-8."""
    return text if text.isprintable() else "".join(c if c.isprintable() else _visible(c) for c in text)


def _visible(char: str) -> str:
    if char == "\t":
        return " "
    if char < " ":
        return chr(0x2400 + ord(char))
    return "␣" if char.isspace() else "�"
