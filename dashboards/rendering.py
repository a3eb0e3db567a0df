"""Charts to pictures: a Vega-Lite specification to SVG (two widths) and PNG, on every core.

What it makes true: the same specifications give the same bytes, in the same order, however many processes drew
them; nothing is fetched from anywhere while drawing.

Why programs and not a pool: each renderer is started as `python -m dashboards.rendering` with its jobs on standard
input, so it imports the renderer only, needs no guard in the program that called, and a crash names the chart.

What it refuses: a specification that loads data from an address.
"""

import base64
import functools
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "assets" / "fonts"
PNG_SCALE = 2.0

_NOISE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|xmlns:xlink)="[^"]*"')
_EMPTY = re.compile(r'<path d="(?:M0,0h-?0v-?0h-?0Z)?"(?: display="none")?/>')
_HIDDEN = re.compile(r'<path(?: aria-hidden="true")? d="[^"]*" display="none"/>')
_FULL = re.compile(r' (?:opacity="1"|fill-opacity="1"|stroke-opacity="1")')
_BARE = re.compile(r"<g></g>|<g/>")
_PLAIN = re.compile(r"<g>((?:<(?:line|text|path|circle|rect)\b[^<>]*(?:/>|>[^<]*</text>))*)</g>")


class RenderingFailed(RuntimeError):
    """A chart could not be drawn: names the chart and what the renderer said."""


@dataclass(frozen=True)
class Drawn:
    """A chart as drawn: inline SVG in two widths, and stand-alone files."""

    wide: str
    narrow: str
    svg: str
    png: bytes


def draw(charts: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]], workers: int = 2) -> dict[str, Drawn]:
    """Every chart `(id, wide, narrow)` drawn, by id. Raises `RenderingFailed`."""
    jobs = [{"id": i, "wide": dict(w), "narrow": dict(n)} for i, w, n in charts]
    heaviest_first = sorted(jobs, key=lambda job: (-len(json.dumps(job)), job["id"]))
    shares = [share for share in (heaviest_first[k::workers] for k in range(workers)) if share]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "dashboards.rendering"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        for _ in shares
    ]
    for process, share in zip(running, shares, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps(share).encode())
        process.stdin.close()
        process.stdin = None
    found: dict[str, Drawn] = {}
    for process in running:
        out, err = process.communicate()
        if process.returncode:
            raise RenderingFailed(err.decode(errors="replace").strip().splitlines()[-1:] or "no message")
        for item in json.loads(out):
            found[item["id"]] = Drawn(item["wide"], item["narrow"], item["svg"], base64.b64decode(item["png"]))
    return {job["id"]: found[job["id"]] for job in jobs}


def slim(svg: str, prefix: str) -> str:
    """An SVG for a page: without what only scripts use, its ids its own, hidden from assistive technology.

    The page gives the picture its words (`role="img"` and a label on the element around it).
    """
    svg = _NOISE.sub("", _HIDDEN.sub("", svg))
    svg = _FULL.sub("", _EMPTY.sub("", svg))
    while True:
        less = _PLAIN.sub(r"\1", _BARE.sub("", svg))
        if less == svg:
            break
        svg = less
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


@functools.cache
def bundle() -> str:
    """The one script that every chart shares."""
    import vl_convert

    return str(vl_convert.javascript_bundle())


def _render(job: Mapping[str, Any]) -> dict[str, str]:
    import vl_convert

    try:
        wide = vl_convert.vegalite_to_svg(job["wide"], allowed_base_urls=[])
        narrow = vl_convert.vegalite_to_svg(job["narrow"], allowed_base_urls=[])
    except ValueError as error:
        raise SystemExit(f"the chart {job['id']!r} could not be drawn: {error}") from None
    alone = _on_paper(wide)
    png = vl_convert.svg_to_png(alone, scale=PNG_SCALE)
    return {
        "id": job["id"],
        "wide": slim(wide, f"{job['id']}-w-"),
        "narrow": slim(narrow, f"{job['id']}-n-"),
        "svg": alone,
        "png": base64.b64encode(png).decode(),
    }


def _on_paper(svg: str) -> str:
    """A stand-alone file has white paper under it, whatever it is pasted on."""
    end = svg.index(">", svg.index("<svg")) + 1
    return svg[:end] + '<rect width="100%" height="100%" fill="#ffffff"/>' + svg[end:]


def _main() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    jobs = json.load(sys.stdin)
    json.dump([_render(job) for job in jobs], sys.stdout)


if __name__ == "__main__":
    _main()
