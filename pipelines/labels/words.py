"""What the words around numbers say: headings, titles, and labels that say several things (`Males aged 15-17`).

A part of a label counts only when the rest of it is understood too: not "White" in "White Collar".
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from monitor.vocabulary import (
    CHARACTERISTICS,
    ImpossiblePeriod,
    Meaning,
    Period,
    clean_label,
    dimension_of,
    meanings,
    parse_period,
)

NAMED = frozenset(c.id for c in CHARACTERISTICS)
LONGEST_COMPOUND = 200

_MENTIONS = {
    "ethnicity": r"ethnic\w*|race|racial|rri|relative rate ind\w+|indigenous|aboriginal|hispanic|latinos?"
    r"|(?<!religious )(?<!sexual )(?:minorities|minority groups?)",
    "age": r"aged?|ages|year[- ]olds?|years old|juveniles?|young adults?",
    "sex": r"sex|gender|males?|females?|women|men|girls?|boys?",
    "religion": r"religio\w*|faiths?|beliefs?",
    "nationality": r"nationalit\w+|foreign nationals?|citizenship",
    "disability": r"disab\w+",
    "sexual_orientation": r"sexual orientation|sexuality|sexual identity|lgb\S*",
    "gender_reassignment": r"gender identity|gender reassignment|trans(?:gender)?",
    "marriage_and_civil_partnership": r"marital|marriages?|civil partnerships?|legal partnership|relationship status",
    "pregnancy_and_maternity": r"pregnan\w+|maternity|mothers?|births?",
    "gypsy_roma_traveller": r"gypsy|gypsies|roma|romany|travellers?|grt",
    "learning_disability": r"learning (?:disabilit|difficult)\w+|neurodiver\w+|ldd",
}
_MENTION = {d: re.compile(rf"(?<![\w-])(?:{words})(?!\w)", re.I) for d, words in _MENTIONS.items()}
_NOT_YEARS_OF_AGE = re.compile(
    r"\b(?:months?|days?|weeks?|hours?|minutes?|convictions?|cautions?|previous|scores?|lengths?|duration|times?"
    r"|deciles?|quintiles?|distance|miles|percentages?|incidents?|occasions?|visits?|sanctions?|reoffen\w+"
    r"|number of (?!(?:people|persons|prisoners|offenders|children|defendants|arrests|individuals)\b)\w+)\b|£",
    re.I,
)
_OF_NO_PERSON = re.compile(r"\b(?:languages?|interpret\w+|dialects?|countr(?:y|ies)|born|birth)\b", re.I)
_OF_PLACES = re.compile(r"\b(?:regions?|areas?|continents?|destinations?)\b", re.I)
_OF_OFFENCES = re.compile(r"offen[cd]|crime|hate|assault|consent|allowance|motivat|strand", re.I)

_COUNTED = r"numbers?|no\.?|counts?|totals?|proportions?|percentages?|per ?cents?|%|shares?|rates?|volumes?"
_BEFORE = re.compile(
    rf"^(?:(?:{_COUNTED}|average|mean|median|rri|of which|of whom)(?:\s*\(%\))?:?\s+"
    r"(?:(?:of|for|who (?:are|were))\s+)?)(?=\S)",
    re.I,
)
_AFTER = re.compile(
    rf"(?:\s*\((?:{_COUNTED}|n|thousands?|rri|[^()]*%[^()]*)\)|\s*%"
    r"|\s+-?\s*(?:rri|rris|relative rate ind(?:ex|ices|exes)"
    rf"|(?:statistical(?:ly)? )?significan(?:ce|t)|{_COUNTED}|prisoners?|offenders?|defendants?|people|persons?"
    r"|individuals?|population|suspects?|arrest(?:s|ees)?|children|residents?|cases?|members|groups?|staff|officers"
    r"|victims?|searches|(?:lower|upper) (?:ci|limit|bound)|confidence interval|ci))$",
    re.I,
)
_RATE = re.compile(
    r"%|\b(?:per ?cent\w*|proportions?|(?:\w+ )?rates?|ratios?|rri|significan\w+|average|mean|median|index|indices"
    r"|confidence|change|difference|gap|odds|per [\d,]+|shares?|limits?)\b",
    re.I,
)
_STATISTIC = re.compile(
    rf"^(?:measures?:\s*value|{_COUNTED}|rri|significance|n|value|v4_\d+|change|all|total)(?:\s*\(.*\))?$", re.I
)
_SEPARATORS = tuple(
    re.compile(p) for p in (r"\s*[|;\n]\s*", r"\s*:\s*", r"\s+-\s+", r",\s+", r"\s*[()]\s*", r"\s*_\s*")
)
_AGE_WORD = re.compile(r"\d{1,3}\+?\Z")
_SAY_NOTHING_ALONE = frozenset(
    (
        "other", "others", "none", "total", "all", "single", "free", "a", "m", "f", "u", "missing", "unknown", "any",
        "not", "no", "group", "groups", "people", "persons", "and", "of", "the", "in", "or", "recorded", "stated",
        "known", "with", "without", "yes", "n", "y",
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def heading_of(heading: str) -> tuple[str | None, bool]:
    """The dimension a heading names, and whether it says nothing else: `Self-defined ethnicity` → `ethnicity`.

    A longer heading ("Sex of defendant") may name a characteristic; one that speaks of offences does not.
    """
    if len(heading) > LONGEST_COMPOUND:
        return None, False
    words = " ".join(clean_label(heading).text.replace("_", " ").split()).rstrip(":")
    words = re.sub(r"^(?:by|broken down by)\s+", "", words, flags=re.I)
    plain = re.sub(r"\s*\([^()]*\)\s*$", "", words)
    for text in (words, plain):
        if found := dimension_of(text):
            return found, True
    low = plain.lower().replace("-", " ")
    if _OF_OFFENCES.search(low):
        return None, False
    for c in CHARACTERISTICS:
        for alias in (c.id.replace("_", " "), c.title.lower(), *(a.lower().replace("-", " ") for a in c.aliases)):
            if low.startswith(alias + " ") or low.endswith(" " + alias):
                return c.id, False
    return None, False


@lru_cache(maxsize=4096)
def mentioned(text: str) -> frozenset[str]:
    """The characteristics that the words of a title or a sheet's name speak of."""
    return frozenset(d for d, words in _MENTION.items() if words.search(text))


def measures_something_else(text: str) -> bool:
    """Whether words say that numbers beside them are no ages: months, days, previous convictions, scores."""
    return bool(_NOT_YEARS_OF_AGE.search(text))


_OFFENCE = re.compile(
    _OF_OFFENCES.pattern
    + r"|criminal|rape|sexual activity|robbery|theft|burglary|weapon|abuse|traffick|harass|indecen",
    re.I,
)


def names_an_offence(text: str) -> bool:
    """Whether words are of an offence, which may name whom it is against (`Rape of a female aged 16 and over`)."""
    return bool(_OFFENCE.search(text))


def lists_no_people(text: str) -> bool:
    """Whether words say that a list is of languages or countries, which share words with nationalities."""
    return bool(_OF_NO_PERSON.search(text))


_AREAS = re.compile(
    r"\b(?:police forces?|forces?|areas?|regions?|local authorit\w+|boroughs?|districts?|count(?:y|ies)|geograph\w+)\b",
    re.I,
)


def names_places(header: str) -> bool:
    """Whether a heading stands over areas."""
    return bool(_AREAS.search(header.replace("_", " ")))


_BUILDINGS = r"(?:establishments?|prisons?|institutions?|hmps?|yois?|courts?|hospitals?|police stations?)"
_HEADED = re.compile(rf"\b{_BUILDINGS}\b", re.I)
_LISTED = re.compile(rf"\b(?:by|each|per) (?:[\w-]+ ){{0,2}}{_BUILDINGS}\b", re.I)


def lists_buildings(header: str, around: str) -> bool:
    """Whether a heading, or the words over a table without one, say that a list is of prisons or courts: one that has
    the name of a town is not the town.
    """
    return bool(_HEADED.search(header.replace("_", " ")) or (not header and _LISTED.search(around)))


def lists_places(text: str) -> bool:
    """Whether words say that a list is of places: continents are names of nationality groups too."""
    return bool(_OF_PLACES.search(text))


def measures_only(text: str) -> bool:
    """Whether words say only what kind of number stands under them: `Number`, `Rate per 1,000`, `%`."""
    return bool(_STATISTIC.match(text)) or (bool(_RATE.search(text)) and not mentioned(text) and len(text.split()) <= 6)


@lru_cache(maxsize=8192)
def is_rate(label: str) -> bool:
    """Whether a label stands over percentages, rates, ratios or tests rather than over counts."""
    return bool(_RATE.search(label))


@lru_cache(maxsize=4096)
def _speaks(word: str) -> bool:
    """Whether one word can be part of a label that names people; the gate that keeps long lists cheap."""
    if word in _SAY_NOTHING_ALONE:
        return False
    return bool(_AGE_WORD.match(word)) or any(m.dimension in NAMED and m.kind == "group" for m in meanings(word))


_WITHIN = re.compile(r"(?P<head>[^:]{2,40}):\s*(?P<rest>\S.*)\Z")
_EVERYONE = re.compile(r"all (?:categories|persons)\b.*|total\Z", re.I)


@lru_cache(maxsize=16384)
def dimensions_named(label: str) -> frozenset[str]:
    """The characteristics that a label of several parts names beside each group: `Sex: Male; Ethnic group: White`."""
    if ";" not in label:
        return frozenset()
    heads = [match["head"] for part in label.split(";") if (match := _WITHIN.match(part.strip()))]
    return frozenset(d for d, exact in map(heading_of, heads) if d in NAMED and exact)


def _within_its_heading(text: str) -> Meaning | None:
    """The meaning of a part that names its own dimension: `Ethnic Group: White: Total`."""
    match = _WITHIN.match(text)
    d, exact = heading_of(match["head"]) if match else (None, False)
    if match is None or d is None or not exact:
        return None
    rest = re.sub(r":\s*total\Z", "", match["rest"], flags=re.I)
    found = meanings("All" if _EVERYONE.match(rest) else rest, (d,)) or meanings(f"aged {rest}", (d,))
    return found[0] if len({m.category for m in found}) == 1 else None


def _one(text: str, hints: frozenset[str]) -> Meaning | None:
    """The one meaning of a part of a label; one of people goes before one of circumstances, and an ambiguous part
    is read by the dimensions already seen.
    """
    found = [m for m in meanings(text) if m.kind != "total" or len(text) > 5]
    people = [m for m in found if m.dimension in NAMED]
    if found and not people:
        return found[0]
    if len({m.dimension for m in people}) == 1:
        return people[0]
    known = [m for m in people if m.dimension in hints]
    return known[0] if len({m.dimension for m in known}) == 1 else None


def _bare(text: str) -> str:
    """A label without the words for what is counted around it: `Number of females (%)` → `females`."""
    for _ in range(3):
        shorter = _AFTER.sub("", _BEFORE.sub("", text, count=1), count=1).strip()
        if shorter == text or not shorter:
            break
        text = shorter
    return text


def _period(text: str) -> Period | None:
    try:
        return parse_period(text)
    except ImpossiblePeriod:
        return None


@lru_cache(maxsize=65536)
def several(
    label: str, hints: frozenset[str] = frozenset(), loosely: bool = False
) -> tuple[tuple[Meaning, ...], Period | None]:
    """Everything a label of several parts says: its meanings, one a dimension, and its period.

    Empty when it names no group of a characteristic, or holds a part that is not understood. `hints` are the
    dimensions that other labels of the axis speak of. `loosely` allows parts that are not understood beside a
    separator, for lists in which most labels are made alike.
    """
    text = clean_label(label).text.replace("–", "-").replace("—", "-")
    words = re.findall(r"[\w+]+", text.lower())
    if not words or len(text) > LONGEST_COMPOUND:
        return (), None
    if " - " not in text and not any(map(_speaks, words)) and len(dimensions_named(text)) < 2:
        return (), None
    bare = _bare(text)
    if bare != text and (whole := _one(bare, hints)) is not None and whole.dimension in NAMED:
        return (whole,), None
    for parts in _divisions(text, loosely):
        found: dict[str, Meaning] = {}
        period = None
        understood = True
        for part in parts:
            if meaning := _within_its_heading(part) or _one(part, hints) or _one(_bare(part), hints):
                understood = understood and meaning.dimension not in found
                found[meaning.dimension] = meaning
            elif seen := _period(part):
                period = seen
            elif inner := several(part, hints)[0] if part != text else ():
                found.update({m.dimension: m for m in inner})
            elif not _STATISTIC.match(part) and not loosely:
                understood = False
        people = [m for m in found.values() if m.dimension in NAMED]
        if understood and (any(m.kind == "group" for m in people) or len(dimensions_named(text)) == len(people) > 1):
            return tuple(found.values()), period
    return (), None


def _divisions(text: str, loosely: bool) -> Iterator[list[str]]:
    """The ways to divide a label: at a separator, else (where every part must be understood) between two words."""
    for separator in _SEPARATORS:
        parts = [p for p in separator.split(text) if p]
        if 2 <= len(parts) <= 4:
            yield parts
    words = text.split()
    if len(words) <= 8 and not loosely:
        for k in range(1, len(words)):
            yield [" ".join(words[:k]), " ".join(words[k:])]


_PIECES = re.compile(r"\s*[:;,|()\n]\s*|\s+[-–—]\s+|_")
_PEOPLE = re.compile(
    r"^(?P<group>.+?)\s+(?:people|persons|prisoners?|offenders?|defendants?|population|suspects?|children|adults"
    r"|residents|arrests|estate|only|in (?:prison|custody).*|on probation.*|by .*)$",
    re.I,
)
_AGED = re.compile(
    r"\b(?:aged )?(?:under|over) \d\d\b|\baged \d+ (?:and|or) (?:over|under|above)|\baged \d+ ?(?:-|to) ?\d+", re.I
)


@lru_cache(maxsize=4096)
def constants(text: str) -> tuple[Meaning, ...]:
    """Groups that a title or a sheet's name says everyone in it belongs to: `Table 3: Males by offence` → male.

    A title that names both sexes ("by sex", "males and females") or two groups names no constant.
    """
    found: dict[str, set[Meaning]] = {}
    for raw in _PIECES.split(text):
        piece = raw.strip()
        while piece:
            exact = [m for m in meanings(piece) if m.dimension in NAMED and heading_of(piece) != (m.dimension, True)]
            if exact and len({m.dimension for m in exact}) == 1 and len(piece) > 2:
                if exact[0].kind == "group" and not (exact[0].dimension == "age" and re.fullmatch(r"[\d\s-]+", piece)):
                    found.setdefault(exact[0].dimension, set()).add(exact[0])
                elif exact[0].kind == "total":
                    found.setdefault(exact[0].dimension, set()).update((exact[0], Meaning(exact[0].dimension, "", "")))
                break
            match = _PEOPLE.match(piece)
            piece = match["group"] if match else ""
    for match in _AGED.finditer(text):
        for m in meanings(match[0]):
            if m.dimension == "age":
                found.setdefault("age", set()).add(m)
    sexes = {
        name
        for name, words in (("female", r"females?|women|girls"), ("male", r"males?|men|boys"))
        if re.search(rf"(?<![\w-])(?<!against )(?:{words})(?!\w)(?! victims?| establishments?)", text, re.I)
    }
    if len(sexes) == 1:
        found.setdefault("sex", set()).update(m for m in meanings(sexes.pop(), ("sex",)))
    elif sexes:
        found.pop("sex", None)
    return tuple(next(iter(each)) for each in found.values() if len(each) == 1)
