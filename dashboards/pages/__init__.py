"""Pages: frames in, what each template shows out. Pure: no file, no clock, no database.

What it makes true: every page of one kind is made by one function from the same rows as the cited tables, so a
measure, a characteristic or a publication that is declared tomorrow has its page without a line here; a group that
is not shown keeps its row and its reason; what has not been looked at is said to be so wherever it concerns.

Why view models and not frames in templates: a template that computes cannot be tested for what it says.

What it refuses: arithmetic on figures (two numbers may be set side by side, never combined), and a page for a
measure without a row.
"""

from dashboards.pages.evidence import checks, sources
from dashboards.pages.kinds import Cite, Grid, Held, Page, Section
from dashboards.pages.landing import index, not_looked
from dashboards.pages.measure import measure_pages
from dashboards.pages.register import coverage, publication

__all__ = ["Grid", "Held", "Page", "Section", "not_looked", "pages"]


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
        Page("methods.html", "methods.html", "Methods", "methods"),
        Page("accessibility.html", "accessibility.html", "Accessibility"),
    ]
