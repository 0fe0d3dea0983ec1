"""The facts of a database as one HTML page without anything from outside."""

from __future__ import annotations

from pathlib import Path

from rfm_cli import __version__, words
from rfm_cli.disk import disk_errors, refuse_same_file
from rfm_cli.errors import BadInput
from rfm_cli.summary import SCORES, Facts, summarise
from rfm_cli.warehouse import Target


def write_report(target: Target, output: Path) -> None:
    """Write the report of a warehouse.

    Raises:
        BadInput: the database lacks a mart, the output is the database, or its folder does not
            exist.
        WarehouseUnavailable: the database cannot be read, or the page cannot be written.
    """
    refuse_same_file(target.database, output)
    page = render(summarise(target))
    if not output.absolute().parent.is_dir():
        raise BadInput(
            "the folder of the report does not exist",
            where=str(output.absolute().parent),
            hint="make it first, or choose another --output",
        )
    part = output.with_name(f".{output.name}.part")
    try:
        with disk_errors(output.absolute(), what="report"):
            part.write_text(page, encoding="utf-8")
            part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def render(facts: Facts) -> str:
    """Fill the page; every text is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(words=words, version=__version__)
    cells = {(c["past_score"], c["future_score"]): c for c in facts["value_cells"]}
    return environment.get_template("page.html.j2").render(
        facts=facts,
        cells=cells,
        most_customers=max([c["customer_count"] for c in cells.values()], default=0) or 1,
        scores=range(SCORES, 0, -1),
        model_lines=words.fit_in_words(facts["ltv"])
        if "parameters" in facts["ltv"]
        else words.baseline_in_words(facts["ltv"]),
    )
