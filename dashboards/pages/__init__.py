"""View models: frames in, what each template shows out. Pure: no file, no clock, no database, no arithmetic."""

from dashboards.pages.evidence import checks, sources
from dashboards.pages.kinds import Cite, Grid, Held, Page, Section
from dashboards.pages.landing import index, not_looked
from dashboards.pages.measure import measure_pages
from dashboards.pages.register import coverage, publication


def pages(held: Held, cite: Cite) -> list[Page]:
    """Every page of the site, the landing page first."""
    measured = measure_pages(held, cite)
    return [
        index(held, measured),
        *measured,
        coverage(held),
        *(publication(held, slug) for slug in held.publications),
        checks(held),
        sources(held),
        Page("methods.html", "Methods", "methods"),
        Page("accessibility.html", "Accessibility"),
    ]
