"""What a look or a fetch could not take as it was served, as a record instead of a traceback."""

from dataclasses import dataclass

_NO_ANSWER = (
    *("certificate", "cut_short", "endless_redirects", "forbidden", "foreign_address", "server_busy"),
    *("too_large", "too_slow", "unreachable", "unreadable_answer"),
)


@dataclass(frozen=True)
class Finding:
    """One thing not as expected. `check` is a stable code, `where` an address with the place after `#`."""

    check: str
    where: str
    expected: str
    found: str
    remedy: str = ""
    severity: str = "warning"

    @property
    def message(self) -> str:
        """The finding in one sentence or two."""
        said = f"{self.where}: expected {self.expected}, found {self.found}."
        return f"{said} {self.remedy}" if self.remedy else said

    @property
    def no_answer(self) -> bool:
        """Whether nothing usable was served, so that what is held may be behind."""
        return self.check in _NO_ANSWER


class Failed(Exception):
    """A request that gave no usable answer. `reached` is false when the host could not be spoken to at all."""

    def __init__(self, finding: Finding, *, reached: bool = True) -> None:
        super().__init__(finding.message)
        self.finding = finding
        self.reached = reached
