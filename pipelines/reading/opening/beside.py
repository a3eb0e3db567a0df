"""What stands beside the values of a sheet and the reader of workbooks does not tell.

Hidden rows and columns; cells whose value is missing although something stands there (a formula nobody calculated,
an error); and text in superscript, which the reader glues to what stands before it.
"""

Place = tuple[int, int]


class Beside:
    """Of one sheet, by zero-based positions. `texts` is what stands where the reader sees nothing."""

    def __init__(self) -> None:
        self.hidden_columns: set[int] = set()
        self.hidden_rows: set[int] = set()
        self.texts: dict[Place, str] = {}
        self.superscripts: dict[Place, str] = {}
