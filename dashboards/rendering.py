"""Vega-Lite specifications drawn as SVG (two widths) and PNG, by renderer processes on every core."""

import base64
import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "assets" / "fonts"
PNG_SCALE = 2.0

_NOISE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|xmlns:xlink|font-family)="[^"]*"')
_EMPTY = re.compile(r'<path d="(?:M0,0h-?[\d.]+v-?[\d.]+h-?[\d.]+Z)?"(?: display="none")?/>')
_HIDDEN = re.compile(r'<path(?: aria-hidden="true")? d="[^"]*" display="none"/>')
_FULL = re.compile(
    r' (?:opacity="1"|fill-opacity="1"|stroke-opacity="1"|stroke-width="1"|text-anchor="start"|[xy]2="-?0"'
    r'|transform="translate\(0,0\)")'
)
_LONG_NUMBER = re.compile(r"(?<=[\s,(\"MLHVhvlA])-?\d+\.\d{2,}(?=[\s,)\"MLHVhvlAZ])")
_TAG = re.compile(r"<[^<>]*>")
_BARE = re.compile(r"<g></g>|<g/>")
_PLAIN = re.compile(r"<g>((?:<(?:line|text|path|circle|rect)\b[^<>]*(?:/>|>[^<]*</text>))*)</g>")
_ALIKE = (
    re.compile(r'<line [^<>]*?( stroke="[^<>]*")/>(?:<line [^<>]*?\1/>){2,}'),
    re.compile(r'<path [^<>]*?( fill="[^<>]*")/>(?:<path [^<>]*?\1/>){2,}'),
    re.compile(r'<text [^<>]*?( font-size="[^<>]*")>[^<>]*</text>(?:<text [^<>]*?\1>[^<>]*</text>){2,}'),
)
"""Neighbours of one look: what they end with is said once, of all of them."""


class RenderingFailed(RuntimeError):
    """A chart could not be drawn: names the chart and what the renderer said."""


@dataclass(frozen=True)
class Drawn:
    """A chart as drawn: inline SVG in two widths, and stand-alone files."""

    wide: str
    narrow: str
    svg: str
    png: bytes


class Drawing:
    """Charts `(id, wide, narrow)` being drawn by other programs; `result` waits for them."""

    def __init__(
        self, charts: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]], workers: int | None = None
    ) -> None:
        jobs = [{"id": i, "wide": dict(w), "narrow": dict(n)} for i, w, n in charts]
        self._ids = [i for i, _, _ in charts]
        heaviest_first = sorted(jobs, key=lambda job: (-len(json.dumps(job)), str(job["id"])))
        workers = workers or min(4, os.cpu_count() or 1)
        shares = [share for share in (heaviest_first[k::workers] for k in range(workers)) if share]
        self._running = [_start(share) for share in shares]

    def result(self) -> dict[str, Drawn]:
        """Every chart drawn, by id, in the order given. Raises `RenderingFailed`."""
        found: dict[str, Drawn] = {}
        for process in self._running:
            out, err = process.communicate()
            if process.returncode:
                said = err.decode(errors="replace").strip().splitlines() or ["it said nothing"]
                raise RenderingFailed(f"a chart could not be drawn: {said[-1]}")
            for item in json.loads(out):
                found[item["id"]] = Drawn(item["wide"], item["narrow"], item["svg"], base64.b64decode(item["png"]))
        return {name: found[name] for name in self._ids}


def _start(jobs: Sequence[Mapping[str, Any]]) -> "subprocess.Popen[bytes]":
    # because a pool needs a guard in the program that calls it, and a crash here names the chart
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboards.rendering"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(jobs).encode())
    process.stdin.close()
    process.stdin = None
    return process


def slim(svg: str, prefix: str) -> str:
    """An SVG for a page: coordinates to a tenth of a pixel, its ids its own, hidden from assistive technology."""
    svg = _TAG.sub(lambda tag: _LONG_NUMBER.sub(_rounded, tag[0]), svg)
    svg = _NOISE.sub("", _HIDDEN.sub("", svg))
    svg = _FULL.sub("", _EMPTY.sub("", svg))
    while True:
        less = _PLAIN.sub(r"\1", _BARE.sub("", svg))
        if less == svg:
            break
        svg = less
    for alike in _ALIKE:
        svg = alike.sub(lambda run: f"<g{run[1]}>{run[0].replace(run[1], '')}</g>", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


@functools.cache
def bundle() -> str:
    """The one script that every chart shares."""
    import vl_convert

    return str(vl_convert.javascript_bundle())  # type: ignore[call-arg]


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
