"""Who promised to publish, and what became of it: a committee asks, a minister names a day, a statement is missing.

The documents stand on a publisher's loopback server and are looked at like any page.
"""

import datetime as dt
from pathlib import Path

import pytest
from world import World
from world.fixtures import Monitor
from world.items import publication as page

from monitor.declarations import Audit, Commitment, DeclarationError, commitments
from monitor.settings import home
from monitor.store.vault import Vault
from monitor.watch.register import beside_audits, register
from pipelines.look.history import documents, looks_of
from tests.register.editions import Made, by_ethnicity, by_sex, observed, registered, series, whole

PLAN, BILL = "/government/publications/plan-for-prisons", "/government/publications/bill-equalities-statements"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def promised(**said) -> Commitment:
    known = {
        "id": "one", "title": "Ethnicity of people in custody", "kind": "minister", "by": "The minister",
        "from": day("2024-05-01"), "due": day("2024-09-30"), "said": "It will be published.", "source": "HC Deb",
        "asked": [{"publication": "custody", "characteristics": ["ethnicity"]}],
    }  # fmt: skip
    return Commitment.model_validate(known | said)


WITHOUT = Made("2024-06", {"1": by_sex("30 June 2024")}, "2024-07-25")
WITH = Made("2024-09", {"1": by_sex("30 September 2024"), "2": by_ethnicity("30 September 2024")}, "2024-10-31")


@pytest.mark.parametrize(
    ("files", "as_of", "state", "overdue"),
    [
        ([], "2024-08-01", "not looked", False),
        ([WITHOUT], "2024-08-01", "not kept", False),
        ([WITHOUT], "2024-10-01", "not kept", True),
        ([WITHOUT, WITH], "2024-11-01", "kept", False),
    ],
)
def test_a_promise_is_answered_by_what_the_register_says(files, as_of, state, overdue) -> None:
    (row,) = registered(files, as_of=as_of, commitments=[promised()]).commitments
    assert (row["state"], row["overdue"], row["source"]) == (state, overdue, "HC Deb")


def test_before_it_was_made_there_is_no_promise() -> None:
    assert registered([WITHOUT], as_of="2024-04-30", commitments=[promised()]).commitments == []


def test_a_day_set_by_a_committee_raises_what_is_dropped_by_one_level() -> None:
    held = [Made("2024-03", {"1": by_sex("31 March 2024"), "2": by_ethnicity("31 March 2024")}, "2024-04-25"), WITHOUT]
    by_age = promised(asked=[{"publication": "custody", "characteristics": ["disability"]}])
    explained = {
        "state": "dropped",
        "characteristic": "ethnicity",
        "what": "Under review.",
        "source": "p",
        "sure": "seen",
    }
    plain = whole(registered(held, series(known=[explained]), commitments=[by_age]))
    assert plain["severity"] == "S1"  # raised for ethnicity, lowered for the explanation
    days = ("28 January 2024", "28 February 2024", "28 March 2024")
    months = [Made(f"2024-0{m}", {"1": by_sex(day)}, f"2024-0{m}-28") for m, day in enumerate(days, 1)]
    assert whole(registered(months), "disability")["severity"] == "S3"
    dated = registered(months, as_of="2024-06-01", commitments=[by_age])
    assert whole(dated, "disability")["severity"] == "S2"


def test_an_equality_statement_expected_of_a_document_is_looked_for(tmp_path: Path) -> None:
    statement = "equalit(y|ies) (statement|impact)"
    asked = [
        {"page": p, "title": t, "statement": statement} for p, t in ((PLAN, "Plan for prisons"), (BILL, "The bill"))
    ]
    wanted = [promised(asked=asked, due=None)]
    world = World(now=dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC))
    monitor = Monitor(world, Vault(home(tmp_path)))
    at = dt.datetime(2024, 5, 20, 9, 30, tzinfo=dt.UTC)
    world.documents[PLAN] = page(PLAN, "Plan for prisons", updated=at, attachments=[world.attach("plan.ods", b"plan")])
    world.documents[BILL] = page(BILL, "The bill: equalities statements 2024", updated=at)
    held = observed([WITHOUT])
    with world.open(), pytest.MonkeyPatch.context() as patch:
        for name, value in world.environment().items():
            patch.setenv(name, value)
        monitor.look(*documents(wanted))
    looks = looks_of(monitor.vault, {p.id: p for p in documents(wanted)}, day("2024-06-02"))
    frames = (held["artefact"], held["surveyed_table"], held["breakdown"])
    (row,) = register({}, *frames, as_of=day("2024-06-02"), looks=looks, commitments=wanted).commitments
    assert [(p["publication"], p["state"]) for p in row["asked"]] == [(PLAN, "absent"), (BILL, "present")]
    assert row["state"] == "kept in part"


def test_the_declared_commitments_have_a_source_and_a_day_and_name_what_is_declared() -> None:
    declared = {c.id: c for c in commitments()}
    assert {"lammy-1", "lammy-2", "lammy-3", "lammy-4", "psr0053", "cerd-2024-36e"} <= set(declared)
    assert all(c.source and c.asked for c in declared.values())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('asked = [{publication = "arrests"}]', "expected characteristics beside publication"),
        ('asked = [{page = "/a"}]', "expected publication, or page and statement together"),
        ('asked = [{publication = "arrests", characteristics = ["ethnicty"]}]', "did you mean ethnicity"),
    ],
)
def test_a_commitment_that_cannot_be_followed_is_refused_with_what_was_expected(tmp_path: Path, text, said) -> None:
    folder = tmp_path / "commitments"
    folder.mkdir()
    (tmp_path / "publications").mkdir()
    (tmp_path / "publications" / "arrests.toml").write_text('id = "arrests"\ntitle = "A"\npublisher = "P"\n')
    head = '[[commitment]]\nid = "x"\ntitle = "X"\nkind = "evidence"\nby = "B"\nfrom = 2024-01-01\n'
    head += 'said = "S"\nsource = "T"\n'
    (folder / "x.toml").write_text(head + text + "\n")
    with pytest.raises(DeclarationError, match=said):
        commitments(tmp_path)


def test_commitments_are_listed_with_what_the_register_says(cli) -> None:
    rows = {r["id"]: r for r in cli("commitments", "--json").document}
    assert rows["psr0053"]["state"] == "not kept"
    assert rows["lammy-4"]["state"] == "kept in part"  # prison population yes; the other nobody has opened
    assert rows["lammy-2"]["state"] == "not looked"
    assert cli("commitments", "--check").code == 3
    assert cli("commitments", "--as-of", "2017-08-31", "--json").document == []
    assert "Recommendation 1" in cli("commitments").out


def test_the_history_of_each_table_can_be_asked_for(cli) -> None:
    rows = cli("gaps", "--history", "--publication", "prison-population", "--json").document
    assert {r["state"] for r in rows} == {"present"}
    separated = {r["sheet"] for r in rows if r["characteristic"] == "ethnicity"}
    assert separated == {"A1_9i", "A1_9ii", "A1_15-A1_17", "PT Data"}


def test_an_audit_by_others_stands_beside_what_we_hold_and_is_never_mixed_with_it(cli, tmp_path: Path) -> None:
    (audit,) = cli("commitments", "--audits", "--json").document
    assert (audit["by"], audit["recommendations"]) == ("Centre for Public Data", 26)
    assert audit["totals"] == {
        "not implemented": 11, "partly implemented": 3, "in progress": 8, "fully implemented": 3, "unclear": 1,
    }  # fmt: skip
    said = " ".join(cli("commitments", "--audits").out.split())
    assert "Centre for Public Data" in said and "not implemented 11" in said and "March 2023" in said


def test_a_row_of_an_audit_shows_our_evidence_of_the_same_commitment_apart() -> None:
    row = {"recommended": "Publish it", "by": "A review", "state": "in progress", "source": "The audit, page 3"}
    audit = Audit.model_validate(
        {
            "id": "a", "title": "An audit", "by": "Others", "from": "2023-03-01", "of": "recommendations",
            "totals": {"in progress": 2}, "source": "The audit",
            "row": [{**row, "commitment": "psr"}, row],
        }
    )  # fmt: skip
    ours = [{"id": "psr", "state": "not kept"}]
    (found,) = beside_audits([audit], ours, day("2024-01-01"))
    assert [(r["state"], r["ours"]) for r in found["rows"]] == [("in progress", "not kept"), ("in progress", None)]
    assert beside_audits([audit], ours, day("2023-02-01")) == [], "nobody knew of it then"
