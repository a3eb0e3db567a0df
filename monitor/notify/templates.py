"""Templates of messages and ready wording: text files that people may replace, with fields that must exist."""

import re
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.declarations.record import nearest
from monitor.notify.settings import path_of, subscriptions
from monitor.settings import Home

OURS = Path(__file__).parent / "texts"


class TemplateError(ValueError):
    """A template that cannot be used: names the file, the line, what was found and the remedy."""


class Templates:
    """Ours, and before them those of the settings' folder, when there is one."""

    def __init__(self, theirs: Path | None = None) -> None:
        self.theirs = theirs if theirs and theirs.is_dir() else None
        # because a letter with a hole in it must not be sent, nor a template that came by mail run code
        self.environment = ImmutableSandboxedEnvironment(
            loader=jinja2.FileSystemLoader([str(p) for p in (self.theirs, OURS) if p]),
            undefined=jinja2.StrictUndefined,
            autoescape=lambda name: bool(name and name.endswith((".html.j2", ".atom.j2"))),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, name: str, /, **fields: Any) -> str:
        """The text of a template, filled in. Raises `TemplateError`, also for a field that is unknown but unused."""
        try:
            source = self.environment.loader.get_source(self.environment, name)[0]  # type: ignore[union-attr]
            unknown = sorted(meta.find_undeclared_variables(self.environment.parse(source)) - set(fields))
            if unknown:
                where = f"{self._file(name)}, line {_line_of(source, unknown[0])}"
                found = f"unknown field {unknown[0]!r}; {nearest(unknown[0], fields)}"
                raise TemplateError(f"{where}: {found}. Mend the template.")
            return self.environment.get_template(name).render(**fields).strip() + "\n"
        except jinja2.TemplateSyntaxError as error:
            where = f"{self._file(name)}, line {error.lineno}"
            raise TemplateError(f"{where}: {error.message}. Mend the template.") from None
        except jinja2.TemplateNotFound:
            raise TemplateError(f"{name}: no such template; expected one in {OURS.name}.") from None
        except TemplateError:
            raise
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise TemplateError(f"{self._file(name)}: {error}. Mend the template.") from None

    def _file(self, name: str) -> str:
        place = self.theirs if self.theirs and (self.theirs / name).exists() else OURS
        return f"{place.name}/{name}"


def of_home(home: Home) -> Templates:
    """The templates of a home: ours, and before them those that its settings name, where they are there."""
    settings = subscriptions(home)
    return Templates(path_of(home).parent / settings.templates if settings and settings.templates else None)


def _line_of(source: str, field: str) -> int:
    word = re.compile(rf"\b{re.escape(field)}\b")
    return next((n for n, line in enumerate(source.splitlines(), 1) if word.search(line)), 1)
