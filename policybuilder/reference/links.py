"""Where the vendor publishes a page, and what page a label of its documentation stands on."""

import re

from policybuilder.reference.journal import Journal, Place
from policybuilder.reference.repositories import Repository
from policybuilder.reference.tables import Reference

SITE = "https://docs.otc.t-systems.com"

_label = re.compile(r"^\.\. _([^:\n]+):\s*$", re.MULTILINE)
_title = re.compile(r"^(\S.*)\n=+\s*$", re.MULTILINE)
_escape = re.compile(r"\\(.)")


def page_url(repository: str, path: str) -> str:
    """`api-ref/source/a/b.rst` of a repository is published as `<repository>/api-ref/a/b.html`."""
    return f"{SITE}/{repository}/{path.replace('/source/', '/', 1).removesuffix('.rst')}.html"


class Links:
    """The labels of one repository's manual, that is of the folder `root`; read when first asked for one."""

    def __init__(self, repository: Repository, root: str):
        self.repository = repository
        self.root = root
        self._pages: dict[str, tuple[str, str]] | None = None

    def pages(self, references: tuple[Reference, ...], place: Place, journal: Journal) -> tuple[tuple[str, str], ...]:
        """(title, URL) of the page that each reference leads to; one that leads nowhere is remarked on and left out."""
        if references and self._pages is None:
            self._pages = self._labels()
        found = []
        for reference in references:
            page = (self._pages or {}).get(reference.label.casefold())
            if page is None:
                journal.remark("links that lead to no page", f"{place}: {reference.title} <{reference.label}>")
            else:
                found.append(page)
        return tuple(dict.fromkeys(found))

    def _labels(self) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for path, text in self.repository.read(self.repository.paths(self.root)).items():
            title = _title.search(text)
            if title:
                page = (_escape.sub(r"\1", title[1].strip()), page_url(self.repository.name, path))
                for label in _label.findall(text):
                    found.setdefault(label.strip().casefold(), page)
        return found
