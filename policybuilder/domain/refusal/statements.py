"""The statement that a call sends, where its address takes any: `{"sql": "CREATE VIEW v AS SELECT 1"}`.

Its first words say what it does, as the verbs of the actions do: `createView`, `alterTableAddColumns`.
Sources: DLI API Reference, "Submitting a SQL Job"; its table of supported actions.
"""

import re

_SENT = re.compile(r"""\\?["'](?:sql|statement)\\?["']\s{0,8}:\s{0,8}\\?["'](?P<sql>[^"]{1,2000})""", re.IGNORECASE)
_ALONE = re.compile(
    r"""^[\s>"'`]{0,8}(?P<sql>
      (?:CREATE|DROP|ALTER|SHOW|DESC|DESCRIBE|SELECT|INSERT|UPDATE|DELETE|TRUNCATE|EXPLAIN|GRANT|REVOKE)
      [ \t]{1,8}(?!https?:|v\d)[A-Za-z*`][^\n]{0,2000})""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_ASIDE = re.compile(r"\([^()]*\)|'[^']*'|`[^`]*`|--[^\n]*|\\[nrt]")  # values, names in quotes, comments
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_REST = frozenset({"as", "select", "from", "where", "values"})  # what it does is said before these
_ALIKE = {
    "desc": ("describe",),
    "schema": ("database",),
    "tblproperties": ("table", "properties"),
    "dbproperties": ("database", "properties"),
}


KEYS = ("sql", "statement")  # of a body


def sent_statement(text: str) -> str:
    """The statement in a text as the body of a call has it; "" where there is none."""
    match = _SENT.search(text)
    return match["sql"].strip() if match else ""


def find_statement(text: str) -> str:
    """The statement in a text, as part of a body or on a line of its own; "" where there is none."""
    match = _ALONE.search(text)
    return sent_statement(text) or (match["sql"].strip() if match else "")


def words_of_statement(statement: str) -> tuple[str, ...]:
    """The words of a statement that can say what it does, in its order; in the form of `one_form`."""
    words: list[str] = []
    for match in _WORD.finditer(_ASIDE.sub(" ", statement)):
        word = match[0].casefold()
        if words and word in _REST:
            break
        words += _ALIKE.get(word, (word,))
    return tuple(one_form(word) for word in words)


def one_form(word: str) -> str:
    """A word in lower case and in the singular, as it is compared."""
    return word.casefold().rstrip("s")
