"""Long open data, from bytes to stored figures: a CSV of millions of records, an OpenDocument sheet of 200,000.

Each measurement runs in a process of its own, so that its peak of memory is its own too, and what is compared runs
directly before and after it. The floor is what one SQL statement needs to make the columns of a figure, ids included,
of a file it trusts: no vocabulary, no checks, no second file.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from monitor.declarations import Publication, parse
from monitor.settings import Home
from monitor.store.database import Writer, stage
from monitor.store.schema import FIGURE, FIGURE_IDENTITY
from pipelines.reading import read
from pipelines.tidy import tidy
from tests.benchmarks.measures import Measured, bare_calamine
from tests.benchmarks.timing import ROOT

LABELS: Mapping[str, tuple[str, ...]] = {
    "Year": tuple(str(year) for year in range(2010, 2025)),
    "Area": tuple(f"E{6_000_000 + n:08d}" for n in range(1, 331)),
    "Sex": ("Male", "Female"),
    "Age": ("15-17", "18-20", "21-24", "25-29", "30-39", "40-49", "50-59", "60 and over"),
    "Ethnicity": ("Asian", "Black", "Mixed", "White", "Other", "Not stated"),
    "Offence": ("Theft offences", "Drug offences", "Violence against the person", "Fraud offences", "Robbery"),
    "Outcome": ("Proved", "Dismissed", "Not proceeded with"),
}
DECLARED = """
id = "generated"
title = "Generated"
publisher = "nobody"

[[table]]
id = "outcomes"
shape = "long"
measure = "outcomes"
population = "people"
unit = "outcomes"
counts = "events"
period_kind = "flow"

[table.fields]
Year = "period"
Area = "place"
Sex = "sex"
Age = "age"
Ethnicity = "ethnicity"
Offence = "offence"
Outcome = "outcome"
Count = "value"
"""
PANDAS_WITH_ODFPY = 153.0
"""Seconds that pandas with odfpy took for an OpenDocument sheet of 200,000 × 12 (5.4 GB), measured once and quoted."""
QUOTED_ROWS = 200_000
Measure = Callable[[str, Path], tuple[float, float]]


def records(rows: int, seed: int = 1) -> pl.DataFrame:
    """A list of records: year, area, sex, age, ethnicity, offence, outcome, count; no two under the same labels."""
    draw = np.random.default_rng(seed)
    sizes = tuple(len(words) for words in LABELS.values())
    which = np.unravel_index(draw.choice(np.prod(sizes), rows, replace=False), sizes)
    columns = {name: pl.Series(words)[at] for (name, words), at in zip(LABELS.items(), which, strict=True)}
    return pl.DataFrame({**columns, "Count": draw.integers(0, 5000, rows)})


def csv_of(folder: Path, rows: int) -> Path:
    """The records as a CSV."""
    path = folder / f"records-{rows}.csv"
    records(rows).write_csv(path)
    return path


def ods_of(folder: Path, rows: int) -> Path:
    """The records as an OpenDocument sheet of 12 columns, four more of which nobody declares."""
    frame = records(rows).with_columns(
        pl.lit("England and Wales").alias("Country"),
        pl.lit("Final").alias("Edition"),
        (pl.col("Year").cast(pl.Int64) // 10).cast(pl.String).alias("Decade"),
        (pl.col("Outcome") + pl.lit(" at court")).alias("Stage"),
    )
    frame = frame.select(*(c for c in frame.columns if c != "Count"), "Count")
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    cells = [
        pl.format(number, pl.col(c), pl.col(c)) if c == "Count" else pl.format(text, pl.col(c)) for c in frame.columns
    ]
    said = frame.select(pl.format("<table:table-row>{}</table:table-row>", pl.concat_str(cells))).to_series()
    header = "".join(text.format(c) for c in frame.columns)
    path = folder / f"records-{rows}.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr(
            "content.xml",
            '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
            'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
            f'<office:spreadsheet><table:table table:name="Records"><table:table-row>{header}</table:table-row>'
            + "".join(said.to_list())
            + "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
        package.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
    return path


# --- what is timed, each in a process of its own ---------------------------------------------------------------------


def to_figures(path: Path) -> dict[str, pl.DataFrame]:
    """Bytes to the frames that are staged."""
    tidied = tidy(read(path), parse(Publication, DECLARED, "generated.toml"), edition="2024")
    if tidied.problems:
        raise RuntimeError(tidied.problems[0].message)
    keys = {
        "publication": pl.lit("generated"),
        "edition_id": pl.lit("2024"),
        "artefact_sha256": pl.lit("0" * 64),
    }
    return {"figure": tidied.figures.with_columns(**keys), "level": tidied.levels.with_columns(**keys)}


def to_stored(path: Path) -> None:
    """Bytes to figures in the database."""
    with tempfile.TemporaryDirectory() as folder:
        staging = stage(Path(folder) / "staging.duckdb", to_figures(path))
        with Writer(Home(Path(folder))) as store:
            store.load(staging, {}, ())


def bare_duckdb(path: Path) -> None:
    """DuckDB's own reading of a CSV into a table on disk."""
    _sql(f"create table t as select * from read_csv('{path}')")


def floor(path: Path) -> None:
    """One statement that makes every column of a figure, with its ids, and trusts the file's words."""
    known = {"sex": "Sex", "age": "Age", "ethnicity": "Ethnicity", "place_code": "Area", "place_name": "Area"}
    known |= {f"{name}_label": known[name] for name in ("sex", "age", "ethnicity")}
    made = {name: f'"{column}"' for name, column in known.items()}
    made |= {"period_start": "make_date(Year, 1, 1)", "period_end": "make_date(Year, 12, 31)", "period_label": "Year"}
    made |= {"value": "Count", "status": "'published'", "cell": "'H' || n"}
    made["circumstances"] = '\'{"offence": "\' || Offence || \'", "outcome": "\' || Outcome || \'"}\''
    claim = ", ".join(f"coalesce(({made.get(name, chr(39) * 2)})::varchar, '')" for name in FIGURE_IDENTITY)
    made["figure_id"] = "left(sha256(claim), 20)"
    made["observation_id"] = "left(sha256(concat_ws(chr(31), claim, 'H' || n)), 20)"
    everyone = {name: "'all'" for name, kind in FIGURE.items() if kind == "VARCHAR" and not name.endswith("_label")}
    columns = ", ".join(f'({(everyone | made).get(name, "null")})::{kind} as "{name}"' for name, kind in FIGURE.items())
    _sql(
        f"create table figure as select {columns} from (select *, concat_ws(chr(31), {claim}) as claim from "
        f"(select *, row_number() over () + 1 as n from read_csv('{path}')))"
    )


def _sql(statement: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(f"{folder}/bare.duckdb")
        connection.execute(statement)
        connection.close()


ACTIONS: Mapping[str, Callable[[Path], object]] = {
    "stored": to_stored,
    "figures": to_figures,
    "duckdb": bare_duckdb,
    "floor": floor,
    "calamine": bare_calamine,
}


def once(action: str, path: Path) -> tuple[float, float]:
    """Seconds of one action on one file, and the peak of memory in GB, of it or of the child that reads."""
    command = [sys.executable, "-m", "tests.benchmarks.long_tables", "--once", action, str(path)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    seconds, peak = json.loads(said)
    return seconds, peak


def here(action: str, path: Path) -> tuple[float, float]:
    """The same in this process."""
    start = time.perf_counter()
    ACTIONS[action](path)
    seconds = time.perf_counter() - start
    return seconds, max(_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _UNIT)


_UNIT = 1 << (30 if sys.platform == "darwin" else 20)


def _peak() -> float:
    """The most memory this process has held, in GB: what the system counts, begun anew with the program."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _UNIT
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / (1 << 20)


# --- the report -------------------------------------------------------------------------------------------------------


def long_tables(
    folder: Path, csv_rows: int = 3_000_000, ods_rows: int = 200_000, measured: Measure = once
) -> list[Measured]:
    """Rows of the report for both files, and the growth of the first. `measured` says how an action is."""
    path = csv_of(folder, csv_rows)
    before = measured("duckdb", path)[0]
    stored, peak = measured("stored", path)
    bare = statistics.mean((before, measured("duckdb", path)[0]))
    least = measured("floor", path)[0]
    by_duckdb = "DuckDB, read_csv into a table"
    found = [
        Measured(f"{csv_rows:,} records of a CSV to stored figures", stored, by_duckdb, bare, 10),
        Measured("  the floor: one SQL statement for the same columns", least, by_duckdb, bare),
        Measured("  peak memory, GB", peak, "2 GB", 2.0, 1.0),
    ]
    sheet = ods_of(folder, ods_rows)
    before = measured("calamine", sheet)[0]
    figures, peak = measured("figures", sheet)
    bare = statistics.mean((before, measured("calamine", sheet)[0]))
    found += [
        Measured(f"{ods_rows:,} × 12 cells of an ODS to figures", figures, "calamine, reading only", bare, 2.5),
        Measured("  peak memory, GB", peak, "1.5 GB", 1.5, 1.0),
    ]
    if ods_rows == QUOTED_ROWS:
        found.append(Measured("  the same", figures, "pandas with odfpy (quoted)", PANDAS_WITH_ODFPY, round(1 / 30, 4)))
    return [*found, *_growth(folder, csv_rows // 16, measured)]


def _growth(folder: Path, rows: int, measured: Measure) -> list[Measured]:
    """1×, 4× and 16× the records to stored figures, against as many times what 1× takes."""
    seconds = {factor: measured("stored", csv_of(folder, rows * factor))[0] for factor in (1, 4, 16)}
    return [
        Measured(
            f"{rows * factor:,} records of a CSV to stored figures ({factor}×)",
            seconds[factor],
            f"{factor}× the seconds of {rows:,} records",
            factor * seconds[1],
            1.25,
        )
        for factor in (4, 16)
    ]


def main() -> None:
    """Measure and print; `--once` measures one action in this process, as the report does in others."""
    from tests.benchmarks.__main__ import report

    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.long_tables", description=__doc__)
    options.add_argument("--once", nargs=2, metavar=("ACTION", "FILE"))
    options.add_argument("--rows", type=int, default=3_000_000, help="records of the CSV")
    chosen = options.parse_args()
    if chosen.once:
        print(json.dumps(here(chosen.once[0], Path(chosen.once[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(report(long_tables(Path(folder), chosen.rows)))


if __name__ == "__main__":
    main()
