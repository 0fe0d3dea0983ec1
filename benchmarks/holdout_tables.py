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
            cells = [self.found.replace("|", "/"), *[""] * len(COMPARED)]
        else:
            cells = [*(column.printed(self.found) for column in COMPARED), _COVERAGE(self.found)]
        return f"| {' | '.join((self.about, self.method, self.tool, *cells))} |"


def table(rows: Sequence[Row]) -> str:
    """Lay out all methods."""
    return "\n".join((HEADER, *(row.line for row in rows)))


def behind(rows: Sequence[Row]) -> list[str]:
    """Say where rfm is behind a peer with the same model by a digit that is printed."""
    return list(_behind(rows))


def _behind(rows: Sequence[Row]) -> Iterator[str]:
    own = {(row.about, row.method): row.found for row in rows if row.tool == OWN}
    for row in rows:
        key = (row.about, row.method)
        if row.tool == OWN or key not in own or isinstance(row.found, str):
            continue
        found = own[key]
        if isinstance(found, str):
            yield f"{row.about}, {row.method}: {row.tool} has a forecast, rfm has none"
            continue
        for column in COMPARED:
            ours, theirs = column.printed(found), column.printed(row.found)
            if column.badness(_number(ours)) > column.badness(_number(theirs)):
                yield f"{row.about}, {row.method}, {column.name}: {ours}, {row.tool} {theirs}"


def _number(printed: str) -> float:
    return float(printed.removesuffix(" %"))
