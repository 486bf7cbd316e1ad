from pathlib import Path

import pytest


@pytest.fixture
def write(tmp_path, monkeypatch):
    """A function that writes a file and gives its path, a short one, since errors begin with it."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="c.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return Path(name)

    return write
