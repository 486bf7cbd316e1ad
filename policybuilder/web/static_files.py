"""Static files in production: names that hold the hash of the content, compressed, and one stylesheet of many files."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/app.css"
IMPORT = re.compile(r'^@import "(?P<path>[^":]+)";$', re.MULTILINE)


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    # Our scripts name what they import by its hashed name, as pages do. Django's own switch for it reads every script,
    # and takes what stands in htmx's comments for imports.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r"""(?P<matched>from "(?P<url>\./[^"]+)";)""", """from "%(url)s";"""),)),
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Puts the files that the stylesheet imports in the place of their imports, before anything is hashed.

        A browser that has to read one stylesheet before it learns of the next asks for them one after the other, and
        shows nothing meanwhile. In development nothing is collected, and the same imports work as they stand.
        """
        if STYLESHEET in paths and not dry_run:
            source, path = paths[STYLESHEET]
            bundled = InMemoryStorage()
            bundled.save(path, ContentFile(_with_imports(source, path).encode()))
            paths = {**paths, STYLESHEET: (bundled, path)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def _with_imports(source: Storage, path: str) -> str:
    directory = path.rpartition("/")[0]

    def imported(match: re.Match[str]) -> str:
        return _read(source, f"{directory}/{match['path']}")

    return IMPORT.sub(imported, _read(source, path))


def _read(source: Storage, path: str) -> str:
    with source.open(path) as file:
        content: bytes = file.read()
        return content.decode()
