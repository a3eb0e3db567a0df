"""A site made once from the starter figures, and a real browser to open it in."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.screenshots import ARGUMENTS, settle


@pytest.fixture(scope="session")
def starter_site(starter_home: Path) -> Path:
    """The pages of the starter home. Read only."""
    return starter_home / "site"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on PATH: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@dataclass
class Visit:
    """A page as opened, and everything that went wrong while it was."""

    page: Any
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def settled(self) -> "Visit":
        """After every chart has been drawn again by script."""
        settle(self.page)
        return self


Open = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="session")
def visit(browser: Any) -> Open:
    """Open a file: `with visit(path, width=320, scheme="dark", scripts=False) as seen`."""

    @contextmanager
    def open_page(
        path: Path | str, *, width: int = 1280, scheme: str = "light", scripts: bool = True
    ) -> Iterator[Visit]:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        page = context.new_page()
        seen = Visit(page)
        address = path.as_uri() if isinstance(path, Path) else path
        page.on("console", lambda m: seen.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: seen.errors.append(str(e)))
        page.on("requestfailed", lambda r: seen.failed.append(r.url))
        page.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:", "http://127.0.0.1:")) else seen.outside.append(r.url),
        )
        try:
            page.goto(address)
            yield seen
        finally:
            context.close()

    return open_page
