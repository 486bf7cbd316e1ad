"""The cheapest candidates that together cover every row (weighted set cover): exact where the effort allows it.

The cover is first reduced by what is certain: a row that only one candidate covers, a candidate that a cheaper one
covers, a row that is covered with every cover of another. What is left is searched by branch and bound. Its lower
bound puts a price on every row such that no candidate costs less than its rows are worth; a candidate that costs so
much more than its rows that the best known cover is reached is out. The prices come from subgradient steps.
Neither a clock nor chance has a say, so the result is the same everywhere.

Source: A. Caprara, M. Fischetti, P. Toth, "A Heuristic Method for the Set Covering Problem", Operations Research 47
(1999); J. E. Beasley, "An algorithm for set covering problem", European Journal of Operational Research 31 (1987).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from .bitsets import bits, union

FIRST_STEPS = 120  # to find prices for a problem that is new
NEXT_STEPS = 40  # and to adapt them to a part of it
LAST_STEPS = 8  # where the effort is spent
PATIENCE = 7  # steps without a better bound until they are halved
HALVINGS = 6
TIES = 300_000  # effort for choosing among equally cheap covers


@dataclass(frozen=True, slots=True)
class Cover:
    """`chosen`: positions of candidates, sorted. `proven`: no cover is cheaper. `effort`: how much it took."""

    chosen: tuple[int, ...]
    proven: bool
    effort: int


class _Candidate(NamedTuple):
    """A candidate in a search; in this order columns are preferred."""

    weight: int
    position: int
    rows: int


class _Found(NamedTuple):
    weight: int
    columns: list[_Candidate]


class _Prices(NamedTuple):
    """What every row is worth, the least weight that follows from it, and what each column costs above its rows."""

    bound: int
    of_row: dict[int, int]
    surplus: list[int]
    cover: _Found | None


def cheapest_cover(candidates: Sequence[tuple[int, int]], most_effort: int) -> Cover:
    """Of `candidates` (rows as bits, cost above 0) those that cover all the rows that occur, at the least cost.

    Among covers of the same cost the one with the fewest candidates, then the one that has the earliest candidate of
    those in which they differ; where there are too many to look at (TIES), any one, but always the same. `most_effort`
    bounds the work, at about 0.1 µs a unit: when it is spent, the result is the best cover found until then.
    """
    rows = union(rows for rows, _ in candidates)
    if not rows:
        return Cover((), proven=True, effort=0)
    # More than the candidates of any cover, so that these can be counted in what lies between two costs.
    unit = 1 << max(10, rows.bit_count().bit_length())
    columns = [_Candidate(cost * unit, at, covered) for at, (covered, cost) in enumerate(candidates)]
    search = _Search(unit, most_effort)
    found = search.solve(columns, rows, sum(column.weight for column in columns) + unit)
    assert found is not None  # noqa: S101 - all columns together are a cover
    proven, effort = not search.exhausted, most_effort - search.effort_left
    if proven:
        search = _Search(1, most_for_ties := min(search.effort_left, TIES))
        columns = [column._replace(weight=column.weight + 1) for column in columns]
        limit = found.weight + len(found.columns)
        fewest = search.solve(columns, rows, limit) or _Found(limit, found.columns)
        found = search.earliest(columns, rows, fewest)
        effort += most_for_ties - search.effort_left
    return Cover(tuple(sorted(column.position for column in found.columns)), proven, effort)


class _Search:
    """`unit` divides every weight."""

    def __init__(self, unit: int, most_effort: int):
        self.unit = unit
        self.effort_left = most_effort

    @property
    def exhausted(self) -> bool:
        return self.effort_left < 0

    def solve(
        self, columns: list[_Candidate], rows: int, limit: int, prices: dict[int, int] | None = None
    ) -> _Found | None:
        """The lightest cover of `rows` below `limit`; None where there is none. Once exhausted, any such cover or None.

        `columns` together cover `rows`, and `limit` is a multiple of the unit too.
        """
        steps = FIRST_STEPS if prices is None else NEXT_STEPS
        certain: list[_Candidate] = []
        best: _Found | None = None
        while True:
            taken, columns, rows = self._reduce(columns, rows)
            certain += taken
            weight = sum(column.weight for column in certain)
            if weight >= limit:
                return best
            if not rows:
                return _Found(weight, certain)
            parts = _parts(columns)
            if len(parts) > 1:
                return self._solve_parts(parts, certain, limit, prices) or best
            priced = self._price(columns, rows, limit - weight, prices, steps)
            if priced.cover:
                limit = weight + priced.cover.weight
                best = _Found(limit, certain + priced.cover.columns)
            room = limit - self.unit - weight - priced.bound
            if room < 0 or self.exhausted:
                return best
            prices, steps = priced.of_row, NEXT_STEPS
            needed = [column for column, surplus in zip(columns, priced.surplus, strict=True) if -surplus > room]
            useful = [column for column, surplus in zip(columns, priced.surplus, strict=True) if surplus <= room]
            if not needed and len(useful) == len(columns):
                return self._branch(columns, rows, limit, priced, certain) or best
            certain += needed
            rows &= ~union(column.rows for column in needed)
            columns = _restricted(useful, rows)
            if union(column.rows for column in columns) != rows:
                return best

    def earliest(self, columns: list[_Candidate], rows: int, found: _Found) -> _Found:
        """The cover as light as `found`, the lightest, that has the earliest columns."""
        limit = found.weight + 1
        priced = self._price(columns, rows, limit, None, FIRST_STEPS)
        room = limit - 1 - priced.bound
        undecided = [column for column, surplus in zip(columns, priced.surplus, strict=True) if surplus <= room]
        undecided.sort(key=lambda column: column.position)
        kept: list[_Candidate] = []
        rest = {column.position for column in found.columns}
        while undecided and not self.exhausted:
            column, *undecided = undecided
            if not column.rows & rows:
                continue
            rows_then = rows & ~column.rows
            if column.position not in rest:
                then = _restricted(undecided, rows_then)
                if union(other.rows for other in then) != rows_then:
                    continue
                other = self.solve(then, rows_then, limit - column.weight, priced.of_row)
                if other is None:
                    continue
                rest = {column.position for column in other.columns}
            rest.discard(column.position)
            kept.append(column)
            rows, limit = rows_then, limit - column.weight
        kept += [column for column in columns if column.position in rest]
        return _Found(found.weight, kept)

    def _reduce(self, columns: list[_Candidate], rows: int) -> tuple[list[_Candidate], list[_Candidate], int]:
        """(columns that every best cover has, columns left to choose from, rows left to cover)"""
        certain: list[_Candidate] = []
        while True:
            before = len(columns)
            columns = self._undominated(columns)
            covered_by: dict[int, int] = {}  # row -> its columns, as bits
            for at, column in enumerate(columns):
                for row in bits(column.rows):
                    covered_by[row] = covered_by.get(row, 0) | 1 << at
            only = {among for among in covered_by.values() if not among & (among - 1)}
            taken = [columns[among.bit_length() - 1] for among in sorted(only)]
            certain += taken
            done = union(column.rows for column in taken)
            done |= self._implied({row: among for row, among in covered_by.items() if not row & done})
            rows &= ~done
            columns = _restricted(columns, rows)
            if not rows or self.exhausted or (not done and len(columns) == before):
                return certain, columns, rows

    def _undominated(self, columns: list[_Candidate]) -> list[_Candidate]:
        """Without those whose rows a preferred one covers as well. Preferred first."""
        kept: list[_Candidate] = []
        by_row: dict[int, list[int]] = {}
        for column in sorted(columns):
            mine = column.rows
            seen_with = [by_row.setdefault(row, []) for row in bits(mine)]
            rarest = min(seen_with, key=len)
            self.effort_left -= 3 * len(seen_with) + len(rarest) // 2
            for other in () if self.exhausted else rarest:
                if not mine & ~other:
                    break
            else:
                kept.append(column)
                for others in seen_with:
                    others.append(mine)
        return kept

    def _implied(self, covered_by: dict[int, int]) -> int:
        """The rows that are covered with every cover of another row."""
        implied = 0
        strict: list[int] = []
        for row, among in sorted(covered_by.items(), key=lambda entry: (entry[1].bit_count(), entry[0])):
            if self.exhausted:
                break
            self.effort_left -= 2 + len(strict) * (1 + among.bit_length() // 1000) // 2
            if any(not other & ~among for other in strict):
                implied |= row
            else:
                strict.append(among)
        return implied

    def _solve_parts(
        self, parts: list[list[_Candidate]], certain: list[_Candidate], limit: int, prices: dict[int, int] | None
    ) -> _Found | None:
        """As `solve`, of parts that share no row, with `certain` added to them."""
        weight = sum(column.weight for column in certain)
        least = [
            self._price(part, union(column.rows for column in part), limit - weight, prices, NEXT_STEPS // 2).bound
            for part in parts
        ]
        least = [-(-bound // self.unit) * self.unit for bound in least]
        together = list(certain)
        still = sum(least)
        for part, bound in zip(parts, least, strict=True):
            still -= bound
            found = self.solve(part, union(column.rows for column in part), limit - weight - still, prices)
            if found is None:
                return None
            weight += found.weight
            together += found.columns
        return _Found(weight, together) if weight < limit else None

    def _branch(
        self, columns: list[_Candidate], rows: int, limit: int, priced: _Prices, certain: list[_Candidate]
    ) -> _Found | None:
        """As `solve`, with `certain` added: tries the columns of the row that has the fewest, cheapest first."""
        weight = sum(column.weight for column in certain)
        covered_by: dict[int, list[tuple[int, _Candidate]]] = {}
        for column, surplus in zip(columns, priced.surplus, strict=True):
            for row in bits(column.rows):
                covered_by.setdefault(row, []).append((surplus, column))
        row = min(covered_by, key=lambda row: (len(covered_by[row]), -priced.of_row[row], row))
        best: _Found | None = None
        for _, column in sorted(covered_by[row]):
            columns = [other for other in columns if other is not column]
            rest = rows & ~column.rows
            others = _restricted(columns, rest)
            if union(other.rows for other in others) != rest:
                continue
            found = self.solve(others, rest, limit - weight - column.weight, priced.of_row)
            if found:
                limit = weight + column.weight + found.weight
                best = _Found(limit, [*certain, column, *found.columns])
            if self.exhausted:
                break
        return best

    def _price(
        self, columns: list[_Candidate], rows: int, limit: int, prices: dict[int, int] | None, steps: int
    ) -> _Prices:
        """The prices with the highest bound that some steps find, beginning with `prices`; on the way, covers below
        `limit`."""
        problem = _Instance(columns, rows)
        price = problem.first_prices() if prices is None else [prices.get(row, 0) for row in problem.rows]
        best = _Priced(price, problem.weights, -1, [])
        cover: _Found | None = None
        waited = halvings = 0
        for step in range(steps):
            self.effort_left -= problem.entries + len(columns)
            now = problem.priced(price)
            waited = 0 if now.worth > best.worth else waited + 1
            best = best if waited else now
            enough = self.exhausted and step >= LAST_STEPS
            if step in (0, steps - 1) or enough or (step % 4 == 3 and not waited):
                self.effort_left -= 3 * problem.entries
                found = problem.greedy_cover(price, now.surplus)
                if found.weight < limit:
                    cover, limit = found, found.weight
            if waited == PATIENCE:
                waited = 0
                halvings += 1
            if best.worth > limit - self.unit or enough or halvings > HALVINGS or not any(now.missing):
                break
            price = now.adjusted(limit, halvings)
        return _Prices(best.worth, dict(zip(problem.rows, best.price, strict=True)), best.surplus, cover)


@dataclass(frozen=True, slots=True)
class _Priced:
    """Prices of all rows; what each column costs above its rows; the bound that follows; and how often each row is not
    covered by the columns that cost less than their rows: once, or less than never where several of them cover it."""

    price: list[int]
    surplus: list[int]
    worth: int
    missing: list[int]

    def adjusted(self, limit: int, halvings: int) -> list[int]:
        """The prices after a step: up for rows that are missing, down for those that are covered too often."""
        length = sum(one * one for one in self.missing)
        stride = max(0, limit + limit // 50 - self.worth) >> halvings
        return [max(0, old + stride * one // length) for old, one in zip(self.price, self.missing, strict=True)]


class _Instance:
    """Columns with their rows as lists of positions, which is what steps of prices need."""

    def __init__(self, columns: list[_Candidate], rows: int):
        self.columns = columns
        self.rows = list(bits(rows))
        position = {row: at for at, row in enumerate(self.rows)}
        self.weights = [column.weight for column in columns]
        self.members = [[position[row] for row in bits(column.rows)] for column in columns]
        self.entries = sum(map(len, self.members))
        self.covered_by: list[list[int]] = [[] for _ in self.rows]
        for at, mine in enumerate(self.members):
            for row in mine:
                self.covered_by[row].append(at)

    def first_prices(self) -> list[int]:
        """Every row at its share of the cheapest column: together never worth more than a cover."""
        shares = [weight // len(mine) for weight, mine in zip(self.weights, self.members, strict=True)]
        return [min(shares[at] for at in among) for among in self.covered_by]

    def priced(self, price: list[int]) -> _Priced:
        price_of = price.__getitem__
        surplus = [weight - sum(map(price_of, mine)) for weight, mine in zip(self.weights, self.members, strict=True)]
        worth = sum(price)
        missing = [1] * len(price)
        for extra, mine in zip(surplus, self.members, strict=True):
            if extra < 0:
                worth += extra
                for row in mine:
                    missing[row] -= 1
        return _Priced(price, surplus, worth, missing)

    def greedy_cover(self, price: list[int], surplus: list[int]) -> _Found:
        """A cover of columns that cost little above the rows that they add, without those that are not needed."""
        chosen = self._greedy(price, surplus)
        covered = [0] * len(self.rows)
        for at in chosen:
            for row in self.members[at]:
                covered[row] += 1
        needed: list[int] = []
        for at in sorted(chosen, key=lambda at: (-self.weights[at], at)):
            if all(covered[row] > 1 for row in self.members[at]):
                for row in self.members[at]:
                    covered[row] -= 1
            else:
                needed.append(at)
        return _Found(sum(self.weights[at] for at in needed), [self.columns[at] for at in needed])

    def _greedy(self, price: list[int], surplus: list[int]) -> list[int]:
        """Positions of columns that cover all rows, each the best when it was chosen."""
        surplus = list(surplus)  # above the rows that are still uncovered
        adds = [len(mine) for mine in self.members]
        uncovered = set(range(len(self.rows)))
        chosen: list[int] = []

        def appeal(at: int) -> float:  # low is good; only grows as rows are covered
            return surplus[at] / adds[at] if surplus[at] > 0 else surplus[at]

        queue = [(appeal(at), at) for at in range(len(adds))]
        heapify(queue)
        while uncovered:
            before, at = heappop(queue)
            if not adds[at]:
                continue
            now = appeal(at)
            if now > before:
                heappush(queue, (now, at))
                continue
            chosen.append(at)
            for row in uncovered.intersection(self.members[at]):
                uncovered.remove(row)
                for other in self.covered_by[row]:
                    surplus[other] += price[row]
                    adds[other] -= 1
        return chosen


def _restricted(columns: list[_Candidate], rows: int) -> list[_Candidate]:
    """The columns with only `rows`, without those that have none of them."""
    return [column._replace(rows=mine) for column in columns if (mine := column.rows & rows)]


def _parts(columns: list[_Candidate]) -> list[list[_Candidate]]:
    """The columns in groups that share no row, small groups first."""
    groups: list[int] = []
    for column in columns:
        rows = column.rows
        for group in [group for group in groups if group & rows]:
            groups.remove(group)
            rows |= group
        groups.append(rows)
    parts: dict[int, list[_Candidate]] = {group: [] for group in groups}
    for column in columns:
        parts[next(group for group in groups if group & column.rows)].append(column)
    return sorted(parts.values(), key=len)
