"""What lies under the figures: the checks' findings and the files."""

from typing import Any

import polars as pl

from dashboards import sentences as say
from dashboards.cited import runs
from dashboards.pages.kinds import Held, Page
from dashboards.pages.words import title_of


def findings_shown(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Findings as shown: those that failed or could not be made, worst first as the store gives them."""
    return [
        {
            **r,
            "word": r["severity"].capitalize(),
            "message": say.clean(r["message"] or ""),
            "where": runs(r["cells"] or []),
            "check_words": say.clean(r["check"].replace("_", " ")),
        }
        for r in frame.iter_rows(named=True)
        if r["state"] != "passed"
    ]


def checks(held: Held) -> Page:
    """What the checks found, in their own plain words, with the cells."""
    groups = [
        (slug, title_of(held, slug), found, slug in held.publications)
        for slug in (*held.publications, *held.populations)
        if (found := findings_shown(held.findings.filter(publication=slug)))
    ]
    return Page("checks.html", "What the checks found", "checks", {"groups": groups})


def files_shown(held: Held, slug: str) -> list[dict[str, Any]]:
    """Every file held of a publication, as shown: its sheets, its hash, how to cite it."""
    record = held.publications.get(slug) or held.populations.get(slug)
    rows = []
    for a in held.artefacts.filter(publication=slug).iter_rows(named=True):
        sheets = held.surveyed.filter(artefact_sha256=a["sha256"])["sheet"].unique(maintain_order=True)
        whole = a["original_sha256"] or a["sha256"]
        citation = say.citation({**a, "original_sha256": whole}, designation=record.designation if record else "")
        shown = {"sheets": [say.clean(str(s)) for s in sheets], "hash": whole, "citation": citation}
        rows.append({**a, **shown, "transcribed": a["kind"] == "transcription"})
    return rows


def sources(held: Held) -> Page:
    """Every file that figures rest on, with its hash, where it came from and its licence."""
    files = {s: (s, title_of(held, s), files_shown(held, s)) for s in (*held.publications, *held.populations)}
    context = {
        "statistics": [files[s] for s in held.publications if files[s][2]],
        "populations": [files[s] for s in held.populations if files[s][2]],
        "licence": say.licence(held.artefacts["licence"].drop_nulls().unique().sort().to_list()) or say.OGL_LINE,
    }
    return Page("sources.html", "Sources", "sources", context)
