"""The bench attacks every address that takes a draft or a text: none of the URLconf is forgotten."""

from django.urls import URLPattern, URLResolver, get_resolver, resolve

from bench import addresses
from bench.attack import FORM


def names(resolver: URLResolver) -> set[str]:
    """The names of all addresses. Only the answer to an unknown address has no name."""
    found: set[str] = set()
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            found |= names(each)
        elif isinstance(each, URLPattern) and each.name:
            found.add(each.name)
    return found


def test_each_address_is_attacked_or_known_to_take_neither_a_draft_nor_a_text():
    attacked = {address.url for address in (*addresses.DRAFTS, *addresses.TEXTS)}

    assert attacked | addresses.NEITHER == names(get_resolver())
    assert attacked & addresses.NEITHER == set()


def test_each_way_leads_to_the_address_that_it_is_listed_under():
    ways = [(address.url, way("", ["aecs:*:*"])) for address in addresses.DRAFTS for way in address.ways]
    ways += [(address.url, way("", "a")) for address in addresses.TEXTS for way in address.ways]

    assert [url for url, attack in ways if resolve(attack.path.partition("?")[0]).url_name != url] == []


def test_each_form_is_sent_as_an_upload_too():
    for address in (*addresses.DRAFTS, *addresses.TEXTS):
        types = {way("", ["aecs:*:*"] if address in addresses.DRAFTS else "a").content_type for way in address.ways}
        uploads = {each for each in types if each.startswith("multipart/")}

        assert bool(uploads) == (FORM in types), address.url
