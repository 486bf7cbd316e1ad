"""The search of a catalogue, kept while the process holds that catalogue."""

from functools import lru_cache

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.searching.search import Search


@lru_cache(maxsize=1)
def search_of(catalog: Catalog) -> Search:
    return Search(catalog)
