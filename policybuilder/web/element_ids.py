"""Ids of elements, made from the ids of operations and categories and from the names of actions."""


def element_id(name: str) -> str:
    """Part of an element id, made from the id of an operation or category or from the name of an action."""
    return name.replace("/", "--").replace(":", "__").replace("*", "_all")
