"""What publications say their tables count names only what is declared: a wrong name is answered with the nearest."""

import re
import shutil
from pathlib import Path

import pytest

from monitor.declarations import DeclarationError, measures
from monitor.settings import DECLARATIONS


@pytest.mark.parametrize(("key", "wrong"), [("baseline", "census-2021-10-71"), ("previous", "arests")])
def test_a_name_that_nobody_declared_is_refused_with_the_nearest(tmp_path: Path, key: str, wrong: str) -> None:
    shutil.copytree(DECLARATIONS, tmp_path / "pipelines", ignore=shutil.ignore_patterns("*.csv", "*.py", "__pycache__"))
    slug = "youth-custody" if key == "baseline" else "police-use-of-force"
    file = tmp_path / "pipelines" / "publications" / f"{slug}.toml"
    file.write_text(
        re.sub(rf'^{key} = ".*"', f'{key} = "{wrong}"', file.read_text("utf-8"), count=1, flags=re.M), "utf-8"
    )
    with pytest.raises(DeclarationError, match=rf"{slug}\.toml.*{wrong}.*did you mean"):
        measures(tmp_path / "pipelines")
