"""Reads the vendor's published tables of actions into catalogue files. Plain Python, docutils and PyYAML; no Django."""
