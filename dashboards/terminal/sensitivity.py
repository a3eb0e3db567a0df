"""How far directions rest on what was chosen, as text: a sentence a group, and the choices that turn it round."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.terminal.layout import TITLES, heading, listed, wrapped
from dashboards.turned import NOT_EVIDENCE, OPEN, to_whom, turning
from monitor.declarations import Measure
from pipelines.deriving import BRITISH

NATIONALS = "British nationals only: those counted; the residents they are compared with are of all nationalities."


def sensitivity(rows: Sequence[Mapping[str, Any]], measure: Measure) -> str:
    """Every group's sentence and what turns it; then what was not made, each reason once."""
    lines, not_made = list[str](), dict[str, dict[str, None]]()
    for row in rows:
        whom = "".join(f", {w}" for w in (None if row["sex"] == "all" else row["sex"], row["within"]) if w)
        by = f"{TITLES[row['characteristic']].lower()}{whom}"
        title = heading(f"{measure.title} by {by}: {row['period']}, {row['place']}")
        lines += [] if title in lines else [title]
        lines.append(wrapped(f"{row['category']}: {row['said']}"))
        lines += [wrapped(f"turned {said}", "    ") for said in turning(row)]
        for c in row["choices"]:
            if c["direction"] is None:
                not_made.setdefault(f"{to_whom(c)}: {c['reason']}", {})[c["baseline"]] = None
    lines += ["", *(wrapped(f"Not made on {listed(list(on))}, {why}") for why, on in not_made.items())]
    if any(c["among"] == BRITISH for row in rows for c in row["choices"]):
        lines.append(wrapped(NATIONALS))
    lines += [wrapped(f"{OPEN} `--json` lists every choice with its interval."), wrapped(NOT_EVIDENCE)]
    return "\n".join([*lines, wrapped(measure.caution)])
