"""The elements of a page, as the tests look for them and as a browser's tab changes them.

lxml reads a page of the builder twelve times as fast as BeautifulSoup does, and the tests read thousands of them. What
is here has the names that BeautifulSoup made known, and no more of them than the tests need.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree, html
from lxml.cssselect import CSSSelector

# Attributes that are lists of words.
LISTS = {"class", "rel"}
# The text that somebody reads: what is in a script is not.
_READ = etree.XPath(
    ".//text()[not(parent::script or parent::style or parent::template)]", smart_strings=False, regexp=False
)


def read_elements(text: str) -> "Element":
    """A document, or a part of one, such as an answer to htmx: what holds its elements is no element of it.

    lxml reads "\\0" as "\\ufffd", and gives `checked` and its like their own names for a value.
    """
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    root = html.Element("document")
    if re.match(r"\s*<!doctype", text, re.IGNORECASE):
        root.append(html.document_fromstring(text, parser=parser))
    else:
        body = html.document_fromstring(f"<html><body>{text}</body></html>", parser=parser).body
        root.text = body.text
        root.extend(list(body))
    return Element(root)


@cache
def _selector(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


@dataclass(frozen=True, slots=True, repr=False)
class Element:
    """One element: the same as another if it is the same place in the same page."""

    node: html.HtmlElement

    # Looking for others

    def select(self, css: str) -> list["Element"]:
        return [Element(node) for node in _selector(css)(self.node) if node is not self.node]

    def select_one(self, css: str) -> "Element | None":
        return next(iter(self.select(css)), None)

    def find_all(
        self,
        name: str | Iterable[str] | bool = True,
        *,
        id: str | bool | None = None,
        attrs: dict[str, Any] | None = None,
        string: str | None = None,
        recursive: bool = True,
    ) -> list["Element"]:
        """Those of a name, or of one of several, whose attributes have these values. True is any value."""
        wanted = (attrs or {}) | ({} if id is None else {"id": id})
        names = () if name is True else (name,) if isinstance(name, str) else tuple(name)
        nodes = self.node.iterdescendants(*names) if recursive else self.node.iterchildren(*names)
        return [
            Element(node)
            for node in nodes
            if all(node.get(key) == value or (value is True and key in node.attrib) for key, value in wanted.items())
            and (string is None or node.text == string)
        ]

    def find(self, name: str | Iterable[str] | bool = True, **wanted: Any) -> "Element | None":
        return next(iter(self.find_all(name, **wanted)), None)

    def find_parent(self, name: str | None = None, *, id: str | None = None) -> "Element | None":
        found = self.node.iterancestors(*([name] if name else []))
        return next((Element(node) for node in found if id is None or node.get("id") == id), None)

    def find_next_sibling(self, name: str) -> "Element | None":
        return next((Element(node) for node in self.node.itersiblings(name)), None)

    def find_previous_siblings(self) -> list["Element"]:
        """The nearest first."""
        return [Element(node) for node in self.node.itersiblings(preceding=True)]

    def __getattr__(self, name: str) -> "Element":
        """The first one of this name, as in page.title and page.h1."""
        found = None if name.startswith("_") else self.find(name)
        if found is None:
            raise AttributeError(f"<{self.name}> holds no <{name}>")
        return found

    @property
    def children(self) -> "Iterator[Element | str]":
        """Elements, and the texts between them."""
        if self.node.text:
            yield self.node.text
        for node in self.node:
            yield Element(node)
            if node.tail:
                yield node.tail

    # What it is

    @property
    def name(self) -> str:
        return self.node.tag

    @property
    def attrs(self) -> Any:
        """Its attributes as they are written. A change of these is one of the element."""
        return self.node.attrib

    def get(self, name: str, default: Any = None) -> Any:
        value = self.node.get(name, default)
        return value.split() if name in LISTS and isinstance(value, str) else value

    def has_attr(self, name: str) -> bool:
        return name in self.node.attrib

    def __getitem__(self, name: str) -> Any:
        if name not in self.node.attrib:
            raise KeyError(name)
        return self.get(name)

    def get_text(self, separator: str = "", *, strip: bool = False) -> str:
        """Everything that is read in it. `strip`: each of its texts without the space around it, if any is left."""
        own = self.name in {"script", "style", "template"}
        pieces = self.node.itertext() if own else _READ(self.node)
        return separator.join(filter(None, map(str.strip, pieces)) if strip else pieces)

    @property
    def text(self) -> str:
        return self.get_text()

    @property
    def string(self) -> str | None:
        """Its text, if that is all there is in it."""
        return None if len(self.node) else self.node.text

    def __str__(self) -> str:
        if self.name == "document":
            return "".join(map(str, self.children))
        return etree.tostring(self.node, method="html", encoding="unicode", with_tail=False)

    __repr__ = __str__

    # Changing it

    def __setitem__(self, name: str, value: str) -> None:
        self.node.set(name, value)

    def __delitem__(self, name: str) -> None:
        del self.node.attrib[name]

    def extract(self) -> "Element":
        self.node.drop_tree()
        self.node.tail = None
        return self

    def replace_with(self, other: "Element") -> None:
        other.node.tail = self.node.tail
        self.node.getparent().replace(self.node, other.node)

    def fill(self, other: "Element") -> None:
        """What the other one holds takes the place of what this one held."""
        del self.node[:]
        self.node.text = other.node.text
        self.node.extend(list(other.node))

    def insert_first(self, other: "Element") -> None:
        other.node.tail, self.node.text = self.node.text, None
        self.node.insert(0, other.node)

    def insert_after(self, other: "Element") -> None:
        self.node.addnext(other.node)

    def set_string(self, text: str) -> None:
        del self.node[:]
        self.node.text = text
