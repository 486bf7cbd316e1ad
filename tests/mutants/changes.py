"""The mutants: which places of a module can be changed, and the changed source."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "policybuilder"
TABLES = ("domain", "drafts")  # the packages whose tables decide
SAMPLED = ("domain/access", "domain/rules", "domain/building")
NOT_SERVED = ("reference", "settings.py")

_LIMIT = re.compile(
    r"_?(MAX|MOST|LEAST|FEW|FIRST|LONGEST|SHORTEST|LAST|NEAR|UNFOLDED|NAMED)(_|$)|\w+_AT_ONCE$|FOUND_IN_SIGHT$"
)
_SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_OTHER_CALL = {"any": "all", "all": "any", "min": "max", "max": "min", "union": "intersection"}


@dataclass(frozen=True)
class Mutant:
    """A change of one module: `subject` names the constant or function, `source` is the module after the change."""

    kind: str
    module: str
    line: int
    subject: str
    change: str
    source: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.subject}: {self.change}"

    @property
    def path(self) -> Path:
        return PRODUCT / self.module


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    return (each for each in _parsed() if not packages or each[0].startswith(packages))


@cache
def _parsed() -> Sequence[tuple[str, ast.Module]]:
    names = {path: path.relative_to(PRODUCT).as_posix() for path in sorted(PRODUCT.rglob("*.py"))}
    served = {path: name for path, name in names.items() if not name.startswith(NOT_SERVED)}
    return [(name, ast.parse(path.read_text(encoding="utf-8"))) for path, name in served.items()]


Constant = tuple[str, ast.Module, str, ast.Assign | ast.AnnAssign]


def limits() -> Iterator[Mutant]:
    """Each limit of the program, one higher and one lower."""
    for module, tree, name, node in limit_constants():
        old = node.value
        for sign, operator in (("+", ast.Add()), ("-", ast.Sub())):
            node.value = ast.BinOp(old, operator, ast.Constant(1))
            yield _mutant("limit", module, tree, node, name, f"{ast.unparse(old)} {sign} 1")
        node.value = old


def limit_constants() -> Iterator[Constant]:
    """The numbers of the program's modules whose names say that they are limits."""
    for module, tree in modules():
        for name, node in constants(tree):
            if node in tree.body and _LIMIT.match(name) and _is_number(node.value):
                yield module, tree, name, node


def rows() -> Iterator[Mutant]:
    """Each row of a table with the value of another row; where there is none, without the row."""
    for module, tree in modules(*TABLES):
        for name, node in constants(tree):
            table = _display(node.value)
            if isinstance(table, ast.Dict):
                yield from _rows_of_dict(module, tree, name, table)
            elif isinstance(table, ast.Tuple | ast.List | ast.Set):
                yield from _rows_of_list(module, tree, name, table)


def _rows_of_dict(module: str, tree: ast.Module, name: str, table: ast.Dict) -> Iterator[Mutant]:
    texts = [ast.unparse(value) for value in table.values]
    for at, old in enumerate(list(table.values)):
        turned = [*range(at + 1, len(texts)), *range(at)]
        other = next((index for index in turned if texts[index] != texts[at] and table.keys[index]), None)
        if table.keys[at] is None or _is_prose(old):
            continue
        key = ast.unparse(table.keys[at])
        if other is None:
            keys, values = list(table.keys), list(table.values)
            del table.keys[at], table.values[at]
            yield _mutant("row", module, tree, old, name, f"no {key}")
            table.keys, table.values = keys, values
        else:
            table.values[at] = table.values[other]
            yield _mutant("row", module, tree, old, name, f"{key}: {texts[other][:60]}")
            table.values[at] = old


def _rows_of_list(module: str, tree: ast.Module, name: str, table: ast.Tuple | ast.List | ast.Set) -> Iterator[Mutant]:
    for at, old in enumerate(list(table.elts)):
        if not isinstance(old, ast.Starred) and not _is_prose(old):
            elements = list(table.elts)
            del table.elts[at]
            yield _mutant("row", module, tree, old, name, f"no {ast.unparse(old)[:60]}")
            table.elts = elements


def places() -> Iterator[Mutant]:
    """Every change of every place in the functions of the sampled packages."""
    for module, tree in modules(*SAMPLED):
        for function, qualified in functions(tree):
            for node in [each for statement in function.body for each in ast.walk(statement)]:
                for change in _changes(node):
                    yield _mutant("place", module, tree, node, qualified, change)


def _changes(node: ast.AST) -> Iterator[str]:
    """Changes the node in place, yields in words how, and changes it back."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _SWAPPED:
        yield from _swapped(node, "ops", [_SWAPPED[type(node.ops[0])]()])
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in _SWAPPED:
        yield from _swapped(node, "op", _SWAPPED[type(node.op)]())
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield from _swapped(node, "value", not node.value if isinstance(node.value, bool) else node.value + 1)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _OTHER_CALL:
        yield from _swapped(node.func, "id", _OTHER_CALL[node.func.id])
    else:
        yield from _changes_of_flow(node)


def _changes_of_flow(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield from _swapped(node, "test", ast.Constant(False))
        if not isinstance(node, ast.While):
            yield from _swapped(node, "test", ast.Constant(True))
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield from _swapped(node, "ifs", [], "no condition")
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield from _swapped(node, "value", ast.Constant(None))


def _swapped(node: ast.AST, field: str, new: object, words: str = "") -> Iterator[str]:
    old, before = getattr(node, field), _words(node)
    setattr(node, field, new)
    yield f"{before} -> {words or _words(node)}"
    setattr(node, field, old)


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.If | ast.While):
        node = node.test
    return ast.unparse(ast.fix_missing_locations(node)).replace("\n", " ")[:70]


def _mutant(kind: str, module: str, tree: ast.Module, node: ast.AST, subject: str, change: str) -> Mutant:
    line = getattr(node, "lineno", 0) or getattr(getattr(node, "target", None), "lineno", 0)
    return Mutant(kind, module, line, subject, change, ast.unparse(ast.fix_missing_locations(tree)))


def constants(tree: ast.Module) -> Iterator[tuple[str, ast.Assign | ast.AnnAssign]]:
    """The constants of a module and of its classes: names in capitals."""
    bodies: Sequence[ast.stmt] = [
        *tree.body,
        *(each for node in tree.body if isinstance(node, ast.ClassDef) for each in node.body),
    ]
    for node in bodies:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id.isupper() and getattr(node, "value", None):
            yield target.id, node


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[ast.FunctionDef, str]]:
    """The outermost functions and methods, with their qualified names."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield node, f"{prefix}{node.name}"


def _display(node: ast.expr) -> ast.expr:
    """The literal in `frozenset({…})` and the like."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        return node.args[0]
    return node


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return all(isinstance(each, ast.Constant | ast.Name) for each in (node.left, node.right))
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _is_prose(node: ast.expr) -> bool:
    """Whether it is a text with spaces, which shows something and decides nothing."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
