"""The acceptance sheet over the whole catalogue: a call that proves a limit is one that the vendor refuses with 403."""

import csv
import io
import re
from collections import defaultdict

from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.building.acceptance import Why, expected, trials
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.work import Work
from policybuilder.drafts.addresses import address
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.pages.sheet.page import SheetPage
from tests.builders import whole_catalog
from tests.elements import read_elements
from tests.pages.tab import words
from tests.whole_cloud.test_numbers import STARTS

CATALOG = whole_catalog()
# Services whose pages say: "response code 200 will be returned when you query network resources and an empty list".
EMPTY_LISTS = {"eip", "vpc"}
ADDED = {Why.LIMIT, Why.EMPTY}
REFUSED = {Answer.DENIED, Answer.NOT_ALLOWED}
EVERY = 40  # of the starting points, one of so many


def one_operation_each() -> list[Draft]:
    """For each service a draft of its first operation that needs an authorization, or of all that read, by turns."""
    drafts = []
    for service in CATALOG.services:
        own = [operation for operation in service.operations if not operation.free]
        reading = [operation.id for operation in own if operation.access == "read"]
        if own:
            drafts.append(Draft.of(Selection(frozenset(reading if len(drafts) % 2 else [own[0].id]))))
    return drafts


def addresses(operation):
    """Its calls with the hosts that they can go to, each placeholder as `*` and without what the body says."""
    services = CATALOG.services_of(operation)
    hosts = [host for service in services for host in service.endpoints] or [service.slug for service in services]
    for call in operation.calls:
        path = re.sub(r"\{[^}]*\}", "*", re.split(r"[,? ]", call.path)[0] if call.method else call.path)
        yield from ((host, call.method, path.lower().rstrip("/")) for host in hosts)


def sharing() -> dict[str, set[str]]:
    """The other operations that have a call of an operation, by its id."""
    by_address = defaultdict(set)
    for operation in CATALOG.operations.values():
        for call in addresses(operation):
            by_address[call].add(operation.id)
    return {
        operation.id: {id_ for call in addresses(operation) for id_ in by_address[call]} - {operation.id}
        for operation in CATALOG.operations.values()
    }


SHARING = sharing()


def one_operation_of_each_shared_call() -> list[Draft]:
    """Calls that operations share at one address although their texts differ: the first operation of each."""
    firsts = {}
    for id_, others in SHARING.items():
        texts = {str(call) for call in CATALOG.operations[id_].calls}
        if any(texts.isdisjoint(map(str, CATALOG.operations[other].calls)) for other in others):
            firsts.setdefault(frozenset(addresses(CATALOG.operations[id_])), id_)
    return [Draft.of(Selection(frozenset({id_}))) for id_ in firsts.values()]


def let_through(draft: Draft) -> set[str]:
    """The operations that are not surely refused in each kind of project."""
    answers = expected(CATALOG, compiled(CATALOG, draft), Work())
    return {
        id_
        for id_, answer in answers.items()
        if not {answer.iam_project.decision, answer.enterprise_project.decision} <= REFUSED
    }


def test_no_call_that_must_be_refused_can_be_answered_otherwise():
    whys = set()
    for draft in (
        [start.draft for start in STARTS[::EVERY]] + one_operation_each() + one_operation_of_each_shared_call()
    ):
        tried = trials(CATALOG, compiled(CATALOG, draft), Work())
        for trial in tried:
            operation = trial.operation
            empty = operation.access == "read" and operation.service in EMPTY_LISTS
            got = {trial.iam_project.decision, trial.enterprise_project.decision}
            assert trial.never_refused == empty
            if trial.why in ADDED:
                assert got <= REFUSED
                assert operation.calls
                assert not operation.free
                assert empty == (trial.why is Why.EMPTY)
        added = [trial.operation.id for trial in tried if trial.why in ADDED]
        whys |= {trial.why for trial in tried}
        if any(SHARING[id_] for id_ in added):
            allowed = let_through(draft)
            assert {id_: found for id_ in added if (found := SHARING[id_] & allowed)} == {}
    assert Why.LIMIT in whys


def test_row_has_a_remark_if_another_row_has_the_same_call_and_another_answer():
    """Of two operations with one call, one is allowed and the other denied."""
    remarks, denied = 0, set()
    for id_, others in SHARING.items():
        first = min(others, default=id_)
        if first == id_ or first in denied:
            continue
        denied.add(first)
        draft = Draft((Block(Selection(frozenset({id_}))), Block(Selection(frozenset({first})), Effect.DENY)))
        rows = {row.trial.operation.id: row for row in SheetPage(CATALOG, draft, Work()).rows}
        answers = {each: (row.iam_project, row.enterprise_project) for each, row in rows.items()}
        for each, row in rows.items():
            differs = any(answers[other] != answers[each] for other in SHARING[each] & rows.keys())
            assert any("the same call and another answer" in remark for remark in row.remarks) == differs, each
            remarks += differs
    assert remarks > 100


def test_remark_names_the_operation_with_the_same_call():
    publish, withdraw = (
        next(o for o in CATALOG.operations.values() if o.service == "apig" and o.title == title)
        for title in ("Publishing an API", "Taking an API offline")
    )
    blocks = (Block(Selection(frozenset({publish.id}))), Block(Selection(frozenset({withdraw.id})), Effect.DENY))
    rows = {row.trial.operation.id: row for row in SheetPage(CATALOG, Draft(blocks), Work()).rows}

    told = "“{}” has the same call and another answer: only parameters or the body tell them apart."
    assert told.format("Taking an API offline") in rows[publish.id].remarks
    assert told.format("Publishing an API") in rows[withdraw.id].remarks


def test_page_explains_the_empty_list_and_csv_expects_it(visitor):
    changing = frozenset(o.id for o in CATALOG.services_by_slug["vpc"].operations if o.access == "write")
    draft = Draft.of(Selection(changing))
    page = read_elements(visitor.get(address(draft, name="sheet")).content.decode())
    lines = csv.DictReader(io.StringIO(visitor.get(address(draft, name="sheet-csv")).content.decode("utf-8-sig")))

    (row,) = page.select("tbody.trial-empty")
    assert words(row.select_one(".trial-title")) == "Querying VPCs"
    assert {words(cell) for cell in row.select(".answer")} == {"empty"}
    assert "Empty" in [words(term) for term in page.select("strong")]
    assert {line["Expected in the IAM project"] for line in lines if line["Operation"] == "Querying VPCs"} == {"empty"}
