"""The Nomis query API: a table asked for in pages, whole or not at all."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.services import NOMIS

_MOST_PAGES = 200


@dataclass(frozen=True)
class Table:
    """A table as its first row describes it: its data set, its date, how many rows it has."""

    dataset: str
    date: str
    rows: int


def query_url(query: str) -> str:
    """The address of a query, given as declared: `dataset/NM_….data.csv?…`."""
    return f"{NOMIS}/{query.lstrip('/')}"


def table_url(dataset: str, areas: Sequence[str], dimensions: Mapping[str, str]) -> str:
    """The address of a table's counts: some areas, and of each dimension some options (all, where none is named)."""
    asked = [("date", "latest"), ("geography", ",".join(areas))]
    asked += [(name, options) for name, options in dimensions.items() if options]
    return query_url(f"dataset/{dataset}.data.csv?{urlencode([*asked, ('measures', '20100')], safe=',')}")


def first_row(url: str, body: bytes) -> Table:
    """What the first row of a query says of the whole table. Raises `Failed`."""
    header, rows = _rows(url, body)
    if not rows:
        raise _wrong(url, "rows", "none", "The query may name an area or a category that does not exist.")
    row = dict(zip(header, rows[0], strict=True))
    if not row["RECORD_COUNT"].isdecimal():
        raise _wrong(url, "a number of rows", repr(row["RECORD_COUNT"]))
    dataset = url.partition("/dataset/")[2].partition(".")[0]
    return Table(dataset, row.get("DATE_NAME") or row.get("DATE") or "undated", int(row["RECORD_COUNT"]))


def whole_table(url: str, ask: Callable[[str], bytes]) -> bytes:
    """Every row of a query as one CSV, header once. `ask` brings a page. Raises `Failed`."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    had, count = 0, 1
    for _ in range(_MOST_PAGES):
        page = f"{url}&recordoffset={had}" if had else url
        header, rows = _rows(page, ask(page))
        at, of = header.index("RECORD_OFFSET"), header.index("RECORD_COUNT")
        if not rows and not had:
            raise _wrong(page, "rows", "none", "The query may name an area or a category that does not exist.")
        for row in rows:
            if row[at] != str(had) or (had and row[of] != str(count)):
                wanted, found = f"row {had} of {count if had else 'all'}", f"row {row[at]} of {row[of]}"
                raise _wrong(page, wanted, found, "The table changed meanwhile; ask again.")
            if not row[of].isdecimal():
                raise _wrong(page, "a number of rows", repr(row[of]))
            had, count = had + 1, int(row[of])
        lines.writerows(rows if out.tell() else [header, *rows])
        if had >= count:
            return out.getvalue().encode()
        if not rows:
            break
    raise _wrong(url, f"{count} rows", f"{had}", "The service stopped short; ask again later.")


def _rows(url: str, body: bytes) -> tuple[list[str], list[list[str]]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _wrong(url, "CSV", f"{body[:40]!r} ({error})") from None
    header = rows[0] if rows else []
    if not {"RECORD_OFFSET", "RECORD_COUNT", "OBS_VALUE"} <= set(header):
        expected = "columns OBS_VALUE, RECORD_OFFSET and RECORD_COUNT"
        raise _wrong(url, expected, repr(header[:5]), "Add them to `select`.")
    if bad := next((row for row in rows[1:] if len(row) != len(header)), None):
        raise _wrong(url, f"{len(header)} columns", f"{len(bad)} in {bad[:3]!r}", "The page was cut short; ask again.")
    return header, rows[1:]


def _wrong(url: str, expected: str, found: str, remedy: str = "Ask again later.") -> Failed:
    return Failed(Finding("unexpected_answer", url, expected, found, remedy))
