"""`python -m tests.benchmarks`: the report, as a table for people or with `--json` for machines. Always exit 0."""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import long_tables
from tests.benchmarks.disparities import disparities, growth_of_disparities
from tests.benchmarks.first_load import first_load
from tests.benchmarks.inferring import inferred, passes
from tests.benchmarks.looking import looking
from tests.benchmarks.measures import Measured, doors, growth, judging, the_line
from tests.benchmarks.outputs import outputs
from tests.benchmarks.vintages import vintages
from tests.benchmarks.workbooks import generated, published

MET = {True: "yes", False: "no", None: "-"}


def report(measured: Sequence[Measured]) -> str:
    """A plain table: what, our seconds, compared with, its seconds, the ratio, the target, whether it is met."""
    rows = [("what", "seconds", "compared with", "seconds", "ratio", "target", "met")]
    rows += [
        (
            m.what,
            f"{m.ours:.3f}",
            m.compared_with or "-",
            "-" if m.theirs is None else f"{m.theirs:.3f}",
            "-" if m.ratio is None else f"{m.ratio:.2f}",
            "-" if m.target is None else f"{m.target:g}",
            MET[m.met],
        )
        for m in measured
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if k in (0, 2) else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def document(measured: Sequence[Measured]) -> str:
    """The same rows as JSON."""
    rows = [{**asdict(m), "what": m.what.strip(), "ratio": m.ratio, "met": m.met} for m in measured]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument("--json", action="store_true", help="one JSON list instead of a table")
    options.add_argument("--repeats", type=int, default=7, help="how often each is measured (default 7)")
    options.add_argument("--line", action="store_true", help="the line over the published workbook only")
    options.add_argument("--long", action="store_true", help="the long open data only: millions of records")
    options.add_argument("--outputs", action="store_true", help="the pages and the tables only")
    options.add_argument("--disparities", action="store_true", help="a million ratios, and 10 thousand to 10 million")
    options.add_argument("--looking", action="store_true", help="a quiet pass over 48 publications only")
    options.add_argument("--inferred", action="store_true", help="tables nobody declared, and passes over files")
    options.add_argument("--vintages", action="store_true", help="20 years of vintages, and the first load, only")
    options.add_argument("--smoke", action="store_true", help="small generated files, once, and no other processes")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.smoke:
            measured = [
                *the_line(folder, generated(folder, 4), 1),
                *growth(folder, 1, 1),
                *long_tables.long_tables(folder, 1600, 400, long_tables.here),
                *disparities(2000, 1, 2),
            ]
        elif chosen.inferred:
            measured = [*inferred(published() or generated(folder, 170), chosen.repeats), *passes()]
        elif chosen.vintages:
            measured = [*vintages(folder), *first_load()]
        elif chosen.long:
            measured = long_tables.long_tables(folder)
        elif chosen.outputs:
            measured = outputs()
        elif chosen.looking:
            measured = looking(chosen.repeats)
        elif chosen.disparities:
            measured = [*disparities(), *growth_of_disparities()]
        elif chosen.line:
            measured = the_line(folder, published() or generated(folder, 170), chosen.repeats)
        else:
            workbook = published() or generated(folder, 170)
            loaded = first_load()  # before all else, because the peak of memory is of the whole process
            measured = [
                *the_line(folder, workbook, chosen.repeats),
                *inferred(workbook, 1),
                *growth(folder, 30, max(1, chosen.repeats // 2)),
                *doors(chosen.repeats),
                *judging(folder, workbook, 1),
                *outputs(),
                *disparities(),
                *looking(),
                *vintages(folder / "vintages"),
                *loaded,
            ]
    print(document(measured) if chosen.json else report(measured))


if __name__ == "__main__":
    main()
