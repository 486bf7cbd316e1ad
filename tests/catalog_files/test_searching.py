"""The form of fixtures/synonyms.yaml, which nobody but us writes."""

import yaml

from policybuilder.catalog_files.searching import SYNONYMS, meanings
from policybuilder.catalog_files.yaml_loader import Loader
from policybuilder.domain.searching.index import Index
from policybuilder.domain.searching.words import fold, words_of
from tests.builders import whole_catalog


def test_entries_have_what_is_meant_and_what_is_said():
    entries = yaml.load(SYNONYMS.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506, a safe loader

    assert len(entries) >= 150
    for entry in entries:
        assert entry.keys() <= {"alike", "meant", "perhaps", "english", "german"}, entry
        assert ("alike" in entry) + ("meant" in entry) <= 1, entry
        assert entry.keys() & {"meant", "alike", "perhaps"}, entry
        assert "alike" in entry or entry.keys() & {"english", "german"}, entry
        for texts in entry.values():
            assert len(texts) == len(set(texts)), entry
            assert all(text == text.lower() and [*words_of(text)] for text in texts), entry


def test_everything_that_is_meant_stands_in_the_catalogue():
    index = Index(whole_catalog())

    for meaning in meanings():
        for text in (*meaning.meant, *meaning.perhaps):
            assert all(index.stem_of(fold(word)) for word in words_of(text)), text
