"""The wordings for the calls of a text that were not refused: they succeeded, or failed for another reason."""

from policybuilder.domain.findings import Plural, Wording

from .log import Log

_CALL_ALONE = Plural(
    "Where it was refused all the same, paste its refusal alone.",
    "Where one of them was refused all the same, paste its refusal alone.",
)
CALLS_SUCCEEDED = Wording(
    Plural(
        "{n:,} call in the text succeeded and was left out.", "{n:,} calls in the text succeeded and were left out."
    ),
    _CALL_ALONE,
)
CALLS_SUCCEEDED_AGAIN = Wording(
    Plural(
        "{n:,} call in the text succeeded after a refusal and was left out.",
        "{n:,} calls in the text succeeded after a refusal and were left out.",
    ),
    _CALL_ALONE,
)
SOME_CALLS_SUCCEEDED_AGAIN = Wording(
    "{n:,} calls in the text succeeded, {again:,} of them after a refusal, and were left out.", _CALL_ALONE
)
CALLS_FAILED = Wording(
    Plural(
        "{n:,} call in the text failed for another reason than a refusal and was left out.",
        "{n:,} calls in the text failed for another reason than a refusal and were left out.",
    ),
    _CALL_ALONE,
)
CALLS_SUCCEEDED_AND_FAILED = Wording(
    Plural(
        "{succeeded:,} call in the text succeeded and {failed:,} failed for another reason than a refusal: left out.",
        "{succeeded:,} calls in the text succeeded and {failed:,} failed for another reason than a refusal: left out.",
        by="succeeded",
    ),
    _CALL_ALONE,
)
CALLS_SUCCEEDED_AGAIN_AND_FAILED = Wording(
    Plural(
        "{succeeded:,} call in the text succeeded after a refusal and {failed:,} failed for another reason than a "
        "refusal: left out.",
        "{succeeded:,} calls in the text succeeded after a refusal and {failed:,} failed for another reason than a "
        "refusal: left out.",
        by="succeeded",
    ),
    _CALL_ALONE,
)
SOME_CALLS_SUCCEEDED_AGAIN_AND_FAILED = Wording(
    "{succeeded:,} calls in the text succeeded, {again:,} of them after a refusal, and {failed:,} failed for another "
    "reason than a refusal: left out.",
    _CALL_ALONE,
)


def wording_of(log: Log) -> Wording:
    if not log.succeeded:
        return CALLS_FAILED
    if not log.again:
        return CALLS_SUCCEEDED_AND_FAILED if log.failed else CALLS_SUCCEEDED
    if log.again == log.succeeded:
        return CALLS_SUCCEEDED_AGAIN_AND_FAILED if log.failed else CALLS_SUCCEEDED_AGAIN
    return SOME_CALLS_SUCCEEDED_AGAIN_AND_FAILED if log.failed else SOME_CALLS_SUCCEEDED_AGAIN
