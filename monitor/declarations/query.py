"""A table that is asked of a statistics service, not found on a page."""

import datetime as dt
import re
from typing import Annotated

import pydantic

from monitor.declarations.record import Record, Sure, refuse_unknown
from monitor.vocabulary import TERMS


class Query(Record):
    """What is asked of which service, which declared table reads the answer, and what it must come to.

    `service` is a closed vocabulary (`query_service`); `dataset` the service's id. `dimensions` are the service's
    variables, each with its options (empty: every one), and `areas` what it calls the places; neither for a service
    that serves whole data sets. `total` is the number of people the table must come to, within `tolerance` (counts
    are rounded and perturbed): a finding and never a refusal. `published_on` is for a service that does not say.

    `instead_of` names the table held offline for which the answer speaks once it is here and agrees with it, every
    figure within `tolerance`; while it does not, the table held offline stays and a finding says what differs.
    """

    table: Annotated[str, pydantic.Field(pattern=r"^[a-z0-9-]+$")]
    service: str
    dataset: str
    edition: str
    title: str
    areas: tuple[str, ...] = ()
    dimensions: dict[str, str] = {}
    published_on: dt.date | None = None
    total: float | None = None
    tolerance: Annotated[float, pydantic.Field(ge=0)] = 0.0
    instead_of: str = ""
    sure: Sure = "to verify"

    @pydantic.field_validator("service")
    @classmethod
    def _service_is_known(cls, value: str) -> str:
        refuse_unknown(value, TERMS["query_service"], "a service that tables are asked of")
        return value

    @pydantic.field_validator("areas", "dimensions")
    @classmethod
    def _words_fit_an_address(cls, said: dict[str, str] | tuple[str, ...]) -> dict[str, str] | tuple[str, ...]:
        words = [*said, *said.values()] if isinstance(said, dict) else said
        for word in words:
            if not re.fullmatch(r"[\w.,\-]*", word):
                raise ValueError(f"expected codes of letters, digits, points, commas and hyphens; found {word!r}")
        return said

    @property
    def file(self) -> str:
        """The name its answer is kept under; as a delimited file it is the sheet's name too."""
        return f"{self.table}.csv"
