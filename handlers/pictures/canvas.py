"""What every picture shares: the sheet, its colours, its font, and its words for who sees none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Literal

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.patches import FancyBboxPatch, Rectangle

INK, FAINT, LINE, PAPER = "#1d1d1f", "#6b6b70", "#d8d8dc", "#ffffff"
FONT = "DejaVu Sans"  # comes with Matplotlib, so that it looks the same everywhere

PALETTE = (
    "#0072b2", "#d55e00", "#009e73", "#b0508a", "#8a6d00", "#2b88c0", "#7a3e9d", "#5b5b5b",
)  # fmt: skip
"""Told apart by colour-blind people, too. Source: Okabe and Ito, "Color Universal Design"."""

Side = Literal["left", "center", "right"]

_DOTS_AN_INCH = 100


@dataclass(frozen=True)
class Picture:
    """png: the image; alt: what can be seen in it."""

    png: bytes
    alt: str


@dataclass(frozen=True)
class Box:
    """A rectangle on a sheet, in pixels from its left upper corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


def colour_of(position: int) -> str:
    """A platform's colour, by its place in the strategy: the same in every picture."""
    return PALETTE[position % len(PALETTE)]


class Sheet:
    """A white sheet, measured in pixels from its left upper corner."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        size = (width / _DOTS_AN_INCH, height / _DOTS_AN_INCH)
        self._figure = Figure(figsize=size, dpi=_DOTS_AN_INCH, facecolor=PAPER)
        # Not pyplot, which keeps every figure: pictures are drawn in a thread, and let go of.
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, width), ylim=(height, 0))
        self._axes.axis("off")

    @property
    def axes(self) -> Axes:
        return self._axes

    def box(
        self, box: Box, *, fill: str | None = None, line: str | None = None, dashed: bool = False
    ) -> None:
        """A rectangle with round corners. fill, line: colours; without: none."""
        self._axes.add_patch(
            FancyBboxPatch(
                (box.left, box.top),
                box.width,
                box.height,
                boxstyle="round,pad=0,rounding_size=6",
                facecolor=fill or "none",
                edgecolor=line or "none",
                linewidth=2,
                linestyle="--" if dashed else "-",
            )
        )

    def bar(self, box: Box, colour: str) -> None:
        """A rectangle whose length is a figure: straight corners, no border."""
        self._axes.add_patch(
            Rectangle((box.left, box.top), box.width, box.height, facecolor=colour, linewidth=0)
        )

    def write(
        self, x: float, y: float, words: str, size: float, *,
        colour: str = INK, bold: bool = False, side: Side = "left", most: float | None = None,
    ) -> None:  # fmt: skip
        """One line of plain text, its middle at height y. size: of the font, in pixels.

        side: which of its own is at x. most: pixels that it may be wide; a longer one is cut.
        """
        properties = _font(size, bold)
        self._axes.text(
            x, y, _fitting(drawable(words), properties, most), color=colour,
            fontproperties=properties, parse_math=False, va="center", ha=side,
        )  # fmt: skip

    def png(self) -> bytes:
        content = BytesIO()
        self._figure.savefig(content, format="png")
        return content.getvalue()


def wrapped(words: str, size: float, most: float, lines: int, *, bold: bool = False) -> list[str]:
    """The words in lines that are at most so many pixels wide; what is too much is cut."""
    properties = _font(size, bold)
    left, found = drawable(words).split(), [""]
    while left:
        longer = f"{found[-1]} {left[0]}".strip()
        if _width(longer, properties) <= most:
            found[-1] = longer
        elif len(found) == lines:
            found[-1] = _fitting(" ".join([found[-1], *left]), properties, most)
            break
        elif not found[-1]:  # one word that is wider than the line
            kept = _beginning(left[0], properties, most)
            found[-1] = kept
            left.insert(1, left[0][len(kept) :])
            found.append("")
        else:
            found.append("")
            continue
        left.pop(0)
    return [line for line in found if line] or [""]


def drawable(words: str) -> str:
    """Without what the font cannot draw (emoji), which would be empty squares."""
    known = _characters()
    kept = "".join(each if ord(each) in known else " " for each in words)
    return " ".join(kept.split())


def _fitting(words: str, properties: font_manager.FontProperties, most: float | None) -> str:
    if most is None or _width(words, properties) <= most:
        return words
    cut = words
    while cut and _width(cut.rstrip() + "…", properties) > most:
        cut = cut[:-1]
    return cut.rstrip() + "…"


def _beginning(word: str, properties: font_manager.FontProperties, most: float) -> str:
    """As many of its letters as fit, one at least."""
    cut = word
    while len(cut) > 1 and _width(cut, properties) > most:
        cut = cut[:-1]
    return cut


def _width(words: str, properties: font_manager.FontProperties) -> float:
    with _font_file(bool(properties.get_weight() == "bold")) as font:
        font.set_size(properties.get_size_in_points(), _DOTS_AN_INCH)
        font.set_text(words)
        width, _ = font.get_width_height()
        return float(width) / 64  # it counts 64 to a pixel


@contextmanager
def _font_file(bold: bool) -> Iterator[FT2Font]:
    yield font_manager.get_font(_path(bold))


@cache
def _path(bold: bool) -> str:
    wanted = font_manager.FontProperties(family=FONT, weight="bold" if bold else "normal")
    return font_manager.findfont(wanted)


@cache
def _characters() -> frozenset[int]:
    return frozenset(font_manager.get_font(_path(False)).get_charmap())


def _font(size: float, bold: bool) -> font_manager.FontProperties:
    points = size * 72 / _DOTS_AN_INCH
    return font_manager.FontProperties(
        family=FONT, weight="bold" if bold else "normal", size=points
    )
