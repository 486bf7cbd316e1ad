"""What IAM refuses when a custom policy is created: its name, level and description, the policy as a whole, its keys.

One function per error code, in the order of the codes; statements and actions, resources, and conditions have modules
of their own. Where no manual lists the valid characters (IAM.1003, 1018, 1047, 1057), only invisible ones are refused;
`documented` counts the others as not checked.
Source: IAM API reference, error codes, and "Creating a Custom Policy".
"""

from collections.abc import Iterator
from typing import NamedTuple

from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.findings import Severity, Wording
from policybuilder.domain.jsontext.nodes import Array, Literal, Number, Object, String, described
from policybuilder.domain.jsontext.writer import BODY_KEYS, ROLE_KEYS, STATEMENT_KEYS
from policybuilder.domain.policy.condition_terms import BUCKET_KEYS
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS, VERSION
from policybuilder.domain.policy.reading import NAMES_ONLY, member, value
from policybuilder.domain.words import invisible

from . import iam_actions, iam_conditions, iam_resources
from .rule import Label, PolicySubject, Remark, Rule, insert_first, remove_member, respell, rewrite, wrap

MAX_NAME_CHARACTERS = 64  # IAM.1002
MAX_DESCRIPTION_CHARACTERS = 256  # published for the same platform elsewhere (PB031)
LINE_ENDS = "\t\r\n"  # of descriptions
LESS = "Select fewer operations, or put them into two policies."

# Codes of the same list that no rule here stands for, and why.
NOT_APPLICABLE = {
    "IAM.1005": "the type of a custom policy is refused under IAM.1009",
    "IAM.1026": "only for roles (RBAC), which are not custom policies",
    "IAM.1032": "only for organization control policies, which are not custom policies",
    "IAM.1038": "only for the older form of policies",
    "IAM.1039": "only for the older form of policies",
    "IAM.1048": "the same URI is refused under IAM.1042 or IAM.1047; what more this one refuses is not published",
    "IAM.1058": "a fine-grained policy may hold no depends at all (IAM.1025)",
}


_NAME = "Give the policy a name without spaces, e.g. server-operators."
NAME_IS_MISSING = Wording("The policy has no display_name.", _NAME)
NAME_IS_NO_TEXT = Wording("The policy's name must be a text; this is {found}.", _NAME)
NAME_IS_EMPTY = Wording("The policy's name is empty.", _NAME)
NAME_HAS_SPACES = Wording("The policy's name {name:quoted} holds spaces.", "Write hyphens in their place.")


def name_is_text(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.name
    if label is None:
        return
    if label.missing:
        yield label.remark(NAME_IS_MISSING)
    elif label.text is None:
        yield label.remark(NAME_IS_NO_TEXT, {"found": _described(label)})
    elif not label.text:
        yield label.remark(NAME_IS_EMPTY)
    elif any(char.isspace() for char in label.text):
        yield label.remark(NAME_HAS_SPACES, {"name": label.text})


NAME_IS_LONG = Wording(
    "The policy's name has {n:,} characters; IAM takes {limit}.",
    "Shorten it; what the policy is for can stand in the description.",
)


def name_is_short(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.name
    if label and label.text and len(label.text) > MAX_NAME_CHARACTERS:
        yield label.remark(NAME_IS_LONG, {"n": len(label.text), "limit": MAX_NAME_CHARACTERS})


NAME_HAS_INVISIBLE = Wording("The policy's name holds the character {character}.", "Type the name anew.")


def name_is_legible(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.name
    if label and label.text and (found := invisible(label.text)):
        yield label.remark(NAME_HAS_INVISIBLE, {"character": found})


_LEVELS = "Write XA for services of a region's projects, such as ECS, or AX for global services, such as IAM."
TYPE_IS_MISSING = Wording("The policy has no type.", _LEVELS)
TYPE_IS_NO_TEXT = Wording("The policy's type must be a text; this is {found}.", _LEVELS)
TYPE_IS_EMPTY = Wording("The policy's type is empty.", _LEVELS)


def level_is_text(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.level
    if label is None:
        return
    if label.missing:
        yield label.remark(TYPE_IS_MISSING)
    elif label.text is None:
        yield label.remark(TYPE_IS_NO_TEXT, {"found": _described(label)})
    elif not label.text.strip():
        yield label.remark(TYPE_IS_EMPTY)


TYPE_IS_UNKNOWN = Wording("The policy's type is {level:quoted}; it must be AX or XA.", _LEVELS)


def level_is_known(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.level
    if label is None or label.text is None or not label.text.strip() or label.text in set(Level):
        return
    meant = label.text.strip().upper()
    fix = respell(label.node, meant) if label.node and meant in set(Level) else None
    yield label.remark(TYPE_IS_UNKNOWN, {"level": label.text}, fix)


DESCRIPTION_IS_NO_TEXT = Wording("The description must be a text; this is {found}.", "Put it in quotes.")
DESCRIPTION_HAS_INVISIBLE = Wording("The description holds the character {character}.", "Type the description anew.")


def description_is_text(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.description
    if label is None:
        return
    if label.text is None:
        yield label.remark(DESCRIPTION_IS_NO_TEXT, {"found": _described(label)})
    elif found := invisible(label.text, allowed=LINE_ENDS):
        yield label.remark(DESCRIPTION_HAS_INVISIBLE, {"character": found})


ROLE_HAS_NO_POLICY = Wording("The role has no policy.", "Add the document under the key policy.")
POLICY_IS_NO_OBJECT = Wording(
    "A policy must be a JSON object; this is {found}.",
    'Paste the whole policy, from {{"Version" to its last bracket.',
)


def policy_is_object(subject: PolicySubject) -> Iterator[Remark]:
    if subject.found.body is None:
        yield Remark(subject.found.role, ROLE_HAS_NO_POLICY, place="policy")
    elif subject.body is None:
        yield Remark(subject.found.body, POLICY_IS_NO_OBJECT, {"found": described(subject.found.body)})


POLICY_IS_LONG = Wording(
    "The policy has {n:,} characters without optional space, {over:,} more than IAM's limit of {limit:,}.",
    "Make it shorter, or split the policy in two.",
)
SELECTED_IS_LONG = Wording("The policy has {n:,} characters, {over:,} more than IAM's limit of {limit:,}.", LESS)


def policy_is_short(subject: PolicySubject) -> Iterator[Remark]:
    characters = subject.size.characters
    if characters > MAX_CHARACTERS:
        wording = SELECTED_IS_LONG if subject.selected else POLICY_IS_LONG
        values = {"n": characters, "over": characters - MAX_CHARACTERS, "limit": MAX_CHARACTERS}
        yield from subject.as_a_whole(wording, values)


VERSION_IS_MISSING = Wording(
    "The policy has no Version.",
    f"Add “Version” with the value “{VERSION}”.",
)
VERSION_IS_WRONG = Wording(
    f"Version is {{found}}; for a custom policy it must be the text “{VERSION}”.",
    f'Write "{VERSION}", in quotes.',
)
WRITE_VERSION = f"Write Version {VERSION}"


def version_is_known(subject: PolicySubject) -> Iterator[Remark]:
    if subject.body is None:
        return
    node = value(subject.body, "Version")
    if node is None:
        fix = insert_first(subject.body, f'"Version": "{VERSION}"', subject.text, WRITE_VERSION)
        yield Remark(subject.body, VERSION_IS_MISSING, fix=fix)
    elif not (isinstance(node, String) and node.value == VERSION):
        fix = rewrite(node, f'"{VERSION}"', WRITE_VERSION)
        yield Remark(node, VERSION_IS_WRONG, {"found": described(node)}, fix)


HAS_DEPENDS = Wording(
    "The policy holds {key:quoted}, which only roles have.",
    "Take it out, and grant what it names beside this policy.",
)


def no_depends(subject: PolicySubject) -> Iterator[Remark]:
    if subject.body:
        for found in subject.body.members:
            if found.key.value.casefold() == "depends":
                yield Remark(found.value, HAS_DEPENDS, {"key": found.key.value})


STATEMENTS_ARE_NO_LIST = Wording(
    "Statement must be a list; this is {found}.",
    "Put the statements in square brackets.",
)
MAKE_ONE_STATEMENT = "Make it a list of one statement"


def statements_are_listed(subject: PolicySubject) -> Iterator[Remark]:
    node = value(subject.body, "Statement")
    if node is not None and not isinstance(node, Array):
        fix = wrap(node, MAKE_ONE_STATEMENT) if isinstance(node, Object) else None
        yield Remark(node, STATEMENTS_ARE_NO_LIST, {"found": described(node)}, fix)


STATEMENT_ALONE = Wording(
    "This is a statement and not a policy.",
    'Put it in {{"Version": "1.1", "Statement": [ … ]}}.',
)
STATEMENT_IS_MISSING = Wording("The policy has no Statement.", "Add “Statement” with what is allowed.")
STATEMENT_IS_EMPTY = Wording(
    "The policy has no statement: it grants nothing.",
    "Add a statement with what is allowed.",
)
STATEMENTS_ARE_MANY = Wording(
    "The policy has {n:,} statements; IAM takes {limit}.",
    "Join statements of the same effect, up to {actions} actions each, or split the policy in two.",
)


def statements_are_few(subject: PolicySubject) -> Iterator[Remark]:
    if subject.body is None:
        return
    if subject.selected:
        yield from _selected_are_few(subject)
        return
    node = value(subject.body, "Statement")
    if node is None:
        alone = member(subject.body, "Effect") is not None
        yield Remark(subject.body, STATEMENT_ALONE if alone else STATEMENT_IS_MISSING)
    elif isinstance(node, Array) and not node.items:
        yield Remark(node, STATEMENT_IS_EMPTY)
    elif isinstance(node, Array) and len(node.items) > MAX_STATEMENTS:
        values = {"n": len(node.items), "limit": MAX_STATEMENTS, "actions": MAX_ACTIONS}
        yield Remark(node, STATEMENTS_ARE_MANY, values)


SELECTED_ARE_FREE = Wording(
    "The policy has no statement: what is selected needs no authorization.",
    "Create no policy for it, or select what else is needed.",
)
NOTHING_IS_SELECTED = Wording(
    "The policy has no statement: nothing is granted yet.",
    "Select at least one operation.",
)
SELECTED_ARE_MANY = Wording("The policy needs {n} statements; IAM takes {limit} of {actions} actions each.", LESS)


def _selected_are_few(subject: PolicySubject) -> Iterator[Remark]:
    number = subject.size.statements
    if number == 0:
        wording = SELECTED_ARE_FREE if _selected_are_free(subject) else NOTHING_IS_SELECTED
        yield from subject.as_a_whole(wording, place="Statement")
    elif number > MAX_STATEMENTS:
        values = {"n": number, "limit": MAX_STATEMENTS, "actions": MAX_ACTIONS}
        yield from subject.as_a_whole(SELECTED_ARE_MANY, values, "Statement")


class KeyWordings(NamedTuple):
    """The texts about an unknown key of one kind of object."""

    misspelt: Wording
    of_buckets: Wording
    unknown: Wording


def _selected_are_free(subject: PolicySubject) -> bool:
    ids = (*subject.selected.operations.selected, *subject.selected.undeniable) if subject.selected else ()
    return bool(ids) and all(subject.catalog.operation(id_).free for id_ in ids)


_SPELL = "Spell it {meant}."
_BUCKETS = "It belongs to bucket policies; here the user group that gets the policy says for whom it is."
_ROLE, _POLICY = "IAM knows no key {key:quoted} in a role.", "IAM knows no key {key:quoted} in a policy."
_STATEMENT = "IAM knows no key {key:quoted} in a statement."
_RESOURCE = "IAM knows no key {key:quoted} in a resource object."
ROLE_KEY = KeyWordings(
    Wording(_ROLE, _SPELL),
    Wording(_ROLE, _BUCKETS),
    Wording(_ROLE, "Take it out; a role holds {keys:all} and nothing else."),
)
POLICY_KEY = KeyWordings(
    Wording(_POLICY, _SPELL),
    Wording(_POLICY, _BUCKETS),
    Wording(_POLICY, "Take it out; a policy holds {keys:all} and nothing else."),
)
STATEMENT_KEY = KeyWordings(
    Wording(_STATEMENT, _SPELL),
    Wording(_STATEMENT, _BUCKETS),
    Wording(_STATEMENT, "Take it out; a statement holds {keys:all} and nothing else."),
)
RESOURCE_KEY = KeyWordings(
    Wording(_RESOURCE, _SPELL),
    Wording(_RESOURCE, _BUCKETS),
    Wording(_RESOURCE, "Take it out; a resource object holds {keys:all} and nothing else."),
)
TAKE_KEY_OUT = "Take {key} out"


def key_is_known(subject: PolicySubject) -> Iterator[Remark]:
    """Places are those of the key's value, offsets those of the key."""
    if subject.found.role is not None:
        yield from misspelt_keys(subject.found.role)
    if subject.body is None:
        return
    yield from _unknown_keys(subject.body, BODY_KEYS, POLICY_KEY, but="depends")
    for view in subject.statements:
        yield from _unknown_keys(view.node, STATEMENT_KEYS, STATEMENT_KEY)
        if isinstance(view.resource, Object):
            yield from _unknown_keys(view.resource, ("uri",), RESOURCE_KEY)


def misspelt_keys(role: Object) -> Iterator[Remark]:
    """Whether IAM takes the other unknown keys of a role is not known (PB058)."""
    return _unknown_keys(role, ROLE_KEYS, ROLE_KEY, only_misspelt=True)


ACTION_IS_NO_TEXT = Wording("An action must be a text; this is {found}.", "Put it in quotes.")
RESOURCE_IS_NO_TEXT = Wording("A resource URI must be a text; this is {found}.", "Put it in quotes.")
VALUE_IS_NO_TEXT = Wording("A value of a condition must be a text; this is {found}.", "Put it in quotes.")


def value_is_text(subject: PolicySubject) -> Iterator[Remark]:
    """Of actions, resource URIs and the values of conditions; Effect and Version have codes of their own."""
    for view in subject.statements:
        for entry in (*view.actions, *view.not_actions):
            if not isinstance(entry.node, String):
                yield Remark(entry.node, ACTION_IS_NO_TEXT, {"found": described(entry.node)})
        for node in iam_resources.uris(view):
            if not isinstance(node, String):
                yield Remark(node, RESOURCE_IS_NO_TEXT, {"found": described(node)})
    for use in iam_conditions.uses(subject):
        for node in use.values:
            if not isinstance(node, String):
                single = isinstance(node, Number) or (isinstance(node, Literal) and node.value is not None)
                fix = respell(node, subject.text[node.start : node.end]) if single else None
                yield Remark(node, VALUE_IS_NO_TEXT, {"found": described(node)}, fix)


def _described(label: Label) -> str:
    return described(label.node) if label.node else "something else"


def _unknown_keys(
    node: Object, keys: tuple[str, ...], wordings: KeyWordings, but: str = "", *, only_misspelt: bool = False
) -> Iterator[Remark]:
    spelt = {key.casefold(): key for key in keys}
    present = {each.key.value for each in node.members}
    for index, each in enumerate(node.members):
        key = each.key.value
        if key in spelt.values() or key.casefold() == but:
            continue
        meant = spelt.get(key.casefold())
        if meant and meant not in present:
            present.add(meant)  # of two misspelt ones only the first can become it
            yield Remark(each.key, wordings.misspelt, {"key": key, "meant": meant}, respell(each.key, meant))
        elif only_misspelt:
            continue
        elif key in BUCKET_KEYS:
            fix = remove_member(node, index, TAKE_KEY_OUT, {"key": key}) if key in NAMES_ONLY else None
            yield Remark(each.key, wordings.of_buckets, {"key": key}, fix)
        else:
            yield Remark(each.key, wordings.unknown, {"key": key, "keys": keys})


RULES = (
    Rule("IAM.1001", Severity.ERROR, "The name is missing, no text, empty, or holds spaces", name_is_text),
    Rule("IAM.1002", Severity.ERROR, "The name is longer than 64 characters", name_is_short),
    Rule("IAM.1003", Severity.ERROR, "The name holds characters that are not allowed", name_is_legible),
    Rule("IAM.1004", Severity.ERROR, "The type is missing, no text, or empty", level_is_text),
    Rule("IAM.1009", Severity.ERROR, "The type is neither AX nor XA", level_is_known),
    Rule("IAM.1018", Severity.ERROR, "The description is not valid", description_is_text),
    Rule("IAM.1020", Severity.ERROR, "The policy is no JSON object", policy_is_object),
    Rule("IAM.1021", Severity.ERROR, "The policy is longer than 6,144 characters", policy_is_short),
    Rule("IAM.1024", Severity.ERROR, "Version is not 1.1", version_is_known),
    Rule("IAM.1025", Severity.ERROR, "The policy holds Depends, which only roles have", no_depends),
    Rule("IAM.1027", Severity.ERROR, "Statement is no list", statements_are_listed),
    Rule("IAM.1028", Severity.ERROR, "There are no statements, or more than 8", statements_are_few),
    *iam_actions.RULES,
    *iam_resources.RULES,
    *iam_conditions.RULES,
    Rule("IAM.1059", Severity.ERROR, "The policy holds a key that IAM does not know", key_is_known),
    Rule("IAM.1060", Severity.ERROR, "A value that must be a text is none", value_is_text),
)
