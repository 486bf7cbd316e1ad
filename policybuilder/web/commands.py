class RefusedError(Exception):
    """A command that cannot be carried out; the text is for the user."""
