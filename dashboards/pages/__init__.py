"""View models: frames in, what each template shows out. Pure: no file, no clock, no database, no arithmetic."""

from dashboards import sentences as say
from dashboards.pages.evidence import checks, sources
from dashboards.pages.kinds import Cite, Grid, Held, Page, Section
from dashboards.pages.landing import index, not_looked
from dashboards.pages.measure import measure_pages
from dashboards.pages.places import place_pages
from dashboards.pages.register import coverage, publication


def pages(held: Held, cite: Cite) -> list[Page]:
    """Every page of the site, the landing page first."""
    measured = measure_pages(held, cite)
    return [
        index(held, measured),
        *measured,
        *place_pages(held),
        coverage(held),
        *(_of(held, slug) for slug in held.publications),
        checks(held),
        sources(held),
        Page("methods.html", "Methods", "methods"),
        Page("cannot_tell.html", "What this cannot tell you"),
        Page("accessibility.html", "Accessibility"),
    ]


def _of(held: Held, slug: str) -> Page:
    """The page of one publication; where we fail to make it, one that says so, and every other page stands."""
    try:
        return publication(held, slug)
    except Exception as error:
        why = {"why": say.clean(f"{type(error).__name__}: {error}")}
        title = say.clean(held.publications[slug].title)
        return Page(f"publication-{slug}.html", title, "coverage", why, "not_made.html")
