import pytest

from policybuilder.domain.searching.pasted import is_pasted, meant_by
from policybuilder.drafts.reading import read_query
from tests.builders import whole_catalog

CATALOG = whole_catalog()
ID, UUID, TOKEN = "0123456789abcdef0123456789abcdef", "11112222-3333-4444-5555-666677778888", "MIIFsecretSECRET=="
HEADERS = f"-H 'X-Auth-Token: {TOKEN}' -H 'Content-Type: application/json'"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "delete disk",
        "POST /v1/{project_id}/vpcs",
        "GET /v3/{project_id}/backups?instance_id={instance_id}",
        "ecs:cloudServers:list",
        "vpc:subnets",
        'the "disk" of',
    ],
)
def test_what_is_typed_stays(text):
    assert not is_pasted(text)
    assert read_query(CATALOG, text) == text


@pytest.mark.parametrize(
    ("text", "query"),
    [
        (f"https://vpc.eu-de.otc.t-systems.com/v1/{ID}/vpcs/{UUID}", "/v1/{project_id}/vpcs/{vpc_id}"),
        (f"DELETE https://vpc.eu-de.otc.t-systems.com/v1/{ID}/vpcs/{UUID}", "DELETE /v1/{project_id}/vpcs/{vpc_id}"),
        (f"/v1/{ID}/vpcs", "/v1/{project_id}/vpcs"),
        ("/v1/mine/cloudservers/detail?name=geheim", "/v1/{project_id}/cloudservers/detail"),
        ("password=geheim", ""),
        (f"Authorization: Bearer {TOKEN}", None),
        ("my key is geheimGEHEIM12345678", "my key is"),  # letters and digits by chance
        (
            f"curl -X POST https://vpc.eu-de.otc.t-systems.com/v1/{ID}/vpcs {HEADERS} "
            '-d \'{"vpc": {"name": "geheim"}}\'',
            "POST /v1/{project_id}/vpcs",
        ),
        (
            f"curl -X POST \\\n  https://ecs.eu-de.otc.t-systems.com/v2.1/{ID}/servers/{UUID}/action \\\n"
            f"  {HEADERS} \\\n"
            "  -d '{\"os-start\": null}'",
            "ecs:servers:start",
        ),
        (
            '{"error": {"message": "Policy doesn\'t allow ecs:servers:delete to be performed.", "code": 403}}',
            "ecs:servers:delete",
        ),
        (f"GET /v9/{ID}/geheim/vpcs {HEADERS}", "GET /v9/{id}/{id}/vpcs"),  # no call that is known
        (f"X-Auth-Token: {TOKEN}", ""),
        ("X-Auth-Token: geheim", ""),  # letters alone
        ("Authorization: Bearer geheim", "Authorization:"),
        ("lorem ipsum " * 20, " ".join(["lorem", "ipsum"] * 8)),  # the words that have room, and no part of one
        (f"{TOKEN} {UUID} something is forbidden here, please help me " * 3, None),
    ],
)
def test_what_is_pasted_becomes_what_is_meant_without_its_secrets(text, query):
    read = read_query(CATALOG, text)

    if query is not None:
        assert read == query
    for secret in (ID, UUID, TOKEN, "geheim", "otc.t-systems"):
        assert secret not in read
    assert read_query(CATALOG, read) == read  # as it stands in the address from now on


def test_every_call_of_the_catalogue_is_found_by_what_its_address_becomes():
    for row in CATALOG.operations.values():
        for call in row.calls[:1]:
            if call.method:
                query = meant_by(CATALOG, str(call))
                assert read_query(CATALOG, query) == query, call
