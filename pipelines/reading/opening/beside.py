"""What stands beside the values of a sheet, or is shown in their place, and the reader of workbooks does not tell."""

Place = tuple[int, int]


class Beside:
    """Of one sheet, by zero-based positions.

    `texts` is what stands where the reader sees nothing (a formula nobody calculated, an error), `shown` what stands
    in place of a number, `superscripts` the raised end of a text; `notes` are the texts of its drawings and boxes,
    and `unopened` the parts on it that nobody reads. `is_copy` is what a workbook keeps of another that it refers to.
    """

    def __init__(self) -> None:
        self.hidden_columns: set[int] = set()
        self.hidden_rows: set[int] = set()
        self.texts: dict[Place, str] = {}
        self.superscripts: dict[Place, str] = {}
        self.shown: dict[Place, str] = {}
        self.percentages: set[Place] = set()
        self.notes: list[str] = []
        self.unopened: list[str] = []
        self.is_copy = False
