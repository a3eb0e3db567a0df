"""A publication of which no figures were read: each verb says so and why, and none takes it for nothing found."""

from pathlib import Path

import pytest

from tests.conftest import Answer, Cli

DECLARED = 'id = "offences"\ntitle = "Offences"\npublisher = "A publisher"\n'
READS = (
    '[reads]\npopulation = "offences"\nverb = "recorded"\ncounts = "events"\nunit = "offences"\nperiod_kind = "flow"\n'
)
READS += 'because = "They are no group of residents."\n'
SHEET = "Table 1: Offences by ethnicity of victim\nEthnicity,{year}\nAsian,{n}\nBlack,20\n{odd},5\nTotal,{total}\n"
VERBS = ["ratios", "trend", "checks", "diff", "gaps"]


@pytest.fixture
def ask(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Asks of the publication after files were added: two editions by ethnicity, or by nothing that people are."""
    root, place = tmp_path / "declared", tmp_path / "home"
    for room in ("publications", "baselines", "measures"):
        (root / room).mkdir(parents=True)
    declared = root / "publications" / "offences.toml"
    monkeypatch.setattr("monitor.declarations.load.DECLARATIONS", root)

    def after(text: str, reads: str = READS):
        declared.write_text(DECLARED + reads)
        for n, year in ((10, "2022/23"), (11, "2023/24")):
            file = tmp_path / f"offences-{n}.csv"
            file.write_text(text.format(year=year, n=n, odd="Zzgroup", total=25 + n))
            cli("add", file, "--publication", "offences", "--edition", year[:4], "--quiet", home=place)

        def answer(*verb: str) -> Answer:
            return cli(*verb, home=place)

        return answer

    return after


@pytest.mark.parametrize("verb", VERBS)
def test_a_table_that_was_held_back_is_named_with_the_reason(ask, verb: str) -> None:
    answer = ask(SHEET)(verb, "offences")
    said = " ".join((answer.out + answer.err).split())
    assert "offences: 2 files are held and surveyed, and no figures were read or checked, because" in said
    assert "Table 1: Offences by ethnicity of victim (labels were not understood: Zzgroup)" in said
    assert not any(words in said for words in ("found nothing", "nothing is different", "no measure is called"))
    assert (answer.code == 1) == (verb in ("ratios", "trend"))


@pytest.mark.parametrize("verb", ["checks", "diff"])
def test_files_that_separate_nobody_are_said_to_have_been_looked_through(ask, verb: str) -> None:
    answer = ask("Table 1: Offences\nStrand,{year}\nRace,{n}\nTotal,{n}\n")(verb, "offences")
    said = " ".join((answer.out + answer.err).split())
    assert "because no table was found in them that separates people" in said


def test_where_nobody_declared_what_its_tables_count_it_says_so(ask) -> None:
    assert "its declaration does not say what its tables count" in ask(SHEET, "")("checks", "offences").out


@pytest.mark.parametrize("verb", ["ratios", "checks"])
def test_of_what_is_not_held_it_is_said_how_to_bring_it(cli: Cli, verb: str) -> None:
    answer = cli(verb, "youth-custody")
    assert "youth-custody: no file of it is held" in answer.out + answer.err
    assert "fetch youth-custody" in answer.out + answer.err
