"""What IAM refuses when a custom policy is created: its name, level and description, the policy as a whole, its keys.

One function per error code, in the order of the codes; statements and actions, resources, and conditions have modules
of their own. Where no manual lists the valid characters (IAM.1003, 1018, 1047, 1057), only invisible ones are refused;
`documented` counts the others as not checked.
Source: IAM API reference, error codes, and "Creating a Custom Policy".
"""

from collections.abc import Iterator

from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.nodes import Array, Literal, Node, Number, Object, String, described
from policybuilder.domain.policy.condition_terms import BUCKET_KEYS
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS, VERSION
from policybuilder.domain.policy.reading import BODY_KEYS, NAMES_ONLY, ROLE_KEYS, STATEMENT_KEYS, member, value
from policybuilder.domain.words import invisible, quoted

from . import iam_actions, iam_conditions, iam_resources
from .rule import Fix, Label, PolicySubject, Remark, Rule, insert_first, remove_member, respell, rewrite, wrap

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


def name_is_text(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.name
    if label is None:
        return
    hint = "Give the policy a name without spaces, e.g. server-operators."
    if label.missing:
        yield label.remark("The policy has no display_name.", hint)
    elif label.text is None:
        yield label.remark(f"The policy's name must be a text; this is {_described(label)}.", hint)
    elif not label.text:
        yield label.remark("The policy's name is empty.", hint)
    elif any(char.isspace() for char in label.text):
        yield label.remark(f"The policy's name {quoted(label.text)} holds spaces.", "Write hyphens in their place.")


def name_is_short(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.name
    if label and label.text and len(label.text) > MAX_NAME_CHARACTERS:
        message = f"The policy's name has {len(label.text):,} characters; IAM takes {MAX_NAME_CHARACTERS}."
        yield label.remark(message, "Shorten it; what the policy is for can stand in the description.")


def name_is_legible(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.name
    if label and label.text and (found := invisible(label.text)):
        yield label.remark(f"The policy's name holds the character {found}.", "Type the name anew.")


def level_is_text(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.level
    if label is None:
        return
    hint = "Write XA for services of a region's projects, such as ECS, or AX for global services, such as IAM."
    if label.missing:
        yield label.remark("The policy has no type.", hint)
    elif label.text is None:
        yield label.remark(f"The policy's type must be a text; this is {_described(label)}.", hint)
    elif not label.text.strip():
        yield label.remark("The policy's type is empty.", hint)


def level_is_known(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.level
    if label is None or label.text is None or not label.text.strip() or label.text in set(Level):
        return
    meant = label.text.strip().upper()
    fix = respell(label.node, meant) if label.node and meant in set(Level) else None
    hint = "Write XA for services of a region's projects, such as ECS, or AX for global services, such as IAM."
    yield label.remark(f"The policy's type is {quoted(label.text)}; it must be AX or XA.", hint, fix)


def description_is_text(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.description
    if label is None:
        return
    if label.text is None:
        yield label.remark(f"The description must be a text; this is {_described(label)}.", "Put it in quotes.")
    elif found := invisible(label.text, allowed=LINE_ENDS):
        yield label.remark(f"The description holds the character {found}.", "Type the description anew.")


def policy_is_object(subject: PolicySubject) -> Iterator[Remark]:
    if subject.found.body is None:
        message = "The role has no policy."
        yield Remark(subject.found.role, message, "Add the document under the key policy.", place="policy")
    elif subject.body is None:
        message = f"A policy must be a JSON object; this is {described(subject.found.body)}."
        yield Remark(subject.found.body, message, 'Paste the whole policy, from {"Version" to its last bracket.')


def policy_is_short(subject: PolicySubject) -> Iterator[Remark]:
    over = subject.size.characters - MAX_CHARACTERS
    if over > 0:
        counted_so, hint = (
            " without optional space",
            "Make it shorter, or split the policy in two.",
        )
        if subject.selected:
            counted_so, hint = "", LESS
        yield from subject.as_a_whole(
            f"The policy has {subject.size.characters:,} characters{counted_so}, "
            f"{over:,} more than IAM's limit of {MAX_CHARACTERS:,}.",
            hint,
        )


def version_is_known(subject: PolicySubject) -> Iterator[Remark]:
    if subject.body is None:
        return
    node = value(subject.body, "Version")
    title = f"Write Version {VERSION}"
    if node is None:
        fix = insert_first(subject.body, f'"Version": "{VERSION}"', subject.text, title)
        message = "The policy has no Version."
        yield Remark(subject.body, message, f"Add “Version” with the value “{VERSION}”.", fix)
    elif not (isinstance(node, String) and node.value == VERSION):
        message = f"Version is {described(node)}; for a custom policy it must be the text “{VERSION}”."
        yield Remark(node, message, f'Write "{VERSION}", in quotes.', rewrite(node, f'"{VERSION}"', title))


def no_depends(subject: PolicySubject) -> Iterator[Remark]:
    if subject.body:
        for found in subject.body.members:
            if found.key.value.casefold() == "depends":
                message = f"The policy holds {quoted(found.key.value)}, which only roles have."
                hint = "Take it out, and grant what it names beside this policy."
                yield Remark(found.value, message, hint)


def statements_are_listed(subject: PolicySubject) -> Iterator[Remark]:
    node = value(subject.body, "Statement")
    if node is not None and not isinstance(node, Array):
        fix = wrap(node, "Make it a list of one statement") if isinstance(node, Object) else None
        message = f"Statement must be a list; this is {described(node)}."
        yield Remark(node, message, "Put the statements in square brackets.", fix)


def statements_are_few(subject: PolicySubject) -> Iterator[Remark]:
    if subject.body is None:
        return
    if subject.selected:
        yield from _selected_are_few(subject)
        return
    node = value(subject.body, "Statement")
    if node is None:
        alone = member(subject.body, "Effect") is not None
        hint = 'Put it in {"Version": "1.1", "Statement": [ … ]}.' if alone else "Add “Statement” with what is allowed."
        message = "This is a statement and not a policy." if alone else "The policy has no Statement."
        yield Remark(subject.body, message, hint)
    elif isinstance(node, Array) and not node.items:
        yield Remark(node, "The policy has no statement: it grants nothing.", "Add a statement with what is allowed.")
    elif isinstance(node, Array) and len(node.items) > MAX_STATEMENTS:
        message = f"The policy has {len(node.items):,} statements; IAM takes {MAX_STATEMENTS}."
        hint = f"Join statements of the same effect, up to {MAX_ACTIONS} actions each, or split the policy in two."
        yield Remark(node, message, hint)


def _selected_are_few(subject: PolicySubject) -> Iterator[Remark]:
    number = subject.size.statements
    if number == 0 and _selected_are_free(subject):
        message = "The policy has no statement: what is selected needs no authorization."
        yield from subject.as_a_whole(message, "Create no policy for it, or select what else is needed.", "Statement")
    elif number == 0:
        message = "The policy has no statement: nothing is granted yet."
        yield from subject.as_a_whole(message, "Select at least one operation.", "Statement")
    elif number > MAX_STATEMENTS:
        message = f"The policy needs {number} statements; IAM takes {MAX_STATEMENTS} of {MAX_ACTIONS} actions each."
        yield from subject.as_a_whole(message, LESS, "Statement")


def _selected_are_free(subject: PolicySubject) -> bool:
    ids = (*subject.selected.operations.selected, *subject.selected.undeniable) if subject.selected else ()
    return bool(ids) and all(subject.catalog.operation(id_).free for id_ in ids)


def key_is_known(subject: PolicySubject) -> Iterator[Remark]:
    """Places are those of the key's value, offsets those of the key."""
    if subject.found.role is not None:
        yield from misspelt_keys(subject.found.role)
    if subject.body is None:
        return
    yield from _unknown_keys(subject.body, BODY_KEYS, "policy", but="depends")
    for view in subject.statements:
        yield from _unknown_keys(view.node, STATEMENT_KEYS, "statement")
        if isinstance(view.resource, Object):
            yield from _unknown_keys(view.resource, ("uri",), "resource object")


def misspelt_keys(role: Object) -> Iterator[Remark]:
    """Whether IAM takes the other unknown keys of a role is not known (PB058)."""
    return _unknown_keys(role, ROLE_KEYS, "role", only_misspelt=True)


def value_is_text(subject: PolicySubject) -> Iterator[Remark]:
    """Of actions, resource URIs and the values of conditions; Effect and Version have codes of their own."""
    for view in subject.statements:
        for entry in (*view.actions, *view.not_actions):
            if not isinstance(entry.node, String):
                yield _not_text(entry.node, "An action")
        for node in iam_resources.uris(view):
            if not isinstance(node, String):
                yield _not_text(node, "A resource URI")
    for use in iam_conditions.uses(subject):
        for node in use.values:
            if not isinstance(node, String):
                single = isinstance(node, Number) or (isinstance(node, Literal) and node.value is not None)
                fix = respell(node, subject.text[node.start : node.end]) if single else None
                yield _not_text(node, "A value of a condition", fix)


def _described(label: Label) -> str:
    return described(label.node) if label.node else "something else"


def _unknown_keys(
    node: Object, keys: tuple[str, ...], what: str, but: str = "", *, only_misspelt: bool = False
) -> Iterator[Remark]:
    spelt = {key.casefold(): key for key in keys}
    present = {each.key.value for each in node.members}
    for index, each in enumerate(node.members):
        key = each.key.value
        if key in spelt.values() or key.casefold() == but:
            continue
        message = f"IAM knows no key {quoted(key)} in a {what}."
        meant = spelt.get(key.casefold())
        if meant and meant not in present:
            present.add(meant)  # of two misspelt ones only the first can become it
            yield Remark(each.key, message, f"Spell it {meant}.", respell(each.key, meant))
        elif only_misspelt:
            continue
        elif key in BUCKET_KEYS:
            hint = "It belongs to bucket policies; here the user group that gets the policy says for whom it is."
            fix = remove_member(node, index, f"Take {key} out") if key in NAMES_ONLY else None
            yield Remark(each.key, message, hint, fix)
        else:
            yield Remark(each.key, message, f"Take it out; a {what} holds {', '.join(keys)} and nothing else.")


def _not_text(node: Node, what: str, fix: Fix | None = None) -> Remark:
    return Remark(node, f"{what} must be a text; this is {described(node)}.", "Put it in quotes.", fix)


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
