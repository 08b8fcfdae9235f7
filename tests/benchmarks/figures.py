"""Figures: medians of several runs, each beside the base that it is compared with."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One line of the page, and one object of bench.json."""

    name: str
    value: float  # the median of the runs
    unit: str
    base: str | None  # the name of the figure that it is compared with
    ratio: float | None  # value / the base's value
    runs: int


def figure(name: str, unit: str, runs: Sequence[float], base: Figure | None = None) -> Figure:
    """runs: what was measured, in `unit`; at least one."""
    value = median(runs)
    ratio = round(value / base.value, 3) if base else None
    return Figure(name, round(value, 6), unit, base.name if base else None, ratio, len(runs))


def page(figures: Sequence[Figure]) -> str:
    """All figures in a table, each with its ratio to its base."""
    width = max(len(one.name) for one in figures)
    return "\n".join(_line(one, width) for one in figures)


def write(figures: Sequence[Figure], path: Path) -> None:
    path.write_text(json.dumps([asdict(one) for one in figures], indent=2) + "\n")


def _line(one: Figure, width: int) -> str:
    value = f"{one.value:,.0f}" if one.value >= 100 else f"{one.value:.3g}"
    line = f"{one.name:<{width}}  {value:>8} {one.unit:<8}"
    if one.base is None:
        return line.rstrip()
    return f"{line}  {one.ratio:>6.2f} x  {one.base}"
