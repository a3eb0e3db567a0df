"""Every sentence and every number as shown: fixed templates that follow from the row and nothing else."""

import datetime as dt
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from monitor.declarations import Baseline, Measure
from monitor.statistics.funnel import INNER, OPEN, OUTLYING, WITHIN
from monitor.statistics.verdict import DIRECTIONS, FEW, FEWEST_PEOPLE
from monitor.vocabulary import CHARACTERISTICS, OPEN_GOVERNMENT_LICENCE, Category, UnknownWord, category

TOOL = "Justice Disparity Monitor"
OGL_LINE, OGL_URL = OPEN_GOVERNMENT_LICENCE.sentence, OPEN_GOVERNMENT_LICENCE.address
WORDS: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
"""Fixed words by kind: of groups, verdicts, flags, formulas, changes and alerts."""

# --- numbers --------------------------------------------------------------------------------------------------------


def count(value: float) -> str:
    """A count: `10059` → `10,059`. A fraction is never a count of people, so it is marked: `12.5` → `12.5 [e]`."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f} [e]"


def percent(fraction: float) -> str:
    """A fraction as a percentage to one decimal: `0.1` → `10.0%`."""
    return f"{100 * fraction:.1f}%"


def ratio(value: float) -> str:
    """A ratio to two decimals: `3.9718` → `3.97`; below 0.1 to three, or its interval would have no width."""
    return f"{value:,.3f}" if abs(value) < 0.0995 else f"{value:,.2f}"


def rate(value: float) -> str:
    """A rate to one decimal: `581.4367` → `581.4`."""
    return f"{value:,.1f}"


def p_value(value: float) -> str:
    """A p-value to three decimals; `<0.001` below that."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def interval(low: float, high: float) -> str:
    """Two limits of a ratio: `3.89 to 4.06`."""
    return f"{ratio(low)} to {ratio(high)}"


def day(value: dt.date) -> str:
    """A date in words: `30 June 2022`."""
    return f"{value.day} {value:%B %Y}"


def period(label: str, start: dt.date | None, end: dt.date) -> str:
    """A period in words: `on 30 June 2022`, `in 2018/19 (1 April 2018 to 31 March 2019)`, `from … to …`."""
    if start is None or start == end:
        return f"on {day(end)}"
    if label == f"{start.isoformat()}/{end.isoformat()}":
        return f"from {day(start)} to {day(end)}"  # because the publisher's own label has no year
    return f"in {label} ({day(start)} to {day(end)})"


# --- text that came from outside ------------------------------------------------------------------------------------

_LONG = re.compile(r"\S{31,}")
_BREAK = "\u200b"


def clean(text: str) -> str:
    """Text on one line without control characters, and without marks that reverse or hide what is read."""
    if text.isprintable():  # because nearly all text is, and each of its characters need not be asked
        return " ".join(text.split())
    kept = "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " for c in text)
    return " ".join(kept.split())


def label(text: str) -> str:
    """A label for a cell: clean, and breakable where a word is longer than 30 characters."""
    return _LONG.sub(lambda m: _BREAK.join(m[0][i : i + 30] for i in range(0, len(m[0]), 30)), clean(text))


def unbroken(text: str) -> str:
    """The inverse of the breaks that `label` puts in, with runs of spaces made one."""
    return " ".join(text.replace(_BREAK, "").split())


# --- people ---------------------------------------------------------------------------------------------------------


def title_of(characteristic: str) -> str:
    """A characteristic as a heading: `ethnicity` → `Ethnicity`."""
    return next((c.title for c in CHARACTERISTICS if c.id == characteristic), characteristic.replace("_", " "))


def known(characteristic: str, name: str) -> Category | None:
    """What the vocabulary knows of a category, None when it has never heard of it."""
    try:
        return category(characteristic, name)
    except UnknownWord:
        return None


def people(characteristic: str, name: str, sex: str = "all") -> str:
    """A group in prose: `people from the Black ethnic group`, `Muslim women`, `people aged 18-20`."""
    noun = WORDS["noun"].get(sex, "people")
    name = clean(name)
    if name == "all":
        pattern = WORDS["everyone"].get(characteristic, "all {noun}")
    elif name == "all others":
        pattern = WORDS["others"].get(characteristic, "all other {noun}")
    elif (record := known(characteristic, name)) is not None and record.kind == "unknown":
        pattern = f"{{noun}} whose {title_of(characteristic).lower()} is unknown"
    else:
        usual = WORDS["pattern"].get(characteristic, "{noun} in the group {name}")
        pattern = WORDS["named"].get(characteristic, {}).get(name, usual)
    return str(pattern.format(noun=noun, name=name))


def direction(row: Mapping[str, Any]) -> str:
    """What a disparity's verdict says in a table: `more likely`. An open direction is never "no disparity"."""
    return _of_the_verdict(row, WORDS["verdict"])


def representation(row: Mapping[str, Any]) -> str:
    """What a verdict says of a group: `over-represented` of a population; of a stage, `less likely`; never "better"."""
    # because nobody is represented among people at an earlier stage: they are there already
    return _of_the_verdict(row, WORDS["verdict"] | ({} if row["kind"] == "stage" else WORDS["represented"]))


def _of_the_verdict(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    verdict, depends_on = row["verdict"], row["depends_on"] or ()
    if verdict is None:
        return ""
    if "interval" in depends_on:
        return words["open"]
    said = words[verdict].format(what=" and ".join(WORDS["depends_on"][on] for on in depends_on))
    # because events counted as if of different people are not sure enough to be called clear
    is_clear = verdict in DIRECTIONS and row["counts"] == "people" and row["band"] in WORDS["four_fifths"]
    return str(WORDS["four_fifths"][row["band"]].format(said=said) if is_clear else said)


def funnel(places: Mapping[str, str | None], phi: float | None, tau2: float | None) -> list[str]:
    """What a funnel says of `places`, each with where it lies: those beyond limits; a caution and what is allowed."""
    placed = [where for where in places.values() if where]
    said = f"{len(placed)} of {len(places)} can be placed."
    if phi is None or not placed:
        return [said]
    outlying = ", ".join(f"{name} ({where})" for name, where in sorted(places.items()) if where in OUTLYING)
    beyond, chance = sum(where not in (WITHIN, OPEN) for where in placed), (1 - INNER) * len(placed)
    said += f" Beyond the 99.8% limits: {outlying or 'none'}. Beyond the 95% limits, these among them: {beyond}; "
    said += f"chance alone would put about {chance:.0f} there."
    allowed = f"Places are not found to differ by more than chance (phi {phi:.1f}), and the limits allow for no more."
    if tau2:
        allowed = (
            f"Places differ {phi:.1f} times as much as chance would have them (phi), and the limits allow for it, by "
            f"a variance between places of {tau2:.3f}."
        )
    caution = (
        "A place beyond limits is a question, not a verdict: who is there, and all that is not compared within, may "
        "put it there. A place within them is not shown to be without disparity."
    )
    return [said, f"{caution} {allowed}"]


def whom(baseline: Baseline) -> str:
    """The people compared with, and of which ages: `residents aged 18 and over`."""
    low, high = baseline.age_from, baseline.age_to
    if baseline.noun != "residents" or (low is None and high is None):
        return baseline.noun
    return f"{baseline.noun} aged {f'{low} to {high}' if high is not None else f'{low} and over'}"


# --- sentences ------------------------------------------------------------------------------------------------------


def headline(row: Mapping[str, Any], measure: Measure, baseline: Baseline) -> str:
    """One disparity as a sentence, from its row (columns of the store's `disparity`).

    A stock of people is told as how likely they are to be in it; events, which repeat, as a rate of events.
    Raises ValueError for a row without a ratio and its interval.
    """
    if row["ratio"] is None or row["ratio_low"] is None:
        raise ValueError(
            f"{row['measure']} {row['category']}: expected a ratio with its interval; found "
            f"{row['status']} ({row['reason'] or 'no reason'}). Show the reason instead."
        )
    who = people(row["characteristic"], row["category"], row["sex"])
    other = people(row["characteristic"], row["reference"], row["sex"])
    when = period(row["period"], row["period_start"], row["period_end"])
    limits = f"95% interval {interval(row['ratio_low'], row['ratio_high'])}"
    opening = f"{when[0].upper()}{when[1:]} in {clean(row['place'])}, "
    times = ratio(row["ratio"])
    if measure.counts == "events":
        said = f"{who} were {measure.verb} at {times} times the rate of {other}"
        beside = f"{limits}; events are counted, and one person may be counted more than once"
    else:
        verb = measure.verb if measure.verb.startswith("in ") else measure.verb.removeprefix("be ")
        shares = (row["share"], row["baseline_share"])
        among = ""
        if measure.kind == "population" and None not in shares:
            of_all = percent(row["baseline_share"])
            among = f"{percent(row['share'])} of people {measure.verb} and {of_all} of {whom(baseline)}, "
        said = f"{who} were {among}{times} times as likely to be {verb} as {other}"
        beside = limits
    if row["verdict"] not in DIRECTIONS:
        beside += f"; {direction(row)}"
    sentence = f"{opening}{said} ({beside}). Compared with: {baseline.title}."
    if row["census_low"] is not None and row["census_low"] != row["census_high"]:
        sentence += f" By census the ratio is {interval(row['census_low'], row['census_high'])}."
    if row["adjusted_ratio"] is not None:
        sentence += f" {at_equal_ages(row)}"
    if row["unknown_share"] and row["bound_low"] is not None:
        sentence += (
            f" {title_of(row['characteristic'])} was unknown for {percent(row['unknown_share'])}; whatever they are, "
            f"the ratio lies between {ratio(row['bound_low'])} and {ratio(row['bound_high'])}."
        )
    return sentence


SMALL_NUMBERS = (
    f"Small numbers: fewer than {FEW} events or {FEWEST_PEOPLE} people on a side, so the ratio is unreliable"
)
BY_CENSUS = (
    "the least and the most that the ratio is over these people, over those of either census, and after the last one "
    "over those there would be had groups grown on."
)


def at_equal_ages(row: Mapping[str, Any]) -> str:
    """The ratio as counted and at equal ages, both to the same people."""
    other = people(row["characteristic"], row["adjusted_reference"], row["sex"])
    equal, crude = ratio(row["adjusted_ratio"]), ratio(row["adjusted_crude"])
    return f"Beside {other} the ratio is {crude} as counted and {equal} at equal ages."


def unknown(
    characteristic: str, unknown_count: float, total: float, counts: str = "people", of: str = "shares of those known"
) -> str:
    """How many `counts` (people or events) are of unknown category, and that they are left out of shares."""
    name = title_of(characteristic)
    if not unknown_count:
        return f"{name} is given for everyone counted: the published table has no unknown."
    return (
        f"{name} was unknown for {count(unknown_count)} of {count(total)} {counts} ({percent(unknown_count / total)}); "
        f"they are counted in the total and left out of {of}."
    )


def strata(within: str) -> str:
    """What groups are compared within, from names in a row: `prison and offence`."""
    return " and ".join(WORDS["stratum"].get(name, name.replace("_", " ")) for name in within.split(", "))


def alike(test: str) -> str:
    """How it is tested that strata agree, and what a small p says."""
    by = f"{test}, where 5 or more are expected, as if every one were independent"
    return f"Strata alike: {by}. A small p says that one ratio hides different ones."


def of_groups(rows: Iterable[Mapping[str, Any]], *, shown: bool = True) -> list[str]:
    """The reasons of rows, each once with the groups it is about: of those shown, and else of all."""
    said: dict[str, list[str]] = {}
    for row in rows:
        if row["reason"] and (row["status"] == "shown" or not shown):
            text = row["reason"] if row["status"] == "shown" else f"{row['status']}. {row['reason']}"
            said.setdefault(text, []).append(row["category"])
    return [f"{', '.join(names)}: {text}" for text, names in said.items()]


def no_baseline(characteristic: str) -> str:
    """What stands in place of a baseline where none is held."""
    return (
        f"No count of residents by {title_of(characteristic).lower()} is held, so there are no rates or ratios: "
        "counts and shares only."
    )


def licence(licences: Iterable[str]) -> str:
    """The licence line of the sources used: the Open Government Licence's own words, any other as stated."""
    lines = [
        OGL_LINE if OPEN_GOVERNMENT_LICENCE.name in name else f"Licence: {clean(name)}." for name in licences if name
    ]
    return " ".join(dict.fromkeys(lines))


_OWN_DATE = re.compile(r"\bpubli(shed|cation)\b", re.IGNORECASE)


def citation(
    artefact: Mapping[str, Any],
    *,
    designation: str = "",
    where: str = "",
    derived: bool = False,
    grown: bool = False,
    what: str = "Source",
) -> str:
    """One source as one deterministic line: publisher, title, edition, date, designation, place, file, accessed.

    `artefact` is a row of the store's `artefact`; `where` names sheet and cells; `derived` says that the numbers
    are our own sums of the file's, `grown` that they lie between two censuses: neither is cited as an official
    table. Where the edition's own title
    says what is known of its date, the date is not repeated: an exact day is not invented.
    """
    edition = clean(artefact["edition_title"])
    beside = []
    if artefact["published_on"] and not _OWN_DATE.search(edition):
        beside.append(f"published {day(artefact['published_on'])}")
    if designation:
        beside.append(designation)
    parts = [clean(artefact["publisher"]), f"{clean(artefact['title'])}: {edition}"]
    line = ", ".join(parts) + (f" ({', '.join(beside)})" if beside else "")
    for piece in (where, f"file {clean(artefact['name'])}", f"SHA-256 {artefact['original_sha256'][:12]}"):
        line += f", {piece}" if piece else ""
    line += f", accessed {day(artefact['seen_at'])}."
    if artefact["url"]:
        line += f" {clean(artefact['url'])}"
    if grown:
        return f"{what}: grown between two censuses, from {line} The people between them are in no official table."
    opening = f"{what}: sums calculated from" if derived else f"{what}:"
    return f"{opening} {line}" + (" These sums are not an official table." if derived else "")


def calculated_by() -> str:
    """Who calculated what is not published: the tool and its version."""
    try:
        number = version("justice-disparity-monitor")
    except PackageNotFoundError:  # because a checkout that was never installed has no version
        number = "(version not known)"
    return f"Calculated by {TOOL} {number}."


def tallied(things: Iterable[tuple[str, str]]) -> list[str]:
    """Things by whose and which they are, counted: a line each, `Home Office: 3 never published, 1 overdue`."""
    by: dict[str, Counter[str]] = {}
    for whose, which in things:
        by.setdefault(whose, Counter())[which] += 1
    ordered = sorted(by.items(), key=lambda item: (-item[1].total(), item[0]))
    return [f"{whose}: {', '.join(f'{n} {w.lower()}' for w, n in c.most_common())}" for whose, c in ordered]
