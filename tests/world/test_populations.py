"""Populations asked of statistics services: whole, by code, beside what is held offline, and what differs said."""

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

import polars as pl
import pytest

from monitor.declarations import Publication, baselines, sources
from monitor.run import denominators, take_in
from monitor.settings import Home, home
from monitor.store import reads
from monitor.store.database import Reader
from monitor.store.vault import Vault
from pipelines import starter
from pipelines.fetch import Services, Session
from pipelines.look import Watched, watch
from pipelines.look.codes import known
from pipelines.observe import observe
from pipelines.reading import read
from world import World, populations
from world.fixtures import FAST, Monitor
from world.populations import ENGLAND_AND_WALES, Variable, serve_dataset, serve_observations, serve_rows
from world.server import Asset

SHARED = Path(__file__).resolve().parents[3] / "shared" / "interfaces"
recorded = pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/interfaces beside the checkout")

GROUPS = Variable("c2021_eth_20", list(known()["c2021_eth_20"].items()))
SEXES = [("1", "Female"), ("2", "Male")]
AGES = [("0", "Aged under 1 year"), ("1", "Aged 1 year"), *((str(n), f"Aged {n} years") for n in range(2, 100))]
BANDS = ["24 years and under", "25 to 34 years", "35 to 49 years", "50 to 64 years", "65 years and over"]
AREA = ENGLAND_AND_WALES[0]
STATUS = (
    ("Never married and never registered a civil partnership", 18_427_000.0),
    ("Married or in a registered civil partnership", 21_645_000.0),
    ("Separated, but still legally married or still legally in a civil partnership", 1_077_479.0),
    ("Divorced or civil partnership dissolved", 4_417_000.0),
    ("Widowed or surviving civil partnership partner", 3_000_000.0),
)
HAS_CONDITION = "Has long term physical or mental health condition but day-to-day activities are not limited"
DISABILITY = (
    ("Disabled under the Equality Act: Day-to-day activities limited a lot", 4_158_000.0, 328_000.0),
    ("Disabled under the Equality Act: Day-to-day activities limited a little", 5_616_486.0, 342_264.0),
    (f"Not disabled under the Equality Act: {HAS_CONDITION}", 3_856_000.0, 214_000.0),
    ("Not disabled under the Equality Act: No long term physical or mental health conditions", 42859560.0, 2223233.0),
)
IDENTITY = (
    ("Gender identity the same as sex registered at birth", 42_736_000.0, 2_652_000.0),
    ("Trans woman", 45_000.0, 3_000.0),
    ("Trans man", 45_000.0, 3_000.0),
    ("Not answered", 2_900_479.0, 182_000.0),
)


def held(name: str) -> list[list[object]]:
    """The cells of a file that ships as a transcription: real figures of England and Wales."""
    path = next(s.path for s in starter.sources() if s.path.name == f"census-2021-{name}.cells.csv")
    (grid,) = read(path, path.name, transcription=True)
    width = max(len(row) for row in grid.rows)
    return [[*row, *[None] * (width - len(row))] for row in grid.rows if any(c is not None for c in row)]


def by_column(name: str, of: Callable[[object], str]) -> dict[tuple[str, str], float]:
    """Counts of England and Wales by group and by what a row is of; a suppressed one is 5."""
    header, *rows = held(name)
    rows = [row for row in rows if row[header.index("Geography Code")] == AREA]
    codes = {label: code for code, label in GROUPS.categories}
    columns = [(n, codes[str(h)]) for n, h in enumerate(header) if str(h) in codes]
    return {
        (code, of(row[2])): float(row[n]) if isinstance(row[n], float) else 5.0 for row in rows for n, code in columns
    }


def both_countries(name: str) -> list[tuple[str, float, float]]:
    """A file held offline as label, England, Wales."""
    return [(str(label), float(str(england)), float(str(wales))) for label, england, wales, *_ in held(name)[1:]]


def perturbed(counts: dict[tuple[str, str], float]) -> dict[tuple[str, ...], float]:
    """Counts with up to three people more or fewer, as many of either, so that no two tables agree exactly."""
    return {(AREA, *key): n + (n > 50) * 3 * (-1) ** at for at, (key, n) in enumerate(counts.items())}


@dataclass
class Census:
    """A census as the services have it: figures held offline."""

    by_sex: dict[tuple[str, str], float]
    by_age: dict[tuple[str, str], float]

    @classmethod
    def of_starter(cls) -> "Census":
        sexes = {name.lower(): code for code, name in SEXES}
        ages = by_column("ethnicity-age", lambda said: "100" if "over" in str(said) else f"{float(str(said)):g}")
        return cls(by_column("ethnicity-sex", lambda said: sexes[str(said).lower()]), ages)

    def serve(self, world: World) -> None:
        """Every table that the declaration asks for."""
        serve_rows(world, "NM_2041_1", self.by_group())
        serve_rows(world, "NM_2132_1", self.by_band(), most=100)
        serve_observations(world, self.custom())
        faiths = [("Does not apply", 0.0, 0.0), *both_countries("religion")]
        self.dataset(world, "TS030", "Religion (10 categories)", faiths, "2022-11-29")
        self.dataset(world, "TS038", "Disability (5 categories)", DISABILITY, "2023-01-19")
        orientation = both_countries("sexual-orientation")
        self.dataset(world, "TS077", "Sexual orientation (6 categories)", orientation, "2023-01-06")
        self.dataset(world, "TS078", "Gender identity (8 categories)", IDENTITY, "2023-01-06")

    def by_group(self) -> list[list[str]]:
        total = {(AREA, g): sum(n for (c, _), n in self.by_sex.items() if c == g) for g, _ in GROUPS.categories}
        return populations.query_rows(ENGLAND_AND_WALES, [GROUPS], total, "2021")

    def by_band(self) -> list[list[str]]:
        """By five bands of age and by sex, half of each."""
        bands = Variable("c2021_age_6", [(str(n), f"Aged {b}") for n, b in enumerate(BANDS, 1)])
        counts = dict.fromkeys(
            ((AREA, g, b, s) for g, _ in GROUPS.categories for b, _ in bands.categories for s, _ in SEXES), 0.0
        )
        for (group, age), n in self.by_age.items():
            band = str(sum(int(age) >= low for low in (25, 35, 50, 65)) + 1)
            for sex, _ in SEXES:
                counts[AREA, group, band, sex] += n / 2
        variables = [GROUPS, bands, Variable("c_sex", SEXES)]
        return populations.query_rows(ENGLAND_AND_WALES, variables, counts, "2021")

    def custom(self) -> dict[str, dict[str, object]]:
        """Custom tables by their dimensions."""
        area = Variable("nat", [ENGLAND_AND_WALES], "Nation")
        sex = Variable("sex", SEXES, "Sex (2 categories)")
        age = Variable("resident_age_101a", [*AGES, ("100", "Aged 100 years and over")], "Age (101 categories)")
        ethnic = Variable("ethnic_group_tb_20b", GROUPS.categories, "Ethnic group (20 categories)")
        status = Variable("legal_partnership_status_6a", [(str(n), s) for n, (s, _) in enumerate(STATUS, 1)])
        each = {(AREA, str(n)): value for n, (_, value) in enumerate(STATUS, 1)}
        return {
            "ethnic_group_tb_20b,sex": populations.observations([area, ethnic, sex], perturbed(self.by_sex)),
            "ethnic_group_tb_20b,resident_age_101a": populations.observations(
                [area, ethnic, age], perturbed(self.by_age)
            ),
            "legal_partnership_status_6a": populations.observations([area, status], each),
        }

    def dataset(self, world: World, name: str, column: str, said: list[tuple[str, float, float]], day: str) -> None:
        """A data set by local authority: here one each of England and of Wales."""
        header = [*(f"Lower tier local authorities{c}" for c in (" Code", "")), f"{column} Code", column, "Observation"]
        rows = [
            [area, area, str(n), label, f"{values[at]:g}" if values[at] < 1e6 else str(int(values[at]))]
            for at, area in enumerate(("E06000001", "W06000001"))
            for n, (label, *values) in enumerate(said, 1)
        ]
        serve_dataset(world, name, [header, *rows], day=day)


CENSUS = "census-2021"
TABLES = ["ethnicity-age-custom", "ethnicity-sex-custom", "rm032", "ts002", "ts021", "ts030", "ts038", "ts077", "ts078"]


def declared() -> Publication:
    return sources()[CENSUS]


@dataclass
class Told:
    """What a monitor says after it has asked for a census."""

    done: Watched
    place: Home
    world: World

    def figures(self, table: str) -> pl.DataFrame:
        with Reader(self.place) as store:
            return store.frame("select * from figure where table_id = ?", [table])

    def findings(self) -> pl.DataFrame:
        with Reader(self.place) as store:
            return reads.findings(store, CENSUS)

    def speaks(self, characteristic: str, baseline: str) -> set[str]:
        """The tables that speak for a baseline."""
        with Reader(self.place) as store:
            return set(denominators(store, characteristic, baselines())[baseline]["table_id"])


def tell(
    starter_home: Path, folder: Path, change: Callable[[Census, World], None] = lambda census, world: None
) -> Told:
    """Ask the services for the census, and run the line over what they gave."""
    place = home(Path(shutil.copytree(starter_home, folder / "home")))
    with World().open() as world, pytest.MonkeyPatch.context() as patch:
        for name, value in world.environment().items():
            patch.setenv(name, value)
        census = Census.of_starter()
        census.serve(world)
        change(census, world)
        done = Monitor(world, Vault(place)).look(declared())
        take_in(place, say=lambda _: None)
    return Told(done, place, world)


@pytest.fixture(scope="module")
def told(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return tell(starter_home, tmp_path_factory.mktemp("census"))


class TestACensusAskedFor:
    """Every table declared is fetched, kept, and read by the same line as a file."""

    def test_every_table_is_held_with_the_day_it_was_published(self, told: Told) -> None:
        assert (told.done.failed, told.done.findings) == ([], [])
        assert sorted(a.name for a in told.done.new) == [f"{t}.csv" for t in TABLES]
        days = {a.name: str(a.published_on) for a in told.done.new}
        assert (days["ts021.csv"], days["ts030.csv"], days["ts038.csv"]) == ("2022-11-29", "2022-11-29", "2023-01-19")
        assert {a.edition_id for a in told.done.new} == {"2021"}

    @pytest.mark.parametrize(
        ("table", "figures"),
        [("ts021", 19), ("rm032", 190), ("ethnicity-sex-custom", 38), ("ethnicity-age-custom", 1919), ("ts002", 5)],
    )
    def test_every_cell_becomes_a_figure_with_its_cell(self, told: Told, table: str, figures: int) -> None:
        frame = told.figures(table)
        assert frame.height == figures
        assert frame["cell"].n_unique() == figures
        assert set(frame["place_code"]) == {AREA}

    def test_local_authorities_are_summed_and_said_to_be(self, told: Told) -> None:
        faiths = told.figures("ts030")
        assert faiths.filter(pl.col("religion") == "Muslim")["value"].to_list() == [3_868_189.0]
        assert set(faiths["flags"].explode()) == {"derived"}

    def test_groups_are_read_by_name_though_the_bare_numbers_differ(self, told: Told) -> None:
        by_name = lambda frame: dict(frame.group_by("ethnicity").agg(pl.col("value").sum()).iter_rows())  # noqa: E731
        alone, crossed = by_name(told.figures("ts021")), by_name(told.figures("rm032"))
        assert alone.keys() == crossed.keys()
        assert all(abs(alone[name] - crossed[name]) < 500 for name in alone)

    def test_nothing_is_found_wrong_with_tables_that_differ_by_rounding(self, told: Told) -> None:
        said = told.findings().filter(pl.col("state") == "failed")
        assert said["message"].to_list() == []

    def test_no_table_is_asked_for_again_within_a_week(self, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
        before = len(told.world.requests)
        with told.world.open():
            for name, value in told.world.environment().items():
                monkeypatch.setenv(name, value)
            done = Monitor(told.world, Vault(told.place)).look(declared())
        assert (done.looked, len(told.world.requests)) == (1, before)


class TestBesideWhatIsHeldOffline:
    def test_what_agrees_within_rounding_speaks_instead(self, told: Told) -> None:
        assert told.speaks("ethnicity", CENSUS) == {"ethnicity-sex-custom"}
        assert told.speaks("ethnicity", f"{CENSUS}-18plus") == {"ethnicity-age-custom"}
        assert told.speaks("religion", CENSUS) == {"ts030"}

    def test_what_is_published_for_some_ages_only_speaks_for_these(self, told: Told) -> None:
        assert told.speaks("sexual_orientation", f"{CENSUS}-16plus") == {"ts077"}

    def test_where_nothing_is_held_offline_it_speaks_at_once(self, told: Told) -> None:
        assert told.speaks("marriage_and_civil_partnership", f"{CENSUS}-16plus") == {"ts002"}
        assert told.speaks("gender_reassignment", f"{CENSUS}-16plus") == {"ts078"}

    def test_what_differs_is_a_finding_and_what_is_held_stays(self, starter_home: Path, tmp_path: Path) -> None:
        def differ(census: Census, world: World) -> None:
            census.by_sex = {k: n + (5000 if k == ("13", "1") else 0) for k, n in census.by_sex.items()}
            by_sex = "ethnic_group_tb_20b,sex"
            serve_observations(world, {by_sex: census.custom()[by_sex] | {"blocked_areas": 2, "total_areas": 3}})

        told = tell(starter_home, tmp_path, differ)
        assert told.speaks("ethnicity", CENSUS) == {"ethnicity-sex"}
        found = told.findings().filter(pl.col("state") == "failed")
        differing = found.filter(pl.col("check") == "tables_agree")["message"].to_list()
        assert len(differing) == 1
        assert "ethnicity-sex-custom" in differing[0]
        totals = found.filter(pl.col("check") == "total_expected")["message"].to_list()
        assert len(totals) == 1, "a total that is off by more than rounding is said"
        assert "59,602,5" in totals[0]
        checks = sorted(f.check for _, f in told.done.findings)
        assert checks == ["blocked_areas", "refused_by_service", "refused_by_service"]
        refused = next(f for _, f in told.done.findings if f.check == "refused_by_service")
        assert "Too many rows returned" in refused.found


@pytest.fixture
def one(world: World, monitor: Monitor) -> Iterator[Callable[..., Watched]]:
    """Looks at one declared table only."""

    def look(table: str, **changed: object) -> Watched:
        census = declared()
        (query,) = (q for q in census.query if q.table == table)
        query = query.model_copy(update=changed)
        return monitor.look(census.model_copy(update={"query": (query,)}))

    yield look


class TestAnswersThatAreNotTheTable:
    def serve(self, world: World, name: str, spoil: Callable[[list[list[str]]], object]) -> None:
        counts = {(AREA, code): 100.0 for code, _ in GROUPS.categories}
        rows = populations.query_rows(ENGLAND_AND_WALES, [GROUPS], counts, "2021")
        spoil(rows)
        serve_rows(world, name, rows, most=7)

    def test_pages_make_one_table(self, world: World, monitor: Monitor, one: Callable[..., Watched]) -> None:
        self.serve(world, "NM_2041_1", lambda rows: None)
        (artefact,) = one("ts021").new
        rows = list(csv.DictReader(io.StringIO(monitor.vault.path(artefact.sha256).read_text())))
        assert [row["C2021_ETH_20_CODE"] for row in rows] == [f"_{code}" for code, _ in GROUPS.categories]
        offsets = [dict(parse_qsl(p.partition("?")[2])).get("recordoffset") for p in monitor.asked()]
        assert offsets == [None, None, "7", "14"]

    def test_a_code_under_another_name_stops_the_table(self, world: World, one: Callable[..., Watched]) -> None:
        def swap(rows: list[list[str]]) -> None:
            at = rows[0].index("C2021_ETH_20_NAME")
            rows[1][at], rows[13][at] = rows[13][at], rows[1][at]

        self.serve(world, "NM_2041_1", swap)
        done = one("ts021")
        assert [f.check for _, f in done.findings] == ["code_changed"]
        assert done.new == []

    def test_a_table_cut_by_the_service_is_not_taken(self, world: World, one: Callable[..., Watched]) -> None:
        self.serve(world, "NM_2041_1", lambda rows: rows.pop())
        done = one("ts021")
        assert "found 18" in done.failed[0].reason
        assert done.new == []

    def test_one_table_that_fails_is_asked_again_at_the_next_look(
        self, world: World, monitor: Monitor, one: Callable[..., Watched]
    ) -> None:
        self.serve(world, "NM_2041_1", lambda rows: rows.pop())
        one("ts021")
        self.serve(world, "NM_2041_1", lambda rows: None)
        assert [a.name for a in one("ts021").new] == ["ts021.csv"]

    @pytest.mark.parametrize("said", [{}, {"observations": 3}, {"observations": [], "total_observations": 7}])
    def test_a_custom_table_that_is_none(self, world: World, one: Callable[..., Watched], said: dict) -> None:
        serve_observations(world, {"ethnic_group_tb_20b,sex": said})
        done = one("ethnicity-sex-custom")
        assert done.new == []
        assert all("census-observations" in f.where for _, f in done.findings)
        assert done.findings != []


class TestAsRecorded:
    """The recorded answers themselves, through the declared queries."""

    @recorded
    def test_a_whole_query_of_one_area_becomes_figures(
        self, world: World, monitor: Monitor, one: Callable[..., Watched]
    ) -> None:
        rows = list(csv.reader((SHARED / "nomis/NM_2041_1_TS021_E02002330.csv").open(newline="")))
        serve_rows(world, "NM_2041_1", rows)
        one("ts021", areas=("E02002330",))
        take_in(home(monitor.vault.root.parent), say=lambda _: None)
        with Reader(home(monitor.vault.root.parent)) as store:
            figures = store.frame("select ethnicity, value from figure where table_id = 'ts021'")
        found = dict(figures.iter_rows())
        assert (len(found), found["White British"], found["Bangladeshi"]) == (19, 6608, float(rows[12][20]))

    @recorded
    def test_the_first_thirty_of_190_rows_are_not_a_table(self, world: World, one: Callable[..., Watched]) -> None:
        rows = list(csv.reader((SHARED / "nomis/NM_2132_1_RM032_E02002330.first30of190.csv").open(newline="")))
        serve_rows(world, "NM_2132_1", rows)
        done = one("rm032", areas=("E02002330",))
        assert (done.new, "190 rows" in done.failed[0].reason) == ([], True)

    @recorded
    def test_a_recorded_custom_table_becomes_a_file_of_codes_and_names(
        self, world: World, monitor: Monitor, one: Callable[..., Watched]
    ) -> None:
        said = json.loads((SHARED / "ons/census-observations.example3.json").read_text())
        serve_observations(world, {"resident_age_7b": said})
        (artefact,) = one("ethnicity-sex-custom", areas=("ltla", "E06000001"), dimensions={"resident_age_7b": ""}).new
        lines = monitor.vault.path(artefact.sha256).read_text().splitlines()
        assert lines[0] == "ltla_code,ltla_name,resident_age_7b_code,resident_age_7b_name,observation"
        assert lines[1] == "E06000001,Hartlepool,1,Aged 64 years and under,57326"
        assert len(lines) == 8

    @recorded
    def test_the_world_gives_the_columns_of_the_recorded_answers(self) -> None:
        real = next(csv.reader((SHARED / "nomis/NM_2041_1_TS021_E02002330.csv").open(newline="")))
        counts = {(AREA, code): 1.0 for code, _ in GROUPS.categories}
        assert populations.query_rows(ENGLAND_AND_WALES, [GROUPS], counts, "2021")[0] == real
        said = json.loads((SHARED / "ons/census-observations.example3.json").read_text())
        made = populations.observations([Variable("nat", [ENGLAND_AND_WALES])], {(AREA,): 1.0})
        assert made.keys() == said.keys()


def test_a_bare_number_cannot_be_declared() -> None:
    census = declared().model_dump(mode="json", by_alias=True)
    table = next(t for t in census["table"] if t["id"] == "ts021")
    table["fields"] = {"GEOGRAPHY_CODE": "place", "C2021_ETH_20": "ethnicity", "OBS_VALUE": "value"}
    with pytest.raises(ValueError, match="bare number"):
        Publication.model_validate(census)


PUBLISHED = SHARED.parent / "published" / "ons-census" / "ukmidyearestimates20192020ladcodes.xls"


@pytest.mark.skipif(not PUBLISHED.exists(), reason="needs ../shared/published beside the checkout")
def test_a_published_mid_year_estimate_is_found_by_its_page_and_read(world: World, monitor: Monitor) -> None:
    estimates = sources()["mid-year-estimates"]
    (page,) = estimates.pages
    file = "/file/midyearestimates.xls"
    link = f'<a href="https://www.ons.gov.uk{file}">Mid-2019: April 2020 local authority district codes</a>'
    world.pages[page.removeprefix("https://www.ons.gov.uk")] = Asset(link.encode(), "text/html", world.now)
    world.assets[file] = Asset(PUBLISHED.read_bytes(), "application/vnd.ms-excel", world.now)
    services = Services({**monitor.session().services.elsewhere, "https://www.ons.gov.uk": world.url})
    with Session(services, FAST) as session:
        done = watch([estimates], monitor.vault, session, monitor.clock, monitor.said.append)
    (artefact,) = done.new
    assert artefact.edition_id == "2019-06-30", "and not the year of the codes"
    observed = observe(artefact, monitor.vault.path(artefact.sha256), estimates)
    people = observed.frames["figure"]
    assert people.filter(pl.col("age") == "all").select("value", "period_end").rows() == [
        (59_439_840.0, dt.date(2019, 6, 30))
    ]
    assert people.height == 92, "every single year to 89, 90 and over, and all"


def test_an_older_census_is_asked_for_whole_with_its_totals(world: World, monitor: Monitor) -> None:
    ethnic = Variable("c_ethpuk11", [("0", "All categories: Ethnic group"), ("100", "White: Total"),
                                     ("1", "White: English/Welsh/Scottish/Northern Irish/British"),
                                     ("4", "White: Other White"), ("5", "Asian/Asian British: Indian")])  # fmt: skip
    ages = Variable("c_age", [("0", "All categories: Age"), ("1", "Age 0 to 4"), ("21", "Age 85 and over")])
    sexes = Variable("c_sex", [("0", "All persons"), ("1", "Males"), ("2", "Females")])
    people = {"0": 60.0, "100": 40.0, "1": 30.0, "4": 10.0, "5": 20.0}
    share = {"0": 1.0, "1": 0.5, "21": 0.5, "2": 0.5}
    counts = {
        (AREA, g, a, s): people[g] * share[a] * share[s]
        for g, _ in ethnic.categories for a, _ in ages.categories for s, _ in sexes.categories
    }  # fmt: skip
    serve_rows(world, "NM_651_1", populations.query_rows(ENGLAND_AND_WALES, [ethnic, ages, sexes], counts, "2011"))
    census = sources()["census-2011"]
    (artefact,) = monitor.look(census).new
    observed = observe(artefact, monitor.vault.path(artefact.sha256), census)
    figures = observed.frames["figure"]
    assert figures.height == 45
    males = figures.filter((pl.col("sex") == "male") & (pl.col("age") == "all"))
    assert dict(males.select("ethnicity", "value").iter_rows()) == {
        "all": 30, "White": 20, "White British": 15, "White other": 5, "Indian": 10
    }  # fmt: skip
    (found,) = [p for p in observed.problems if p.check == "total_expected"]
    assert "60 people; expected 56,075,912" in found.message
