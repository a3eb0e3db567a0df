"""Bytes over the network: one polite session, and files kept as they were served.

What it makes true: with `look`, the only rooms that touch the network on the way in; everything they bring is in
the vault before anyone reads it. What it refuses: a host nobody declared, and an answer that is not what was asked
for taken for one that is.
"""

from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.keep import Fetched, Wanted, fetch
from pipelines.fetch.remembered import Remembered, Validators
from pipelines.fetch.services import Services
from pipelines.fetch.session import Answer, Limits, Session

__all__ = [
    "Answer",
    "Failed",
    "Fetched",
    "Finding",
    "Limits",
    "Remembered",
    "Services",
    "Session",
    "Validators",
    "Wanted",
    "fetch",
]
