"""What is collected for production: one stylesheet of many files, and scripts that find each other by hashed names."""

import re

from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from tests.builders import ROOT

CSS = ROOT / "static" / "css"
JS = ROOT / "static" / "js"


def served(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return b"".join(response.streaming_content).decode()


def test_stylesheet_holds_every_file_that_it_imports_in_order():
    source = (CSS / "app.css").read_text()
    imported = re.findall(r'^@import "(.+)";$', source, re.MULTILINE)

    sent = served(staticfiles_storage.url("css/app.css"))

    assert "@import" not in sent
    places = [sent.index((CSS / path).read_text()) for path in imported]
    assert places == sorted(places)


def test_every_file_is_in_the_stylesheet():
    imported = re.findall(r'^@import "(.+)";$', (CSS / "app.css").read_text(), re.MULTILINE)
    parts = {path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css")}
    assert sorted(imported) == sorted(parts - {"app.css", "api-docs.css"})


def test_what_is_in_the_stylesheet_is_not_sent_apart():
    assert [name for name in staticfiles_storage.hashed_files if name.startswith(("css/parts/", "css/pages/"))] == []


def test_scripts_import_each_other_by_hashed_names():
    """A name without a hash would be another script, run a second time, or one that is not there."""
    scripts = {path.stem: served(staticfiles_storage.url(f"js/{path.name}")) for path in JS.glob("*.js")}
    imported = {name: re.findall(r'from "\./(.+)";', script) for name, script in scripts.items()}
    assert imported["builder"]
    for name in {name for names in imported.values() for name in names}:
        assert re.fullmatch(r"[a-z-]+\.[0-9a-f]{12}\.js", name)
        assert name == staticfiles_storage.url(f"js/{name.partition('.')[0]}.js").rpartition("/")[2]
