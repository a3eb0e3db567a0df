"""Other countries' files: prisoners of the United States, corrective services of Australia, Scotland's census."""

import re
from collections.abc import Iterator

from .said import AsPublished, Said, Scope, When, cell, day, number, plain, rows, value, year
from .words import RELIGION

AUSTRALIA = "abroad/rogs-2024-section8-corrective-services.xlsx"
SCOTLAND = "abroad/scotland-census-2022-religion.csv"
AMERICA: Scope = {"country": "United States"}
PRISONERS: dict[str, Scope] = {
    "total": {}, "federal": {"jurisdiction": "federal"}, "state": {"jurisdiction": "state"},
    "male": {"sex": "male"}, "female": {"sex": "female"}, "white": {"ethnicity": "White"},
    "black": {"ethnicity": "Black"}, "hispanic": {"ethnicity": AsPublished("Hispanic")},
}  # fmt: skip


def _bare(text: str) -> str:
    """A label without the letters of its notes: `Black/d,e`."""
    return re.sub(r"/[a-z](?:,[a-z])*\s*$", "", text.strip()).strip()


def prisoners_by_year(file: str) -> Iterator[Said]:
    """Years down, groups across with an empty column between; counted on the last day of the year, says a note."""
    grid = rows(file)
    head = next(r for r, line in enumerate(grid) if line[0] == "Year/a")
    columns = {j: PRISONERS[_bare(h).lower()] for j, h in enumerate(grid[head]) if j and h}
    for r, line in enumerate(grid[head + 1 :], head + 1):
        if re.fullmatch(r"20\d\d", line[0]):
            for j, scope in columns.items():
                found = (number(line[j]), "published")
                yield cell(file, _name(file), r, j, found, {**AMERICA, **scope}, year(line[0], "unknown"))


def prisoners_by_state(file: str) -> Iterator[Said]:
    """States down, three last days of a year across."""
    grid = rows(file)
    head = next(r for r, line in enumerate(grid) if line[0].startswith("Region and"))
    days = {j: day(int(h[-4:]), 12, 31) for j, h in enumerate(grid[head]) if re.fullmatch(r"12/31/\d{4}", h)}
    for r, line in enumerate(grid[head + 1 :], head + 1):
        if line[0].startswith("Note"):
            return
        for j, when in days.items():
            if (found := value(line[j], {"~": "not_applicable"})) is not None:
                yield cell(file, _name(file), r, j, found, AMERICA, when, place=_bare(line[0] or line[1]))


def releases(file: str) -> Iterator[Said]:
    """States down, kinds of release in two years across."""
    grid = rows(file)
    head = next(r for r, line in enumerate(grid) if line[0] == "Jurisdiction")
    columns = {j: m for j, h in enumerate(grid[head]) if (m := re.fullmatch(r"(20\d\d) (\w+)(?:/[a-z])?", h))}
    for r, line in enumerate(grid[head + 1 :], head + 1):
        if line[0].startswith("Note"):
            return
        for j, m in columns.items():
            if (found := value(line[j], {"/": "not_available"})) is not None:
                over: Scope = {} if m[2] == "total" else {"kind of release": m[2]}
                place = _bare(line[0] or line[1])
                yield cell(file, _name(file), r, j, found, {**AMERICA, **over}, year(m[1]), place=place, measure=m[2])


def census() -> Iterator[Said]:
    """Data zones by religion."""
    grid = rows(SCOTLAND)
    head = next(r for r, line in enumerate(grid) if line and line[0] == "Religion")
    columns: dict[int, Scope] = {}
    for j, label in enumerate(grid[head]):
        if j and label:
            known = {"all people": "all", "religion not stated": "Not stated"}.get(plain(label))
            columns[j] = {"religion": known or RELIGION.get(plain(label)) or AsPublished(label)}
    for r, line in enumerate(grid[head + 1 :], head + 1):
        if line and re.fullmatch(r"S\d{8}", line[0]):
            for j, scope in columns.items():
                found = (float(line[j]), "published")
                yield cell(SCOTLAND, _name(SCOTLAND), r, j, found, scope, year(2022, "unknown"), place=line[0])


UNITS = {"no.": "count", "%": "percent", "rate": "rate"}
INDIGENOUS = ("aboriginal and torres strait islander", "non-indigenous", "indigenous status unknown")


def corrective_services() -> Iterator[Said]:
    """Labels nested over ten columns, then a title, a unit and a column a state. A year there ends in June."""
    for n in range(1, 23):
        sheet = f"Table 8A.{n}"
        grid = rows(AUSTRALIA, sheet)
        states = {j: plain(h) for j, h in enumerate(grid[1]) if j > 11 and plain(h)}
        path: dict[int, str] = {}
        for r, line in enumerate(grid[2:], 2):
            at = next((j for j, c in enumerate(line[:10]) if plain(c)), None)
            if at is None or str(line[0]).startswith("Source"):
                continue
            path = {j: label for j, label in path.items() if j < at} | {at: str(line[at]).strip()}
            unit = str(line[11]).strip()
            if not unit:
                continue
            scope, when = _australian(path)
            measure = f"{n} {' / '.join(path.values())}"
            for j, state in states.items():
                found = value(line[j], {"..": "not_applicable", "na": "not_available", "np": "suppressed"})
                if found is not None:
                    kind = UNITS.get(unit, "other")
                    yield cell(AUSTRALIA, sheet, r, j, found, scope, when, place=state, measure=measure, unit=kind)


def _australian(path: dict[int, str]) -> tuple[Scope, When]:
    scope: dict[str, str] = {"country": "Australia"}
    when = When(None, None, "unknown")
    for label in path.values():
        words = plain(label)
        if m := re.match(r"(20\d\d)-\d\d\b", words):
            # because the sheet gives two years, and whether they end in March or in June stands outside it
            when = When(day(int(m[1]), 4, 1).start, day(int(m[1]) + 1, 6, 30).end, "unknown")
        elif words in ("male", "female"):
            scope["sex"] = words
        elif words == "gender unknown":
            scope["sex"] = "Unknown"
        elif words.removesuffix(" prisoners") in INDIGENOUS:
            scope["ethnicity"] = AsPublished(words)
    return scope, when


def _name(file: str) -> str:
    return file.rpartition("/")[2]
