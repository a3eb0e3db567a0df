"""Alerts in words: a title, what is counted, and the characteristic, as a person says them."""

import re
import textwrap
from collections.abc import Mapping

from monitor.declarations import Publication
from monitor.vocabulary import CHARACTERISTICS
from monitor.watch.alerts.gaps import Gap

TITLE_LENGTH = 89


def title(gap: Gap, publications: Mapping[str, Publication]) -> str:
    """The alert in plain English, under 90 characters: the register's heading of it, and what it is about."""
    whole = f"{gap.heading or gap.state.replace('_', ' ')} – {measure_in_words(gap, publications)}"
    return whole if len(whole) <= TITLE_LENGTH else textwrap.shorten(whole, TITLE_LENGTH, placeholder="…")


def measure_in_words(gap: Gap, publications: Mapping[str, Publication]) -> str:
    """What is counted, as a person says it: the measure, else the title of the publication."""
    if gap.measure:
        words = gap.measure if " " in gap.measure else gap.measure.replace("-", " ").replace("_", " ")
        return re.sub(r"\bcovid 19\b", "COVID-19", words)
    known = publications.get(gap.publication)
    return known.title if known else gap.publication


def characteristic_in_words(gap: Gap) -> str:
    """The characteristic, and what it is crossed with, in lower case; empty for a gap of the release itself."""
    titles = {c.id: c.title.lower() for c in CHARACTERISTICS}
    own, crossed = (titles.get(c, c.replace("_", " ")) for c in (gap.characteristic, gap.crossed))
    return f"{own} by {crossed}" if own and crossed else own
