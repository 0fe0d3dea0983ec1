"""What both commands print in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from rfm_cli import words

if TYPE_CHECKING:
    from rich.console import Console

Facts = dict[str, Any]


def print_missing(console: Console, needs: list[Facts], *, has_costs: bool) -> None:
    """Say what is not known, and what it would unlock."""
    if not needs:
        return
    heading(console, "What is not known, and what it would unlock")
    if not has_costs:
        say(console, "No source says what anything costs, so this is about sales, not profit.")
    for need in needs:
        say(console, f"{need['needs']}: {need['unlocks']}")


def measure_words(name: str, measure: str, reason: str | None = None) -> str:
    """Say which money is counted, and why."""
    why = f": {reason}" if reason else ""
    return f"{name.capitalize()} here is {words.MEASURE_NAMES.get(measure, measure)}{why}."


def heading(console: Console, text: str) -> None:
    """Print a line that opens a part."""
    console.print()
    console.print(f"[bold]{escape(text)}[/bold]", soft_wrap=True)


def say(console: Console, text: str) -> None:
    """Print a sentence as it is."""
    console.print(escape(text))
