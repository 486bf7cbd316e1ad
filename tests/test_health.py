"""What a program that watches the server is told."""

import pytest
from django.test import Client

from policybuilder.web import catalogue


@pytest.fixture
def loaded():
    catalogue.current_catalog()


@pytest.fixture
def not_loaded():
    catalogue._read.cache_clear()


READY = {"status": "ready", "catalogue": "loaded"}


@pytest.mark.parametrize(("where", "answer"), [("/healthz", {"status": "alive"}), ("/readyz", READY)])
def test_probe_is_told_in_a_few_words(loaded, where, answer):
    client = Client()

    assert client.get(where).json() == answer
    assert (client.post(where).status_code, client.post(where)["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("where", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_probe_comes_by_address_and_without_tls(settings, loaded, where, method):
    settings.SECURE_SSL_REDIRECT = True

    response = getattr(Client(headers={"Host": "10.1.2.3:8000"}), method)(where)

    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert response["Content-Type"] == "application/json"
    assert bool(response.content) == (method == "get")
    assert response.cookies == {}


def test_process_without_a_catalogue_is_not_ready_and_no_probe_is_logged(not_loaded, caplog):
    client = Client()
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"status": "not ready", "catalogue": "missing"})
    assert client.get("/healthz").status_code == 200
    assert caplog.records == []


def test_page_makes_a_process_ready(not_loaded):
    client = Client()
    client.get("/")

    assert client.get("/readyz").json() == READY
