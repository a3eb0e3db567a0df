"""docs/methods.md and the site's Methods page, written from the specification that the tests run.

`python -m tests.docs.methods_page` prints the Markdown; `--write` puts both in their place.
"""

import html
import re
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from tests.spec.methods import METHODS, Method, exceptions, of_summaries

ROOT = Path(__file__).resolve().parents[2]
MARKDOWN = ROOT / "docs" / "methods.md"
TEMPLATE = ROOT / "dashboards" / "templates" / "methods.html"
LEAD = (
    "What each number is, how it is computed, where the formula comes from, and examples worked out beside somebody "
    "else's "
    "hand or program. This page is written from the specification that the tests run, so it says nothing untested."
)


def _table(method: Method) -> tuple[tuple[str, ...], ...]:
    computed = {"coverage": exceptions, "summary": of_summaries}
    return computed[method.id]() if method.id in computed else method.table


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def _examples(method: Method) -> list[str]:
    return [
        f"{e.said}: {', '.join(_number(v) for v in e.found())} (compared with {e.oracle})." for e in method.examples
    ]


def markdown() -> str:
    """docs/methods.md."""
    parts = ["# Methods", _wrap(LEAD)]
    for m in METHODS:
        parts.append(f"## {m.title}")
        parts += [_wrap(w) for w in m.words]
        if m.formula:
            parts.append(textwrap.indent(m.formula, "    "))
        if table := _table(m):
            parts.append(_md_table(table))
        parts += [_wrap(f"Source: {m.source}")] if m.source else []
        if m.examples:
            parts.append("\n".join(_wrap(f"- {e}", "  ") for e in _examples(m)))
        if m.commands:
            parts.append("```console\n" + "\n".join(f"$ {c}" for c in m.commands) + "\n```")
    return "\n\n".join(parts) + "\n"


def template() -> str:
    """The template of the site's page: the same, as HTML."""
    lines = [
        '{% extends "base.html" %}',
        "{% block content %}",
        "<h1>Methods</h1>",
        f'<p class="standfirst">{_inline(LEAD)}</p>',
    ]
    for m in METHODS:
        lines.append(f'<section aria-labelledby="m-{m.id}"><h2 id="m-{m.id}">{_inline(m.title)}</h2>')
        lines += [f"<p>{_inline(w)}</p>" for w in m.words]
        if m.formula:
            lines.append(
                f'<div class="scroll" role="region" aria-label="Formula: {html.escape(m.title)}" tabindex="0">'
                f"<pre>{html.escape(m.formula)}</pre></div>"
            )
        if table := _table(m):
            lines.append(_html_table(m, table))
        lines += [f'<p class="small">Source: {_inline(m.source)}</p>'] if m.source else []
        if m.examples:
            lines.append('<ul class="small">' + "".join(f"<li>{_inline(e)}</li>" for e in _examples(m)) + "</ul>")
        lines += [f"<p><code>{html.escape(c)}</code></p>" for c in m.commands]
        lines.append("</section>")
    return "\n".join([*lines, "{% endblock %}"]) + "\n"


def _wrap(text: str, indent: str = "") -> str:
    return textwrap.fill(text, 118, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def _md_table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = ("| " + " | ".join(r) + " |" for r in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body])


def _html_table(method: Method, rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{_inline(c)}</th>' for c in rows[0])
    body = "\n".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{_inline(c)}</th>' if n == 0 else f"<td>{_inline(c)}</td>" for n, c in enumerate(row)
        )
        + "</tr>"
        for row in rows[1:]
    )
    return (
        f'<div class="scroll" role="region" aria-labelledby="t-{method.id}" tabindex="0"><table>'
        f'<caption id="t-{method.id}"><span>Table: {_inline(method.title)}</span></caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _inline(text: str) -> str:
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", marked)


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        MARKDOWN.write_text(markdown(), encoding="utf-8")
        TEMPLATE.write_text(template(), encoding="utf-8")
    else:
        sys.stdout.write(markdown())
