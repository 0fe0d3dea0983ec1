"""The `rfm` command: its subcommands, its exit codes, and what an error looks like.

Nothing heavy is imported here; each command imports what it needs when it runs.
"""

from __future__ import annotations

import os
import sys

import typer

from rfm_cli import __version__
from rfm_cli.commands import (
    audit,
    backtest,
    best,
    check,
    demo,
    explain,
    export,
    fit,
    forget,
    identity,
    init,
    next_best,
    pnl,
    report,
    run,
    sources,
    whale,
    what_if,
)
from rfm_cli.console import print_error
from rfm_cli.errors import RfmError

INTERRUPTED = 130
UNEXPECTED = 70

app = typer.Typer(
    name="rfm",
    help="Find your best customers: RFM scores, lifetime value, 25 value cells.",
    epilog="Exit codes: 0 done, 1 a check failed, 2 bad usage or input, 3 dbt failed, "
    "4 the database could not be used.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run.run)
app.command()(demo.demo)
app.command()(explain.explain)
app.command()(pnl.pnl)
app.command()(whale.whale)
app.command("what-if")(what_if.what_if)
best.app.command()(next_best.late)
best.app.command()(next_best.opportunities)
best.app.command()(next_best.next_lines)
app.add_typer(best.app, name="best")
app.command()(report.report)
app.command()(export.export)
app.command()(fit.fit)
app.command()(backtest.backtest)
app.command()(forget.forget)
app.command()(check.check)
app.command()(audit.audit)
app.add_typer(identity.app, name="identity")
app.command()(init.init)
app.add_typer(sources.app, name="sources")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rfm {__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version."
    ),
    debug: bool = typer.Option(
        False, "--debug", envvar="RFM_DEBUG", help="Show the traceback of an unexpected error."
    ),
) -> None:
    if debug:
        os.environ["RFM_DEBUG"] = "1"


def main() -> None:
    """Run the command line; every way out has its exit code."""
    # The fits multiply small matrices only: more threads would spin, not help. Before numpy loads.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except RfmError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:
            print("interrupted: what was there before is as it was", file=sys.stderr)
        raise
    except Exception as error:
        if os.environ.get("RFM_DEBUG"):
            raise
        unexpected = RfmError(
            f"{type(error).__name__}: {' '.join(str(error).split())[:300]}",
            hint="this is a bug in rfm; RFM_DEBUG=1 shows the traceback to report",
        )
        print_error(unexpected)
        sys.exit(UNEXPECTED)
