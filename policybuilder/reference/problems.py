"""What is wrong with a page or a decision, and where."""


class ReferenceProblem(ValueError):
    """`place` is repository/path:line, where there is one with table and row; `message` what was expected there."""

    def __init__(self, place: str, message: str):
        self.place = place
        self.message = message
        super().__init__(f"{place}: {message}")
