"""The acceptance sheet over the whole catalogue: each call that proves a refusal is really refused."""

from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.building.acceptance import Why, expected, trials
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Selection
from tests.builders import whole_catalog

NEVER_REFUSED = {"vpc", "eip"}  # by their pages “Precautions for API permissions”
REFUSED = {Answer.DENIED, Answer.NOT_ALLOWED}


def calls(operation):
    return {(call.method, call.path) for call in operation.calls}


def test_every_proof_is_a_call_that_its_service_refuses():
    """A draft of the first operation of each service."""
    cloud = whole_catalog()
    found = set()
    for service in cloud.services:
        if not (rows := [row for row in service.operations if not row.free]):
            continue
        policy = compile_selection(cloud, Selection(frozenset({rows[0].id})))
        answers = expected(cloud, policy)
        open_calls = {
            call
            for id_, answer in answers.items()
            if answer.iam_project.decision not in REFUSED
            for call in calls(cloud.operations[id_])
        }
        listed = trials(cloud, policy)
        proofs = [trial for trial in listed if trial.why is Why.LIMIT]
        for trial in proofs:
            services = {each.slug for each in cloud.services_of(trial.operation)}
            assert trial.operation.access != "read" or not services & NEVER_REFUSED
            assert not trial.operation.free
            assert calls(trial.operation)
            assert not calls(trial.operation) & open_calls
        for trial in listed:
            services = {each.slug for each in cloud.services_of(trial.operation)}
            assert trial.never_refused == (trial.operation.access == "read" and bool(services & NEVER_REFUSED))
        found.update(trial.why for trial in listed)
    assert {Why.SELECTED, Why.LIMIT} <= found
