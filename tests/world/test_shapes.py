"""The world speaks the publisher's real shapes: its items pass the official schemas, its workbooks are read."""

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipelines.reading import read
from world import items, workbooks
from world.items import Item

SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "interfaces" / "govuk" / "schemas"
AT = dt.datetime(2024, 4, 25, 8, 30, tzinfo=dt.UTC)
PATH = "/government/statistics/custody-march-2024"
EDITION = items.publication(
    PATH,
    "Custody: March 2024",
    updated=AT,
    attachments=[items.file("https://assets.publishing.service.gov.uk/media/0a/custody.ods", "Custody", 9, "text/csv")],
    notes=[(AT, "Table 2 corrected.")],
)
ITEMS = {
    "publication": EDITION,
    "withdrawn publication": items.publication(PATH, "Custody", updated=AT, withdrawn="Superseded"),
    "document_collection": items.collection("/government/collections/c", "Custody", [EDITION], first=AT, unmatched=1),
    "statistics_announcement": items.announcement("/a", "A", display="April 2024", release=AT, saved=AT),
    "changed announcement": items.announcement(
        "/a", "A", display="26 April 2024 9:30am", release=AT, state="confirmed", previous="25 April 2024 9:30am",
        note="Quality checks.", saved=AT,
    ),
    "cancelled announcement": items.announcement(
        "/a", "A", display="26 April 2024 9:30am", release=AT, cancelled=(AT, "Data not ready."), saved=AT
    ),
    "redirect": items.redirect("/a", "/b", AT),
    "gone": items.gone("/a", "Published in error.", AT),
    "statistical_data_set": items.data_set("/d", "Data", updated=AT),
}  # fmt: skip


@cache
def schema(name: str) -> dict[str, Any]:
    path = SCHEMAS / name / "frontend" / "schema.json"
    if not path.exists():
        pytest.skip("needs the official schemas in ../shared/interfaces/govuk/schemas beside the checkout")
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_passes_the_official_schema(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    item = ITEMS[name]
    errors = list(jsonschema.Draft4Validator(schema(item["schema_name"])).iter_errors(item))
    assert [(list(e.absolute_path), e.message) for e in errors] == []


@pytest.mark.parametrize("spoil", ["details", "title", "public_updated_at"])
def test_and_the_schema_would_notice(spoil: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    item: Item = {key: value for key, value in EDITION.items() if key != spoil}
    assert not jsonschema.Draft4Validator(schema("publication")).is_valid(item)


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_a_workbook_is_read_back_with_its_table(format: workbooks.Format, tmp_path: Path) -> None:
    path = tmp_path / f"custody.{format}"
    path.write_bytes(workbooks.workbook("31 March 2024", format=format))
    last = read(path)[-1]
    assert (last.sheet, last.rows[2][:2]) == ("Table_2", ["Ethnic group", "31 March 2024"])
    assert [row[0] for row in last.rows[3:-1]] == list(workbooks.EIGHTEEN)


def test_each_variation_of_a_workbook_shows_in_its_sheets() -> None:
    titles = lambda **said: [rows[0][0] for _, rows in workbooks.sheets("31 March 2024", **said)]  # noqa: E731
    assert titles() == ["Contents", *(f"Table {n}: People in custody by {w}, 31 March 2024" for n, w in
                                      ((1, "sex"), (2, "ethnic group")))]  # fmt: skip
    assert titles(groups="none") == titles()[:2]
    assert titles(first_table=4)[1:] == [t.replace("Table 1", "Table 4").replace("Table 2", "Table 5")
                                         for t in titles()[1:]]  # fmt: skip
    groups = [row[0] for row in workbooks.sheets("31 March 2024", groups="binary")[-1][1][3:-1]]
    assert groups == list(workbooks.BINARY)
