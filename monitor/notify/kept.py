"""Alerts from the register and the journal, and the journal's lines for what happened to them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from monitor.notify.owed import by_gravity
from monitor.settings import Home
from monitor.store.vault import Vault
from monitor.watch.alerts import ALERT, WATCHED, Alert, Event, Past, gaps_of, past, standing, transitions, watching


def commit(vault: Vault, register: pl.DataFrame, now: dt.datetime) -> list[Event]:
    """Write what happened to alerts now that the register (its rows of today) says this; returns it. `now` is UTC."""
    rows = _rows(vault, register, now)
    known = past(vault.journal())
    happened, begun = transitions(rows, gaps_of(rows), known, now)
    for event in happened:
        note(vault, event)
    if begun:
        vault.note(WATCHED, publications=begun, seen_at=now)
    return happened


def _rows(vault: Vault, register: pl.DataFrame, now: dt.datetime) -> list[dict[str, Any]]:
    """The rows of the register, and whether anybody watches, which the heartbeat in the same home says."""
    try:
        heartbeat = Home(vault.root.parent).heartbeat.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        heartbeat = None
    return [*register.to_dicts(), *watching(heartbeat, now)]


def note(vault: Vault, event: Event) -> None:
    """Write one transition."""
    vault.note(ALERT, **event.line())


def alerts_of(vault: Vault, register: pl.DataFrame, now: dt.datetime) -> tuple[list[Alert], Past]:
    """Every alert there has been up to `now` (UTC), as the register and the journal make it, and the journal's part."""
    rows = _rows(vault, register, now)
    known = past(vault.journal(), now)
    gaps = gaps_of(rows)
    happened, _ = transitions(rows, gaps, known, now)
    return list(standing(gaps, [*known.events, *happened]).values()), known


def what_is_new(happened: Sequence[Event], alerts: Sequence[Alert]) -> tuple[list[Alert], int]:
    """The alerts that a pass opened, then those it closed, gravest first; and how many gaps were there before."""
    opening = {e.alert for e in happened if e.event in ("confirmed", "reopened", "worsened", "changed")}
    closing = {e.alert for e in happened if e.event == "resolved"}
    began = {e.alert for e in happened if e.event == "detected" and e.said.get("baseline")}
    ordered = sorted(alerts, key=by_gravity)
    return [a for some in (opening - began, closing) for a in ordered if a.id in some], len(began)
