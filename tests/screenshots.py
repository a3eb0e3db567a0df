"""Pictures of the pages, for people to look at: `python -m tests.screenshots` (or `make screenshots`).

Every kind of page, at 1280 and 320 pixels, light and dark, into `screenshots/`.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1280, 320)


def settle(page: Any) -> None:
    """Wait until every chart has been drawn again by script.

    By a selector, because a function to wait for is evaluated from a string, which the pages' policy forbids.
    """
    if page.query_selector("script[data-chart]"):
        page.wait_for_selector("html[data-charts=done]", state="attached")


def take(site: Path, folder: Path, only: str = "") -> list[Path]:
    """One picture of each page, width and colour scheme; the files written."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
                page = context.new_page()
                for path in sorted(site.glob("*.html")):
                    if only not in path.name:
                        continue
                    page.goto(path.as_uri())
                    settle(page)
                    target = folder / f"{path.stem}-{width}-{scheme}.png"
                    page.screenshot(path=target, full_page=True)
                    written.append(target)
                context.close()
        browser.close()
    return written


def main() -> int:
    """Build a site from the starter figures, or take one that exists, and photograph it."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--site", type=Path, help="a site that exists; else one is made from the starter figures")
    parser.add_argument("--to", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="", help="pages whose name contains this")
    given = parser.parse_args()
    if not shutil.which("chromium"):
        print("expected chromium on PATH, found none; on Debian: apt-get install chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        site = given.site
        if site is None:
            from dashboards.site import build
            from monitor.run import run
            from monitor.settings import home

            here = home(Path(temporary))
            run(here, offline=True, say=lambda line: print(line, file=sys.stderr))
            site = build(here, version="0").folder
        for path in take(site, given.to, given.only):
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
