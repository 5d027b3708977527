"""The chart of the README, an SVG for light and dark pages: a bar of CPU time per contestant."""

from collections.abc import Iterator
from html import escape
from typing import Any

from tests.benchmarks.load import measured_kinds

WIDTH, ROW, TITLE, LEFT, RIGHT = 760, 22, 34, 240, 60  # pixels
INK, OURS, OTHERS = "#7d7d7d", "#d9730d", "#5b8fb9"  # greys and colours of middle lightness


def draw(content: dict[str, Any]) -> str:
    """Return the SVG of what a run of `make bench` found."""
    contestants = content["contestants"]
    kinds = measured_kinds(contestants)
    rows = {kind: _measured(contestants, kind) for kind in kinds}
    height = sum(TITLE + ROW * len(each) for each in rows.values()) + ROW
    parts = [
        _text(
            0,
            16,
            "Processor time per request, as a ratio to the floor (less is better)",
            weight="bold",
        )
    ]
    top = ROW
    for kind, title in kinds.items():
        parts.append(_text(0, top + TITLE - 12, title))
        parts += _bars(rows[kind], kind, top + TITLE)
        top += TITLE + ROW * len(rows[kind])
    body = "\n".join(parts)
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    font = 'font-family="system-ui, sans-serif" font-size="13"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font} fill="{INK}">\n{body}\n</svg>\n'


def _measured(contestants: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: each for name, each in contestants.items() if kind in each["requests"]}


def _bars(contestants: dict[str, Any], kind: str, top: int) -> Iterator[str]:
    longest = max(each["requests"][kind]["to_floor"]["median"] for each in contestants.values())
    for number, (name, each) in enumerate(contestants.items()):
        ratio = each["requests"][kind]["to_floor"]["median"]
        width = (WIDTH - LEFT - RIGHT) * ratio / longest
        y = top + ROW * number
        yield _text(LEFT - 8, y + 14, each["title"], anchor="end")
        colour = OURS if name == "service" else OTHERS
        yield (
            f'<rect x="{LEFT}" y="{y + 2}" width="{width:.0f}" height="{ROW - 6}" fill="{colour}"/>'
        )
        yield _text(round(LEFT + width + 6), y + 14, f"{ratio:.1f}")


def _text(x: int, y: int, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'
    )
