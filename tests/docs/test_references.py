"""Every name in a declaration is resolved before anybody is asked: the file, the line, the nearest; the rest stands."""

import inspect
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.declarations import (
    DeclarationError,
    Publication,
    audits,
    baselines,
    check,
    commitments,
    journey,
    measures,
    parse,
    publications,
)
from monitor.settings import DECLARATIONS
from tests.architecture import test_catalogue

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
Wrong = Callable[[str, str, str], Path]


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """A copy of all declarations, to be changed."""
    rooms = shutil.ignore_patterns("starter", "*.py", "__pycache__")
    return Path(shutil.copytree(DECLARATIONS, tmp_path / "pipelines", ignore=rooms))


@pytest.fixture
def change(declared: Path) -> Callable[[str, str, str], int]:
    """Replaces the first of some words in a file of that copy; gives the line they stand in."""

    def put(file: str, old: str, new: str) -> int:
        path = declared / file
        text = path.read_text("utf-8")
        found = re.search(old, text, re.M)
        assert found
        path.write_text(text[: found.start()] + new + text[found.end() :], "utf-8")
        return text[: found.end()].count("\n") + 1

    return put


def test_every_name_that_ships_is_declared() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("measures/arrests.toml", '"census-2011"', '"census-2010"', "no baseline is called"),
        ("measures/arrests.toml", '^publication = "arrests"', 'publication = "arests"', "no publication is called"),
        ("measures/arrests.toml", '^figures = "arrests"', 'figures = "arests"', "no measure of its tables"),
        ("measures/prison-population.toml", '^religion = .*"religion-sex"', 'religion = ["religion"', "declared table"),
        ("measures/prison-population.toml", '^ethnicity = "White"', 'ethnicity = "Whites"', "no group of ethnicity"),
        ("measures/prison-population.toml", "^religion = .*religion-sex", 'relegion = ["religion-sex', "no charac"),
        ("measures/prison-population.toml", '"White British", "all', '"White Brittish", "all', "no group of ethnicity"),
        ("publications/youth-custody.toml", '^baseline = ".*"', 'baseline = "census-2012"', "no baseline is called"),
        ("publications/police-use-of-force.toml", '^previous = ".*"', 'previous = "arests"', "no publication"),
        ("baselines/census-2021.toml", r'ethnicity = (\[)?"[a-z-]+"', 'ethnicity = "ethnicity-of"', "declared table"),
        ("commitments/commitments.toml", 'publication = "parole"', 'publication = "payrole"', "no publication"),
        ("journey/stages.toml", 'population = "arrests"', 'population = "arests"', "no measure is called"),
    ],
)  # fmt: skip
def test_a_wrong_name_is_said_with_its_line_and_the_nearest(declared: Path, change, file, old, new, said) -> None:
    line = change(file, old, new)
    found = [sentence for sentence in check(declared) if f"{file}, line {line}: " in sentence]
    assert found, check(declared)
    assert said in found[0]
    assert "did you mean" in found[0] or "known: " in found[0]


def test_only_what_rests_on_a_wrong_name_is_left_out(declared: Path, change) -> None:
    change("measures/arrests.toml", '"census-2011"', '"census-2010"')
    change("publications/youth-custody.toml", '^baseline = ".*"', 'baseline = "census-2012"')
    change("commitments/commitments.toml", 'publication = "parole"', 'publication = "payrole"')
    assert len(check(declared)) == 3 + len([s for s in check(declared) if "'arrests'" in s])
    assert set(measures()) - set(measures(declared)) == {"arrests"}
    assert set(publications(declared)) == set(publications())
    assert publications(declared)["youth-custody"].reads is None
    assert publications(declared)["youth-custody"].calendar == publications()["youth-custody"].calendar
    assert [c.id for c in commitments(declared)] == [c.id for c in commitments()]
    lost = sum(len(c.asked) for c in commitments()) - sum(len(c.asked) for c in commitments(declared))
    assert lost == 1
    assert len(audits(declared)) == len(audits())


def test_a_measure_of_a_population_that_is_wrong_is_left_out_with_it(declared: Path, change) -> None:
    change("baselines/census-2021.toml", r'ethnicity = (\[)?"[a-z-]+"', 'ethnicity = "ethnicity-of"')
    assert "census-2021" not in baselines(declared)
    resting = {m.id for m in measures().values() if any(f.baseline == "census-2021" for f in m.fit)}
    assert resting
    assert not resting & set(measures(declared))


def test_a_stage_of_a_measure_that_is_left_out_goes_with_it(declared: Path, change) -> None:
    change("measures/arrests.toml", '"census-2011"', '"census-2010"')
    named = {name for stage in journey(declared) for name in (stage.population, stage.previous)}
    assert "arrests" not in named
    assert named


def test_a_file_that_cannot_be_read_stops_the_check(declared: Path, change) -> None:
    change("commitments/commitments.toml", r"\[\[commitment\]\]", "[[commitment]")
    with pytest.raises(DeclarationError, match=r"commitments/commitments\.toml.*not valid TOML"):
        check(declared)


@pytest.mark.parametrize("name", sorted(p.stem for p in EXAMPLES.glob("*.toml")))
def test_an_example_of_the_guide_can_be_declared_as_it_stands(declared: Path, name: str) -> None:
    room = "baselines" if name == "asked-population" else "publications"
    shutil.copy(EXAMPLES / f"{name}.toml", declared / room)
    assert check(declared) == []


def test_the_example_of_the_guide_passes_the_tests_of_the_catalogue() -> None:
    example = parse(Publication, (EXAMPLES / "temporary-release.toml").read_text("utf-8"), "temporary-release.toml")
    for name, test in vars(test_catalogue).items():
        if name.startswith("test_") and list(inspect.signature(test).parameters) == ["publication"]:
            test(example)
