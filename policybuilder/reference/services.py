"""A service's rows as the contents of its catalogue file."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policybuilder.reference.access import reads_by_title, row_access, verbs_read
from policybuilder.reference.cells import PublishedScope
from policybuilder.reference.decisions import ServiceDecision
from policybuilder.reference.journal import Journal
from policybuilder.reference.manuals import ManualNeeds, joined_needs, joined_scope, joined_title
from policybuilder.reference.naming import is_native, row_slugs, shortest_names, slug
from policybuilder.reference.pages import ReadRow, Source
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.reveals import ShownReveals
from policybuilder.reference.rows import PublishedRow
from policybuilder.reference.scopes import FIELDS, ScopeFile

Entry = dict[str, Any]


@dataclass(frozen=True)
class BuiltService:
    """`file` is what the catalogue file holds; `operations` are its entries by whole id."""

    decision: ServiceDecision
    file: Entry
    operations: Mapping[str, Entry]
    scopes: ScopeFile


def build_service(
    decision: ServiceDecision,
    rows: list[ReadRow],
    scopes: ScopeFile,
    reveals: Mapping[str, ShownReveals],
    journal: Journal,
    spellings: Mapping[str, str],
) -> BuiltService:
    """What concerns several services, `catalogue.py` adds. `spellings`: names by themselves in lower case.

    Raises ReferenceProblem for rows that nothing tells apart, and for a decision on an operation that is not there.
    """
    return _Builder(decision, rows, scopes, reveals, journal, spellings).build()


class _Builder:
    def __init__(
        self,
        decision: ServiceDecision,
        rows: list[ReadRow],
        scopes: ScopeFile,
        reveals: Mapping[str, ShownReveals],
        journal: Journal,
        spellings: Mapping[str, str],
    ):
        self.decision = decision
        self.scopes = scopes
        self.reveals = reveals
        self.journal = journal
        self.spellings = spellings
        self.rows = [read for read in rows if not read.manual]
        self.manual = [read for read in rows if read.manual]
        self.source_keys = _source_keys(self.rows, self.manual)
        self.used_sources: dict[str, Entry] = {}
        self.notes = list(decision.notes)
        self.operations: dict[str, Entry] = {}
        needed = joined_needs(self.manual, self._spelled)
        self.needed = [needs for needs in needed if needs.action.partition(":")[0] in decision.prefixes]

    def build(self) -> BuiltService:
        decision = self.decision
        categories = [self._category(key, members) for key, members in self._by_category().items()]
        kept = dict.fromkeys(decision.ids.values(), "")
        for decided in (decision.access, decision.operation_notes, decision.alternatives, decision.reveals, kept):
            for identifier in decided:
                if identifier.count("/") and identifier not in self.operations:
                    raise ReferenceProblem(f"decisions, service {decision.slug}", f"there is no {identifier} any more.")
        actions = self._actions()
        file: Entry = {"service": decision.slug, "title": decision.title, "position": decision.position}
        file |= {
            "short": decision.short,
            "group": decision.group,
            "prefixes": list(decision.prefixes),
            "level": decision.level,
        }
        file |= {"level_evidence": decision.level_evidence, "complete": decision.complete}
        file |= {"endpoints": list(decision.endpoints), "queries_never_refused": decision.queries_never_refused}
        file |= {"notes": self.notes, "sources": self.used_sources}
        file |= {"categories": [category for category in categories if category["operations"]], "actions": actions}
        file |= {"manual": [self._in_manual(needs) for needs in self.needed]}
        return BuiltService(decision, file, self.operations, self.scopes)

    def _by_category(self) -> dict[tuple[str, str], list[ReadRow]]:
        """By section and title; without rows that repeat one before, and without those that a note stands for."""
        found: dict[tuple[str, str], list[ReadRow]] = defaultdict(list)
        seen: dict[object, PublishedRow] = {}
        for read in self.rows:
            row = read.row
            key = (row.calls, row.all_actions, row.title.casefold())
            if row.guest:
                self.notes.append(f"{row.title}: included in the Tenant Guest permissions; no action is published.")
                self.journal.remark("rows without action", f"{row.place}: {row.title} (Tenant Guest, no operation)")
            elif seen.setdefault(key, row) is not row and _same(seen[key], row):
                self.journal.remark("rows twice", f"{row.place}: {row.title}, as {seen[key].place}")
            else:
                found[read.section, read.category].append(read)
        return found

    def _category(self, key: tuple[str, str], members: list[ReadRow]) -> Entry:
        section, title = key
        titles = list(dict.fromkeys((read.section, read.category) for read in self.rows))
        alike = [name for name in titles if slug(name[1]) == slug(title)]
        name = slug(title) if len(alike) == 1 else slug(f"{section} {title}")
        entry: Entry = {"category": name, "title": title, "section": section}
        entry["source"] = self._source(members[0].source)
        entry["operations"] = []
        for member, row_slug in zip(members, row_slugs([member.row for member in members]), strict=True):
            if not row_slug:
                raise ReferenceProblem(str(member.row.place), f"nothing tells {member.row.title!r} apart from another.")
            identifier = f"{self.decision.slug}/{name}/{row_slug}"
            identifier = self.decision.ids.get(identifier, identifier)
            if identifier in self.operations:
                raise ReferenceProblem(
                    str(member.row.place), f"there is another operation {identifier}: decide on ids."
                )
            self.operations[identifier] = self._operation(identifier, member)
            entry["operations"].append(self.operations[identifier])
        return entry

    def _operation(self, identifier: str, member: ReadRow) -> Entry:
        row = member.row
        access = self.decision.access.get(identifier) or row_access(row)
        if identifier not in self.decision.access and reads_by_title(row):
            self.journal.remark("reading by their title only", f"{row.place}: {row.title}, {row.calls[0]}")
        if row.all_actions and verbs_read(row) != (access == "read"):
            what = f"{row.place}: {row.title} is {access}, {', '.join(row.all_actions)}"
            self.journal.remark("access other than the action's verb", what)
        if not row.all_actions:
            self.journal.remark("rows without action", f"{row.place}: {row.title} (no authorization required)")
        foreign = [name for name in row.all_actions if name.partition(":")[0] not in self.decision.prefixes]
        if foreign:
            self.journal.remark("foreign actions in the action column", f"{row.place}: {', '.join(foreign)} (action)")
        decided = self.decision.operation_notes.get(identifier)
        options = [
            {
                "option": slug(option.title),
                "title": option.title,
                "actions": self._spelled(option.actions),
                "dependencies": self._spelled(option.dependencies),
            }
            for option in row.options
        ]
        return {
            "operation": identifier.rpartition("/")[2],
            "title": row.title,
            "access": access,
            "native": is_native(row.title, member.category, (url for _, url in member.pages)),
            "calls": list(row.calls),
            "actions": self._spelled(row.actions),
            "dependencies": self._spelled(row.dependencies),
            "options": options,
            "scope": self._scope(member),
            "reveals": self._reveals(identifier),
            "alternative": self.decision.alternatives.get(identifier, ""),
            "same_job": [],
            "pages": [{"title": title, "url": url} for title, url in member.pages],
            "notes": [*row.notes, *([decided] if decided else [])],
        }

    def _reveals(self, identifier: str) -> Entry:
        """Empty for an operation that nobody has judged."""
        shown = self.reveals.get(identifier)
        if shown is None:
            return {}
        self.used_sources[shown.key] = dict(vars(shown.source))
        return {"kinds": list(shown.decision.kinds), "fields": list(shown.decision.fields), "source": shown.key}

    def _spelled(self, names: tuple[str, ...]) -> list[str]:
        return [self.spellings.get(name.casefold(), name) for name in names]

    def _scope(self, member: ReadRow) -> Entry:
        row = member.row
        return self._merged(row.scope, member, self.scopes.of(row.all_actions, row.calls))

    def _merged(self, scope: PublishedScope, member: ReadRow, other: Mapping[str, Any]) -> Entry:
        """What the pages say first; where they say nothing, what other documentations state."""
        published = {"iam_project": scope.iam_project, "enterprise_project": scope.enterprise_project}
        found: Entry = {name: value for name, value in published.items() if value}
        for name in found:
            if other.get(name, found[name]) != found[name]:
                what = f"{member.row.place}: {name} is {found[name]}"
                self.journal.remark("scopes that others state differently", what)
        added = {name: other[name] for name in FIELDS if name in other and name not in found}
        found = {name: {**found, **added}[name] for name in FIELDS if name in found or name in added}
        if added:
            found |= {"evidence": other["evidence"], "source": self._other_source(other["source"])}
        elif found:
            found |= {"evidence": "stated", "source": self._source(member.source)}
        return found

    def _source(self, source: Source) -> str:
        key = self.source_keys[source.url]
        self.used_sources[key] = dict(vars(source))
        return key

    def _other_source(self, key: str) -> str:
        if key:
            self.used_sources[key] = dict(self.scopes.sources[key])
        return key

    def _actions(self) -> list[Entry]:
        """Own actions that no row authorises: described in a manual, named as dependencies, or stated elsewhere."""
        authorised = {name for entry in self.operations.values() for name in named(entry, "actions")}
        found = self._described(authorised)
        for entry in self.operations.values():
            for name in named(entry, "dependencies"):
                if name.partition(":")[0] in self.decision.prefixes and name not in authorised and "*" not in name:
                    found.setdefault(name, [])
        for needs in self.needed:
            for name in needs.dependencies:
                if name.partition(":")[0] in self.decision.prefixes and name not in authorised and "*" not in name:
                    found.setdefault(name, [])
        for name in (*self.scopes.actions, *(name for name in self.decision.access if "/" not in name)):
            if name.partition(":")[0] in self.decision.prefixes:
                found.setdefault(name, [])
        return [self._known(name, found[name]) for name in sorted(found, key=str.casefold)]

    def _in_manual(self, needs: ManualNeeds) -> Entry:
        found = {"action": needs.action, "dependencies": list(needs.dependencies), "notes": list(needs.notes)}
        return {**found, "source": self._source(needs.source)}

    def _described(self, authorised: set[str]) -> dict[str, list[ReadRow]]:
        """The rows of user manuals by the own action that they name and that no row authorises."""
        found: dict[str, list[ReadRow]] = defaultdict(list)
        for read in self.manual:
            row = read.row
            if not row.all_actions:
                self.journal.remark("rows without action", f"{row.place}: {row.title} (user manual)")
            for name in self._spelled(row.all_actions):
                if name.partition(":")[0] not in self.decision.prefixes:
                    self.journal.remark("foreign actions in the action column", f"{row.place}: {name} (manual)")
                elif name not in authorised:
                    found[name].append(read)
        for name, reads in found.items():
            self.journal.remark("actions of user manuals in no API table", f"{name}: {joined_title(reads)}")
        return found

    def _known(self, name: str, manual: list[ReadRow]) -> Entry:
        """What rows of user manuals say of an action, and what is stated of it elsewhere."""
        known = self.scopes.actions.get(name) or self.scopes.of([name], [])
        published = joined_scope(manual)
        if published != PublishedScope():
            scope = self._merged(published, manual[0], known)
        else:
            scope = {key: known[key] for key in (*FIELDS, "evidence") if key in known}
            if scope:
                scope = {**scope, "source": self._other_source(known["source"])}
        told_in = "" if scope else self._other_source(known.get("source", ""))
        return {
            "action": name,
            "title": joined_title(manual) if manual else known.get("title", ""),
            "access": self.decision.access.get(name) or known.get("access", ""),
            "source": self._source(manual[0].source) if manual else told_in,
            "scope": scope,
            "calls": list(known.get("calls", ())),
        }


def named(entry: Entry, kind: str) -> list[str]:
    """The `actions` or `dependencies` of an operation's entry, those of its options too."""
    return [*entry[kind], *(name for option in entry["options"] for name in option[kind])]


def _same(one: PublishedRow, other: PublishedRow) -> bool:
    return (one.title.casefold(), one.all_dependencies) == (other.title.casefold(), other.all_dependencies)


def _source_keys(*rows: list[ReadRow]) -> dict[str, str]:
    """A key for each page by its address: `api` or `manual`, and the page's shortest name."""
    pages = {read.source.url: read for group in rows for read in group}
    names = shortest_names(read.row.place.page for read in pages.values())
    return {url: f"{'manual' if read.manual else 'api'}-{names[read.row.place.page]}" for url, read in pages.items()}
