"""Catalogue files: the form in which a service's published facts are kept, read without Django."""
