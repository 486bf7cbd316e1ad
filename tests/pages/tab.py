"""A browser's tab without a browser: a page, its form as somebody fills it in, and what htmx does with an answer."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.policy.document import dump
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.pages.builder.form import BESIDE
from policybuilder.web.element_ids import element_id
from tests.builders import real_catalog
from tests.elements import Element, read_elements

CATALOG = real_catalog()
FORM = "application/x-www-form-urlencoded"

LIFECYCLE, STATUS, BATCH = "ecs/lifecycle-management", "ecs/ecs-status-management", "ecs/batch-operations"
DISKS, GROUPS, TAGS = "ecs/disk-management", "ecs/ecs-group-management", "ecs/tag-management"
# Needs one action of another service.
ATTACH = f"{DISKS}/attaching-a-disk-to-an-ecs"
# Needs nothing, works in enterprise projects.
DETACH = f"{DISKS}/detaching-a-disk-from-an-ecs"
# Has two options, each with a dependency of its own.
CREATE = f"{LIFECYCLE}/creating-ecss-pay-per-use"
EIP_NEW, EIP_EXISTING = f"{CREATE}#assigning-a-new-eip", f"{CREATE}#using-an-existing-eip"
# Its action allows two more operations, in two other categories.
QUERY = f"{LIFECYCLE}/querying-details-about-ecss"
# IAM-only, with START_BATCH instead; needs ecs:servers:list, which an operation of LIFECYCLE is about.
START, START_BATCH = f"{STATUS}/starting-an-ecs-native", f"{BATCH}/starting-ecss-in-a-batch"
STOP, STOP_BATCH = f"{STATUS}/stopping-an-ecs-native", f"{BATCH}/stopping-ecss-in-a-batch"
LIST_NATIVE = f"{LIFECYCLE}/querying-a-list-of-ecss-native"
# IAM-only, and nothing does its job in enterprise projects.
LOCK = f"{STATUS}/locking-an-ecs-native"
EVERYTHING = Selection(frozenset(CATALOG.operations))
HTMX = {"HX-Request": "true"}


def selection(*operations: str, options_off=(), actions=(), without=(), dependencies="direct") -> Selection:
    sets = (frozenset(values) for values in (operations, options_off, actions, without))
    return Selection(*sets, Dependencies(dependencies))


def address_of(wanted: Selection = Selection(), *, name: str = "", page: str = "builder", **query: str) -> str:
    """Where a draft is opened."""
    return address(Draft.of(wanted, name), View(), name=page, **query)


def json_of(wanted: Selection) -> str:
    """The policy as the domain, without any page, writes it."""
    return dump(compile_selection(CATALOG, wanted).document)


def parse(response: HttpResponse) -> Element:
    return read_elements(response.content.decode())


def words(element: Element) -> str:
    """The text of an element as it is read: white space is one space."""
    return " ".join(element.get_text().split())


def texts(page: Element, selector: str) -> list[str]:
    return [words(element) for element in page.select(selector)]


def submit(client: Client, pairs: Iterable[tuple[str, str]], *, htmx: bool) -> HttpResponse:
    return client.post("/", urlencode(list(pairs)), content_type=FORM, headers=HTMX if htmx else {})


class Tab:
    """The builder, opened at an address. Its page changes with what is clicked and with what htmx is answered."""

    def __init__(self, client: Client, where: str = "/"):
        self.client = client
        self.go(where)

    def go(self, where: str) -> "Tab":
        response = self.client.get(where)
        assert response.status_code == 200
        self._show(where, parse(response))
        return self

    def _show(self, where: str, page: Element) -> None:
        self.address, self.page, self._places = where, page, {}
        self._note(page)

    def _note(self, element: Element) -> None:
        for tag in element.find_all():
            if id_ := tag.get("id"):
                assert id_ not in self._places, f"two elements have the id {id_}"
                self._places[id_] = tag

    # What is on the page

    def find(self, id_: str) -> Element:
        return self._places[id_]

    def has(self, id_: str) -> bool:
        return id_ in self._places

    def text(self, id_: str) -> str:
        return words(self.find(id_))

    def texts(self, selector: str) -> list[str]:
        return texts(self.page, selector)

    def state(self, operation: str) -> str:
        return self.text(f"state-{element_id(operation)}")

    def json(self) -> str:
        return self.find("json").get_text()

    def boxes(self, name: str, *, ticked: bool = False) -> list[str]:
        """Of operations, those of their rows."""
        found = [box for box in self.page.find_all("input", attrs={"name": name}) if BESIDE not in box["value"]]
        return [box["value"] for box in found if box.has_attr("checked") or not ticked]

    def commands(self) -> list[str]:
        """What can be pressed: the values of the buttons, each once. The script alone presses a hidden one."""
        found = self.page.find_all("button", attrs={"name": "do", "value": True})
        return list(dict.fromkeys(b["value"] for b in found if not (b.has_attr("disabled") or b.has_attr("hidden"))))

    # What somebody does

    def turn(self, box: Element) -> "Tab":
        if box.has_attr("checked"):
            del box["checked"]
        else:
            box["checked"] = "checked"
        return self

    def tick(self, *operations: str) -> "Tab":
        """Click the boxes of these operations, whatever state they have."""
        for operation in operations:
            self.turn(self.find(f"o-{element_id(operation)}"))
        return self

    def option(self, pair: str) -> "Tab":
        return self.turn(self.page.find("input", attrs={"name": "p", "value": pair}))

    def filter(self, name: str) -> "Tab":
        return self.turn(self.find("find").find("input", attrs={"name": name}))

    def type(self, id_: str, text: str) -> "Tab":
        field = self.find(id_)
        if field.name == "textarea":
            field.set_string(text)
        else:
            field["value"] = text
        return self

    def aim(self, goal: str) -> "Tab":
        """Choose where the policy is to be granted."""
        for radio in self.find("goal").find_all("input"):
            radio.attrs.pop("checked", None)
        self.find(f"goal-{goal}")["checked"] = "checked"
        return self

    def choose(self, id_: str, value: str) -> "Tab":
        for option in self.find(id_).find_all("option"):
            option.attrs.pop("selected", None)
            if value and _value(option) == value:
                option["selected"] = "selected"  # the first one is chosen without it
        return self

    def fields(self, command: str | None = None) -> list[tuple[str, str]]:
        """What the form sends by the rules of HTML, with the button `command` if that was pressed."""
        pairs = []
        for field in self.page.find_all(["input", "select", "textarea"]):
            inside = field.get("form") == "builder" or field.find_parent(id="builder")
            if not (field.get("name") and inside) or field.has_attr("disabled"):
                continue
            if field.name == "select":
                chosen = field.select_one("option[selected]") or field.select_one("option")
                pairs.append((field["name"], _value(chosen)))
            elif field.name == "textarea":
                pairs.append((field["name"], field.get_text()))
            elif field.get("type") not in {"checkbox", "radio"} or field.has_attr("checked"):
                pairs.append((field["name"], field.get("value", "")))
        if command is not None:
            assert command in self.commands(), f"there is no button {command!r} to press"
            pairs.append(("do", command))
        return pairs

    def send(self, command: str | None = None) -> HttpResponse:
        """The form as htmx sends it; the parts of the answer take their places, the address changes."""
        response = submit(self.client, self.fields(command), htmx=True)
        assert response.status_code == 200
        if title := parse(response).find("title"):
            self.page.title.set_string(title.string)
        before = self.find("draft")["value"]
        for part in parts(response):
            self._put(part)
        self._write_draft(before, self.find("draft")["value"])
        self.address = response.headers.get("HX-Push-Url") or response.headers.get("HX-Replace-Url") or self.address
        return response

    def _write_draft(self, before: str, after: str) -> None:
        """What scripts do with a new draft: it goes into the links and fields that hold it, and Undo leads back."""
        if after == before:
            return
        for element in self.page.find_all(attrs={"data-draft": True}) if before and after else ():
            name = "href" if element.name == "a" else "value"
            element[name] = element[name].replace(before, after)
        self.find("previous")["value"] = before
        self.find("undo").attrs.pop("disabled", None)

    def send_plainly(self, command: str | None = None) -> "Tab":
        """Another tab, with what a browser without JavaScript shows after the same submission."""
        response = submit(self.client, self.fields(command), htmx=False)
        if response.status_code == 303:
            return Tab(self.client, response["Location"])
        assert response.status_code == 200
        other = Tab.__new__(Tab)
        other.client = self.client
        other._show("/", parse(response))
        return other

    def _put(self, part: Element) -> None:
        swap, _, place = part.attrs.pop("hx-swap-oob").partition(":#")
        if swap in {"afterbegin", "afterend"}:
            for child in reversed(part.find_all(recursive=False)):
                child.extract()
                old = self.find(place)
                old.insert_first(child) if swap == "afterbegin" else old.insert_after(child)
                self._note_whole(child)
            return
        old = self.find(part["id"])
        for tag in old.find_all() if swap == "innerHTML" else [old, *old.find_all()]:
            self._places.pop(tag.get("id"), None)
        if swap == "delete":
            old.extract()
        elif swap == "innerHTML":
            old.fill(part)
            self._note(old)
        else:
            old.replace_with(part)
            self._note_whole(part)

    def _note_whole(self, element: Element) -> None:
        self._places[element["id"]] = element
        self._note(element)


def _value(option: Element) -> str:
    return option.get("value", option.get_text())


def parts(response: HttpResponse) -> list[Element]:
    """The elements of an answer to htmx. Nothing else may be in it: the form itself takes nothing.

    None of them holds another that is put in its place: htmx would do the work of both.
    """
    fragment = parse(response)
    assert "".join(child for child in fragment.children if isinstance(child, str)).strip() == ""
    found = [part for part in fragment.find_all(recursive=False) if part.name != "title"]
    swaps = [part.get("hx-swap-oob", "").partition(":")[0] for part in found]
    assert set(swaps) <= {"true", "innerHTML", "delete", "afterbegin", "afterend"}
    assert [part["id"] for part in found if part.find(attrs={"hx-swap-oob": True})] == []
    return found


def ids(response: HttpResponse) -> set[str]:
    """Those of the elements that take a place; without what is inserted or deleted."""
    return {part["id"] for part in parts(response) if part["hx-swap-oob"] in {"true", "innerHTML"}}


def contents(page: Element, *, without: Iterable[str] = ()) -> dict[str, str]:
    """The id of every element -> what is in it, apart from what lies in another element with an id.

    What is open is the browser's own business. `without` are ids of elements to leave out with all they hold.
    """
    found: dict[str, list[str]] = {"": []}
    _collect(page, "", found, frozenset(without))
    return {id_: "".join(pieces) for id_, pieces in found.items()}


def _collect(element: Element, owner: str, found: dict[str, list[str]], without: frozenset[str]) -> None:
    pieces = found[owner]
    for child in element.children:
        if isinstance(child, str):
            pieces.append(" ".join(child.split()))
            continue
        id_ = child.get("id")
        if id_ in without:
            continue
        attributes = sorted(f"{name}={value}" for name, value in child.attrs.items() if name != "open")
        opening = f"<{child.name} {' '.join(attributes)}>"
        if id_ is None:
            pieces.append(opening)
            _collect(child, owner, found, without)
            pieces.append(f"</{child.name}>")
        else:
            pieces.append(f"<#{id_}>")
            found[id_] = [opening]
            _collect(child, id_, found, without)
