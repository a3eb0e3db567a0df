"""Bytes over the network: one polite session to declared hosts, and files kept as they were served."""

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
