"""Mutation tests of the test suite: `make mutants` changes the program in many places, one at a time, and expects that
a test fails for each.

Three kinds of mutants: every limit one higher and one lower, every row of a decision table changed or removed, and a
random sample of places in the functions of `access`, `rules` and `building`. Tests in a browser and tests of processes
are left out. Needs Python 3.12 or newer (`sys.monitoring`).
"""
