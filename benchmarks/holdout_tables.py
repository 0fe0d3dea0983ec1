"""How forecasts of a hold-out are printed, and where rfm is behind a peer with the same model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rfm_cli.ltv.metrics import Metrics

OWN = "rfm"
HEADER = (
    "| of | method | tool | MAE | RMSE | total bias | Gini | deciles off | top 20 % | in 90 % |"
    "\n| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


@dataclass(frozen=True)
class Column:
    """A metric: how it is printed, and what of it is better when it is less."""

    name: str
    printed: Callable[[Metrics], str]
    badness: Callable[[float], float]


def _significant(name: str) -> Callable[[Metrics], str]:
    return lambda found: f"{getattr(found, name):.4g}"


def _percent(name: str, sign: str = "") -> Callable[[Metrics], str]:
    def printed(found: Metrics) -> str:
        value = getattr(found, name)
        return "" if value is None else f"{100 * value:{sign}.1f} %"

    return printed


# The share within the interval is no contest: no peer has an interval.
COMPARED = (
    Column("MAE", _significant("mean_absolute_error"), float),
    Column("RMSE", _significant("root_mean_square_error"), float),
    Column("total bias", _percent("total_bias", "+"), abs),
    Column("Gini", lambda found: f"{found.gini:.3f}", lambda value: -value),
    Column("deciles off", _percent("calibration_error"), float),
    Column("top 20 %", _percent("top_share"), lambda value: -value),
)
_COVERAGE = _percent("interval_coverage")


@dataclass(frozen=True)
class Row:
    """A method of a tool, judged on orders or on value; or why it is not."""

    about: str
    method: str
    tool: str
    found: Metrics | str

    @property
    def line(self) -> str:
        """The row of the table."""
        if isinstance(self.found, str):
            cells = ["none", *[""] * len(COMPARED)]
        else:
            cells = [*(column.printed(self.found) for column in COMPARED), _COVERAGE(self.found)]
        return f"| {' | '.join((self.about, self.method, self.tool, *cells))} |"


def table(rows: Sequence[Row]) -> str:
    """Lay out all methods."""
    return "\n".join((HEADER, *(row.line for row in rows)))


def without_forecast(rows: Sequence[Row]) -> list[str]:
    """Say why there are methods without a forecast, each once."""
    reasons = (
        f"{row.tool} has no {row.method}: {row.found}" for row in rows if isinstance(row.found, str)
    )
    return list(dict.fromkeys(reasons))


@dataclass(frozen=True)
class Comparison:
    """One figure of rfm beside that of a peer with the same model, as printed."""

    where: str
    peer: str
    ours: str
    theirs: str
    distance: float  # above 0: rfm is behind


def compare(rows: Sequence[Row]) -> list[Comparison]:
    """Set every figure of every peer beside that of rfm; a peer without forecast has none."""
    return list(_comparisons(rows))


def behind(rows: Sequence[Row]) -> list[str]:
    """Say where rfm is behind a peer with the same model by a digit that is printed."""
    return [
        f"{one.where}: {one.ours}, {one.peer} {one.theirs}"
        for one in compare(rows)
        if one.distance > 0
    ]


def tally(rows: Sequence[Row]) -> list[str]:
    """Count by peer where rfm is ahead, equal and behind."""
    found = compare(rows)
    lines = []
    for peer in dict.fromkeys(one.peer for one in found):
        distances = [one.distance for one in found if one.peer == peer]
        equal, lost = distances.count(0.0), sum(distance > 0 for distance in distances)
        won = len(distances) - equal - lost
        lines.append(f"beside {peer}: ahead {won}, equal {equal}, behind {lost}")
    return lines


def _comparisons(rows: Sequence[Row]) -> Iterator[Comparison]:
    own = {(row.about, row.method): row.found for row in rows if row.tool == OWN}
    for row in rows:
        found = own.get((row.about, row.method))
        if row.tool == OWN or found is None or isinstance(row.found, str):
            continue
        where = f"{row.about}, {row.method}"
        if isinstance(found, str):
            yield Comparison(where, row.tool, "no forecast", "has one", float("inf"))
            continue
        for column in COMPARED:
            ours, theirs = column.printed(found), column.printed(row.found)
            distance = column.badness(_number(ours)) - column.badness(_number(theirs))
            yield Comparison(f"{where}, {column.name}", row.tool, ours, theirs, distance)


def _number(printed: str) -> float:
    return float(printed.removesuffix(" %"))
