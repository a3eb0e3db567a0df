"""View models: frames in, what each template shows out. Pure: no file, no clock, no database, no arithmetic."""

import functools
from collections.abc import Callable
from dataclasses import replace

import polars as pl

from dashboards.pages.evidence import checks, sources
from dashboards.pages.kinds import Cite, Grid, Held, Page, Section
from dashboards.pages.landing import all_missing, index, not_looked
from dashboards.pages.measure import measure_pages
from dashboards.pages.places import place_pages
from dashboards.pages.register import coverage, publication


def pages(held: Held, cite: Cite) -> list[Page]:
    """Every page of the site, the landing page first; where we fail to make one, one in its place that says so."""
    measured = measure_pages(held, cite)
    each = {
        slug: Page(f"publication-{slug}.html", p.title, "coverage").or_fault(functools.partial(publication, held, slug))
        for slug, p in held.publications.items()
    }
    faulty = [slug for slug, page in each.items() if page.not_made]
    without = replace(held, gaps=held.gaps.filter(~pl.col("publication").is_in(faulty)))

    def of_all(page: Page, make: Callable[[Held], Page]) -> Page:
        # because what cannot be shown of one publication must not cost the pages of them all
        made = page.or_fault(lambda: make(held))
        return page.or_fault(lambda: make(without)) if made.not_made and faulty else made

    sound = [page for page in measured if not page.not_made]
    return [
        of_all(Page("index.html", "Justice Disparity Monitor", "index"), lambda held: index(held, sound)),
        *measured,
        *place_pages(held),
        of_all(Page("coverage.html", "What is published, and what is not", "coverage"), coverage),
        of_all(Page("missing.html", "What is missing or changed", "coverage"), all_missing),
        *each.values(),
        of_all(Page("checks.html", "What the checks found", "checks"), checks),
        of_all(Page("sources.html", "Sources", "sources"), sources),
        Page("methods.html", "Methods", "methods"),
        Page("cannot_tell.html", "What this cannot tell you"),
        Page("accessibility.html", "Accessibility"),
    ]
