"""Actions, effects and keys: texts of a known form, in which a slip leaves no doubt what was meant.

"a:b:c d:e:f"   in a list of actions are two: an action holds no space, comma or line break
"a:b:c,         closes before the comma, for no action holds one: so does "Allow,
a:b:c"  Allow   gets its quotes where what stands there is an action, or an effect, and nothing else
"Eff<U+200B>ect"     loses what nobody sees, if only that keeps it from being a key, an action or an effect
"""

import re

from policybuilder.domain.words import listed, quoted

from .nodes import String
from .repair_kinds import RepairKind
from .repairs import Edit, Ledger
from .signs import BLANKS, CLOSERS, CLOSING, COLONS, COMMAS

# As action_names.py has it, but for the case of the service: rules.py corrects that.
ACTION = re.compile(r"[A-Za-z0-9_*-]++(?::[A-Za-z0-9_*-]++){2}")
EFFECT = re.compile(r"Allow|Deny")
KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_]*+(?::[A-Za-z0-9_]++)?+")
_FORMS = {"action": ACTION, "notaction": ACTION, "effect": EFFECT}

_PLAIN = re.compile(rf'"({ACTION.pattern})"[ \t\n\r]*+(?:,[ \t\n\r]*+|(?=\]))')
_SPACE = rf"[ \t\r\n{BLANKS}]*+"
_SEVERAL = re.compile(rf"{_SPACE}(?:{ACTION.pattern}{_SPACE}(?:[{COMMAS}]{_SPACE})?+)++")
# What may follow a string. A quote with anything else after it can as well be part of the text.
END = re.compile(rf"[ \t{BLANKS}]*+(?:[{COMMAS}{COLONS}{re.escape(CLOSING)}\r\n#]|//|/\*|\Z)")
_END_OF_VALUE = re.compile(rf"[ \t{BLANKS}]*+(?:[{COMMAS}{re.escape(CLOSING)}\r\n#]|//|/\*)")
_UNSEEN = "".join(char for char in BLANKS if not char.isspace())
_INVISIBLE = re.compile(rf"[{_UNSEEN}]|\\u(?:{'|'.join(f'{ord(char):04x}' for char in _UNSEEN)})", re.IGNORECASE)


def form_of(key: str) -> re.Pattern[str] | None:
    """What the texts below `key` must be, None where they can be anything."""
    return _FORMS.get(key.lower())


def read_plain(text: str, at: int) -> list[String]:
    """The actions of a list from `at` on, up to the first item that is more or less than one action in its quotes."""
    actions = []
    while found := _PLAIN.match(text, at):
        name = found[1]
        actions.append(String(at, at + len(name) + 2, name, f'"{name}"'))
        at = found.end()
    return actions


def read_several(text: str, start: int, ledger: Ledger, *, in_list: bool) -> tuple[String, ...]:
    """The actions of the string at `start` where it holds several, or has one on a line of its own; else none."""
    found = None if ledger.literal else _SEVERAL.match(text, start + 1)
    closers = CLOSERS[text[start]]
    if not found or text[found.end() : found.end() + 1] not in closers or not END.match(text, found.end() + 1):
        return ()
    actions = [(each.start(), each.end()) for each in ACTION.finditer(text, *found.span())]
    if found.end() == len(text) or (len(actions) == 1 and "\n" not in found[0] and "\r" not in found[0]):
        return ()
    before, after = ("[", "]") if len(actions) > 1 and not in_list else ("", "")
    edits, at = [], start
    for begin, end in actions:
        parting = f'",{_space_of(text[at:begin])}"' if at > start else f'{before}"'
        edits.append(Edit(at, begin, parting))
        at = end
    edits.append(Edit(at, found.end() + 1, f'"{after}'))
    ledger.add(RepairKind.SEVERAL_ACTIONS, start, edits, what=listed(text[slice(*each)] for each in actions))
    starts = [start, *(begin for begin, _ in actions[1:])]
    ends = [*(end for _, end in actions[:-1]), found.end() + 1]
    values = [text[slice(*each)] for each in actions]
    return tuple(String(*each, text[each[0] : each[1]]) for each in zip(starts, ends, values, strict=True))


def read_bare(text: str, at: int, form: re.Pattern[str], ledger: Ledger) -> String | None:
    """The text of that form at `at`, which has no opening quote; None where that is not all that stands there."""
    found = form.match(text, at)
    if not found:
        return None
    end, closer = found.end(), text[found.end() : found.end() + 1]
    if closer in CLOSERS and END.match(text, end + 1):
        edits = [Edit(at, at, '"')] + ([] if closer == '"' else [Edit(end, end + 1, '"')])
        end += 1
    elif _END_OF_VALUE.match(text, end):
        edits = [Edit(at, at, '"'), Edit(end, end, '"')]
    else:
        return None
    ledger.add(RepairKind.MISSING_QUOTES, at, edits, what=quoted(found[0]))
    return String(at, end, found[0], text[at:end])


def read_unclosed(text: str, start: int, form: re.Pattern[str], ledger: Ledger) -> String | None:
    """The string at `start`, which nothing closes; None where more stands in it than a text of that form."""
    found = form.match(text, start + 1)
    if not found or not _END_OF_VALUE.match(text, found.end()):
        return None
    edits = [] if text[start] == '"' else [Edit(start, start + 1, '"')]
    edits.append(Edit(found.end(), found.end(), '"'))
    ledger.add(RepairKind.MISSING_QUOTES, start, edits, what=quoted(found[0]))
    return String(start, found.end(), found[0], text[start : found.end()])


def without_invisible(string: String, form: re.Pattern[str], ledger: Ledger) -> String:
    """The string without characters that nobody sees, if that makes it one of that form; else as it is."""
    meant = "".join(char for char in string.value if char not in _UNSEEN)
    if ledger.literal or meant == string.value or not form.fullmatch(meant):
        return string
    edits = [Edit(string.start + at.start(), string.start + at.end(), "") for at in _INVISIBLE.finditer(string.raw)]
    ledger.add(RepairKind.INVISIBLE_CHARACTERS, string.start, edits, what=quoted(meant))
    return String(string.start, string.end, meant, string.raw)


def _space_of(parting: str) -> str:
    return "".join(char for char in parting if char in " \t\r\n") or " "
