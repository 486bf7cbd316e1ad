"""Checkouts and bare git directories of the vendor's documentation, read with git.

Only what is committed counts, and nothing is unpacked: a shallow or partial copy that lacks a large file can still be
read, which `git archive` would refuse.
"""

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from policybuilder.reference.problems import ReferenceProblem


@dataclass(frozen=True)
class Repository:
    """One documentation repository at the revision of its HEAD. `date` is YYYY-MM-DD."""

    name: str
    folder: Path
    revision: str
    date: str
    objects: dict[str, str] = field(repr=False)  # path -> object id

    def paths(self, under: str) -> tuple[str, ...]:
        """The .rst files that are `under`, or lie in that folder, sorted."""
        found = [path for path in self.objects if path == under or path.startswith(f"{under}/")]
        return tuple(sorted(path for path in found if path.endswith(".rst")))

    def read(self, paths: Iterable[str]) -> dict[str, str]:
        """The text of each of `paths` that this revision has; the others are not in the result."""
        wanted = [path for path in paths if path in self.objects]
        if not wanted:
            return {}
        listing = "".join(f"{self.objects[path]}\n" for path in wanted)
        answer = _git(self.folder, "cat-file", "--batch", stdin=listing.encode())
        return dict(zip(wanted, _batch(answer, self.name, wanted), strict=True))

    @property
    def has_licence(self) -> bool:
        return "LICENSE" in self.objects


def find_repositories(folders: Iterable[Path]) -> dict[str, Repository]:
    """By name. A folder is a checkout, a bare git directory, or holds several of these, one or two levels down.

    A repository is called as its folder is; `owner+name/repo` and `name.git` are `name` too.
    Raises ReferenceProblem where a folder holds none.
    """
    found: dict[str, Repository] = {}
    for folder in folders:
        directories = list(_git_directories(folder, depth=3))
        if not directories:
            raise ReferenceProblem(str(folder), "is no git repository and holds none.")
        for directory in directories:
            name = _name(directory)
            found.setdefault(name, _open(name, directory))
    return found


def _git_directories(folder: Path, depth: int) -> Iterator[Path]:
    if (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir()):
        yield folder
    elif depth and folder.is_dir():
        for child in sorted(folder.iterdir()):
            if child.is_dir():
                yield from _git_directories(child, depth - 1)


def _name(directory: Path) -> str:
    parts = [part for part in directory.resolve().parts if part not in ("repo", ".git")]
    return parts[-1].rpartition("+")[2].removesuffix(".git")


def _open(name: str, directory: Path) -> Repository:
    revision, date = _git(directory, "log", "-1", "--format=%H %cs").decode().split()
    objects = {}
    for entry in _git(directory, "ls-tree", "-r", "-z", "HEAD").decode().split("\0"):
        if entry:
            description, path = entry.split("\t", 1)
            objects[path] = description.split()[2]
    return Repository(name, directory, revision, date, objects)


def _batch(answer: bytes, name: str, wanted: list[str]) -> Iterator[str]:
    """The contents in what `git cat-file --batch` printed: a line `<id> blob <size>`, that many bytes, a line end."""
    position = 0
    for path in wanted:
        end = answer.index(b"\n", position)
        words = answer[position:end].split()
        if words[1] != b"blob":
            raise ReferenceProblem(f"{name}/{path}", "is listed in the repository, but its content is missing.")
        start, size = end + 1, int(words[2])
        yield answer[start : start + size].decode()
        position = start + size + 1


def _git(directory: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    git_directory = directory / ".git" if (directory / ".git").exists() else directory
    command = ["git", f"--git-dir={git_directory}", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise ReferenceProblem(str(directory), f"git {arguments[0]} failed: {done.stderr.decode().strip()}")
    return done.stdout


def folder_of(path: str) -> str:
    return str(PurePosixPath(path).parent)
