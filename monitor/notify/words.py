"""Where an alert stands, what happened to it and what to do next, in words: fixed sentences, from its fields alone."""

from dashboards import sentences
from monitor.watch.alerts import Alert, Event, routes

SEVERITIES = {"S1": "act today", "S2": "this week", "S3": "note, review monthly", "S4": "log only"}
"""What each severity asks of whoever reads it."""


def in_words(alert: Alert) -> str:
    """The state of an alert in words, with what it waits for."""
    match alert.state:
        case "triaged":
            return f"taken on by {alert.owner}" if alert.owner else "taken on"
        case "raised":
            due = f", reply due by {sentences.day(alert.due)}" if alert.due else ""
            reference = f" (reference {alert.reference})" if alert.reference else ""
            return f"asked for by {routes()[alert.route].title}{reference}{due}"
        case "answered" if alert.promised:
            return f"promised for {sentences.day(alert.promised)}"
        case "answered":
            return f"answered: {alert.outcome}"
        case "snoozed" if alert.until:
            return f"set aside until {sentences.day(alert.until)}"
        case "accepted" if alert.until:
            return f"accepted until {sentences.day(alert.until)}: {alert.reason}"
        case "false_positive":
            return f"our mistake: {alert.reason}"
        case "resolved":
            return f"closed: {alert.reason}"
        case "detected":
            return "seen once, to be confirmed"
    return "open" if alert.state == "confirmed" else alert.state.replace("_", " ")


def said(event: Event) -> str:
    """One line of an alert's history: the day, what happened, by whom and why."""
    line = f"{sentences.day(event.at.date())}: {sentences.WORDS['event'][event.event]}"
    if event.by:
        line += f" by {sentences.clean(event.by)}"
    if event.event == "raised":
        line += f", by {routes()[event.said['to']].title}"
    if event.event == "worsened":
        line += f", from {event.said.get('from')} to {event.said['gap']['severity']}"
    reason = event.said.get("reason")
    return f"{line}. {sentences.clean(reason)}" if reason else f"{line}."


def next_step(alert: Alert) -> str:
    """What to do next, in one sentence, from where the alert stands."""
    if not alert.is_open:
        return "Nothing, unless it opens again."
    if alert.kind.family == "monitor":
        return "Start the scheduler again (`justice-monitor schedule`); what was missed is looked at then."
    if alert.kind.family == "change":
        return "Check whether figures you quote are touched; ask the producer to note the change, where none is noted."
    match alert.state:
        case "raised" if alert.due:
            return f"Wait for the reply, due by {sentences.day(alert.due)}; then record it with `alerts answer`."
        case "answered" if alert.promised:
            return f"Nothing until {sentences.day(alert.promised)}; it opens again by itself if it is not seen by then."
    asked = [e.said["to"] for e in alert.history if e.event == "raised"]
    if not asked:
        return "Write to the producer; use the Freedom of Information Act if no date is given in ten working days."
    if "producer" in asked and "foi" not in asked:
        return "Use the Freedom of Information Act, or put a written question."
    return "Write to the Office for Statistics Regulation; the producer has been asked."
