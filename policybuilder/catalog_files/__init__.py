"""The data of the release, read without Django: catalogue files, starting points, synonyms."""

from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CATALOGUE = FIXTURES / "catalogue"  # one file for each service
