"""A second evaluator, as slow and as plain as can be; nothing in it comes from the project's own.

A policy is (where it is granted, [statement]); a statement is a dict with Effect, Action or NotAction, and maybe
Condition and Resource, as in JSON. A context is {key in lower case: [values]}. Truth is True, False, or None: unknown.
"""

import re
from datetime import UTC, datetime
from fractions import Fraction
from itertools import product

DENIED, NOT_ALLOWED, ALLOWED = 0, 1, 2  # from the worst
WORDS = {DENIED: "denied", NOT_ALLOWED: "not_allowed", ALLOWED: "allowed"}


def stands_for(pattern, name):
    """Whether an action is meant by a name or wildcard."""
    service, resource_type, verb = pattern.split(":")
    regex = ":".join(
        [
            re.escape(service).replace(r"\*", "[^:]*"),
            "(?i:" + re.escape(resource_type).replace(r"\*", "[^:]*") + ")",
            "(?i:" + re.escape(verb).replace(r"\*", "[^:]*") + ")",
        ]
    )
    return re.fullmatch(regex, name) is not None


def meet(pattern, name):
    """Whether an action may be meant by both."""
    return all(
        share(*(texts if at == 0 else map(str.lower, texts)))
        for at, texts in enumerate(zip(pattern.split(":"), name.split(":"), strict=True))
    )


def share(one, other):
    """Whether some text fits both."""
    if one[:1] == "*":
        return share(one[1:], other) or (other != "" and share(one, other[1:]))
    if other[:1] == "*":
        return share(other, one)
    return one[:1] == other[:1] and (one == "" or share(one[1:], other[1:]))


def moment(text):
    """Seconds since the beginning of 1970, as a fraction; a time without a zone is in UTC."""
    found = re.fullmatch(
        r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:(Z)|([+-])(\d\d):(\d\d))?)?", text
    )
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    whole = Fraction(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    whole += Fraction(int(found[7] or 0), 10 ** len(found[7] or ""))
    if found[9]:
        whole -= (1 if found[9] == "+" else -1) * (int(found[10]) * 3600 + int(found[11]) * 60)
    return whole


def one_matches(base, given, wanted):
    """Whether one value of the request matches one of the condition, by a positive operator."""
    if base == "StringEquals":
        return given == wanted
    if base == "StringEqualsIgnoreCase":
        return given.lower() == wanted.lower()
    if base in ("StringMatch", "StringLike"):
        parts = [".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in wanted]
        return re.fullmatch("".join(parts), given, re.DOTALL) is not None
    if base == "StringStartWith":
        return given[: len(wanted)] == wanted
    if base == "StringEndWith":
        return given[len(given) - len(wanted) :] == wanted if len(wanted) <= len(given) else False
    if base == "Bool":
        return given.lower() == wanted.lower()
    read = moment if base.startswith("Date") else Fraction
    how = base.removeprefix("Date").removeprefix("Number")
    one, other = read(given), read(wanted)
    return {
        "Equals": one == other,
        "LessThan": one < other,
        "LessThanEquals": one <= other,
        "GreaterThan": one > other,
        "GreaterThanEquals": one >= other,
    }[how]


# The manual does not say how these treat a request without the key.
UNDOCUMENTED = [("", True), ("ForAllValues", False), ("ForAllValues", True)]
NO_READING = dict.fromkeys(UNDOCUMENTED)
READINGS = [dict(zip(UNDOCUMENTED, truths, strict=True)) for truths in product([True, False], repeat=3)]


def condition_holds(operator, wanted, given, reading=NO_READING):
    """`given`: the values of the key; [] for an absent key, None for an unknown one. `reading` decides UNDOCUMENTED."""
    if given is None:
        return None
    prefix, _, base = operator.rpartition(":")
    if base == "Null":
        return ("true" if given == [] else "false") in [value.lower() for value in wanted]
    if base.endswith("IfExists"):
        base = base[: -len("IfExists")]
        if given == []:
            return True
    negated = {"StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotMatch", "NumberNotEquals"}
    if given == []:
        return reading.get((prefix, base in negated), False)
    positive = base.replace("Not", "") if base in negated else base
    good = 0
    for value in given:
        hit = any(one_matches(positive, value, target) for target in wanted)
        if hit != (base in negated):
            good += 1
    if prefix == "ForAllValues" or (prefix == "" and base in negated):
        return good == len(given)
    return good > 0


def speaks_of(statement, name):
    """Of a wildcard: of all that it covers."""
    if "NotAction" in statement:
        return not any(meet(pattern, name) for pattern in statement["NotAction"])
    return any(stands_for(pattern, name) for pattern in statement["Action"])


def speaks_of_some(statement, wildcard):
    if "NotAction" in statement:
        return not any(stands_for(pattern, wildcard) for pattern in statement["NotAction"])
    return any(meet(pattern, wildcard) for pattern in statement["Action"])


def applies(statement, context, reading=NO_READING):
    unknown = "Resource" in statement
    for operator, keys in statement.get("Condition", {}).items():
        for key, wanted in keys.items():
            holds = condition_holds(operator, wanted, context.get(key.lower()), reading)
            if holds is False:
                return False
            if holds is None:
                unknown = True
    return None if unknown else True


def together(wildcard, supports):
    """Whether what a wildcard stands for supports enterprise projects."""
    found = {support for name, support in supports.items() if stands_for(wildcard, name)}
    if len(found) == 1:
        return min(found)
    return "varies" if "varies" in found or {"yes", "no"} <= found else "unknown"


def needed(policies, name, project, support, context):
    """The answers to what an operation needs. Which actions of a wildcard it needs is not known; that matters only
    where some may be allowed."""
    if "*" not in name:
        return set(answers(policies, name, project, support, context))
    found = set(answers(policies, name, project, support, context, in_part=True))
    return found if ALLOWED in found else set(answers(policies, name, project, support, context))


def answers(policies, name, project, support, context, in_part=False):
    """Every answer to one action over all that is not known, each with the statements that make it. A wildcard asks for
    all that it covers, `in_part` for some of it."""
    relevant = []
    for at, (granted_in, statements) in enumerate(policies):
        for index, statement in enumerate(statements):
            whole = speaks_of(statement, name)
            if whole or (speaks_of_some(statement, name) and (in_part or statement["Effect"] == "Deny")):
                truth = applies(statement, context)
                if truth and in_part and not whole:
                    truth = None
                truths = (True, False) if truth is None else (truth,)
                relevant.append((granted_in, statement["Effect"], (at, index), truths))
    supported = (True, False) if support in ("varies", "unknown") else (support == "yes",)
    found = {}
    for world in product(*(truths for *_, truths in relevant)):
        told = zip(relevant, world, strict=True)
        real = [(where, effect, place) for (where, effect, place, _), true in told if true]
        ends = [one_world(real, project, supports) for supports in supported]
        if ALLOWED not in [answer for answer, _ in ends]:
            ends = ends[:1]  # refused either way: a Deny is named, whether or not it is heard
        for answer, places in ends:
            found.setdefault(answer, set()).update(places)
    return found


def one_world(real, project, supports):
    stages = ["iam_project"] if project == "iam_project" else ["iam_project", "enterprise_project"]
    for stage in stages:
        if stage == "enterprise_project" and not supports:
            continue
        denies = [place for where, effect, place in real if where == stage and effect == "Deny"]
        allows = [place for where, effect, place in real if where == stage and effect == "Allow"]
        if denies:
            return DENIED, denies
        if allows:
            return ALLOWED, allows
    return NOT_ALLOWED, []


def action_decision(policies, name, project, support, context):
    return in_words(answers(policies, name, project, support, context))


def operation_decision(policies, operation, supports, project, context):
    """`supports`: action -> support, for those that the operation's row does not tell."""
    if not operation.all_actions():
        return "allowed"
    row = operation.scope.enterprise_project.value

    def asked(actions, dependencies):
        for name in actions:
            yield needed(policies, name, project, supports[name] if row == "unknown" else row, context)
        for name in dependencies:
            if name not in actions:
                yield needed(policies, name, project, supports[name], context)

    shared = list(asked(operation.actions, operation.dependencies))
    ways = [list(asked(option.actions, option.dependencies)) for option in operation.options] or [[]]
    found = set()
    for world in product(*shared):
        best = [{min(chosen, default=ALLOWED) for chosen in product(*way)} for way in ways]
        for chosen in product(*best):
            found.add(min([*world, max(chosen)]))
    return in_words(found)


def in_words(found):
    return WORDS[next(iter(found))] if len(found) == 1 else "depends"
