"""The search of a catalogue, kept while the process holds that catalogue, and what its words mean to people."""

from collections import defaultdict
from pathlib import Path

import yaml

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Service
from policybuilder.domain.remembering import built_once
from policybuilder.domain.searching.search import Search
from policybuilder.domain.searching.synonyms import Meaning, Synonyms

from . import FIXTURES
from .yaml_loader import Loader

SYNONYMS: Path = FIXTURES / "synonyms.yaml"
_LIKELIEST = 2  # of what an entry is about, those that a service is called by


@built_once
def search_of(catalog: Catalog) -> Search:
    return Search(catalog, Synonyms(meanings()))


def said_for(service: Service) -> tuple[str, ...]:
    """What people say for it, such as kubernetes for CCE: lower case, in the file's order."""
    names = dict.fromkeys((service.slug, service.short.casefold()))
    return tuple(dict.fromkeys(text for name in names for text in _said().get(name, ())))


@built_once
def _said() -> dict[str, list[str]]:
    """What is likeliest meant by an entry of the file -> what is said for it."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in meanings():
        for text in each.meant[:_LIKELIEST]:
            found[text] += (*each.english, *each.german)
    return dict(found)


def meanings() -> tuple[Meaning, ...]:
    """What fixtures/synonyms.yaml says. Nobody but us writes it: a test holds it to its form."""
    entries = yaml.load(SYNONYMS.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506, a safe loader
    return tuple(
        Meaning(
            meant=tuple(entry.get("alike") or entry.get("meant", ())),
            perhaps=tuple(entry.get("perhaps", ())),
            english=tuple(entry.get("english", ())),
            german=tuple(entry.get("german", ())),
            alike="alike" in entry,
        )
        for entry in entries
    )
