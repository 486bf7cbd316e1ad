"""Numbers as people read them: how many, their middle, their spread, and how they stand to a budget."""

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Unit:
    """`scale` times a value is shown with `symbol`."""

    symbol: str
    scale: float
    digits: int

    def show(self, value: float) -> str:
        return f"{value * self.scale:,.{self.digits}f}"


MILLISECONDS = Unit("ms", 1000, 1)  # of seconds
SECONDS = Unit("s", 1, 2)
MEGABYTES = Unit("MB", 1 / 1_000_000, 1)  # of bytes
KILOBYTES = Unit("KB", 1 / 1000, 1)  # of bytes; a KB has 1,000
PER_SECOND = Unit("/s", 1, 0)
COUNT = Unit("", 1, 0)


@dataclass(frozen=True)
class Budget:
    """What a measurement may take at most. `of` names what is held against it: median, p95 or max."""

    limit: float
    of: tuple[str, ...] = ("median",)


@dataclass(frozen=True)
class Row:
    label: str
    values: Sequence[float]
    unit: Unit
    budget: Budget | None = None

    def statistic(self, name: str) -> float:
        return {"median": statistics.median, "p95": p95, "max": max}[name](self.values)

    def verdicts(self) -> Iterator[tuple[bool, str]]:
        """Whether each part of the budget is met, and by how much."""
        if self.budget is None:
            return
        for name in self.budget.of:
            share = 1 - self.statistic(name) / self.budget.limit
            met = share >= 0
            yield met, f"{name} {'met' if met else 'MISSED'} by {abs(share):,.0%}".replace("%", " %")

    def cells(self) -> list[str]:
        show = self.unit.show
        spread = f"{show(min(self.values))} – {show(max(self.values))}"
        budget = ""
        if self.budget:
            verdicts = ", ".join(text for _, text in self.verdicts())
            budget = f"{show(self.budget.limit)} {self.unit.symbol}: {verdicts}"
        middle = [show(self.statistic("median")), show(self.statistic("p95"))]
        return [self.label, str(len(self.values)), *middle, spread, self.unit.symbol, budget]


@dataclass(frozen=True)
class Check:
    """A budget that is met or not, without a number. `found` says what was seen."""

    label: str
    met: bool
    found: str

    def __str__(self) -> str:
        return f"{self.label}: {'met' if self.met else 'MISSED'} ({self.found})"


@dataclass
class Table:
    """Rows under a title; `notes` are lines that say how it was measured or what else was seen."""

    title: str
    rows: list[Row] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def show(self) -> str:
        lines = [self.title, "-" * len(self.title), *self.notes]
        if self.rows:
            head = ["", "n", "median", "p95", "min – max", "", "budget"]
            lines += _aligned([head, *(row.cells() for row in self.rows)])
        lines += map(str, self.checks)
        return "\n".join(lines) + "\n"


def summary(tables: Iterable[Table]) -> str:
    """How many budgets are met, and each that is not."""
    found = [(met, line) for table in tables for met, line in _verdicts(table)]
    missed = [f"  {line}" for met, line in found if not met]
    return "\n".join([f"Budgets: {len(found) - len(missed)} met, {len(missed)} missed.", *missed])


def _verdicts(table: Table) -> Iterator[tuple[bool, str]]:
    for row in table.rows:
        for met, text in row.verdicts():
            yield met, f"{table.title}: {row.label}: {text}"
    for check in table.checks:
        yield check.met, f"{table.title}: {check}"


def p95(values: Iterable[float]) -> float:
    """The smallest value that 95 % of all do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1]


def _aligned(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    to_the_left = {0, 5, 6}
    for row in rows:
        cells = (
            cell.ljust(width) if at in to_the_left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
