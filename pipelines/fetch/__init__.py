"""Bytes over the network: one polite session to declared hosts, and files kept as they were served."""

from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.remembered import Answer, Validators
from pipelines.fetch.services import Services
from pipelines.fetch.session import Limits, Session
