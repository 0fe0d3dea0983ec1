"""Numbers, names and models in words; the same in the summary, the explanation and the report."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

MODEL_NAMES = {
    "mbg_nbd": "MBG/NBD",
    "bg_nbd": "BG/NBD",
    "pareto_nbd": "Pareto/NBD",
    "baseline": "the baseline",
}
MEASURE_NAMES = {
    "net_revenue": "net revenue",
    "cm1": "contribution margin 1 (net sales less goods)",
    "cm2": "contribution margin 2 (net sales less goods and the costs of orders)",
    "cm3": "contribution margin 3 (net sales less goods, costs of orders, messages and service)",
}
REASONS = {
    "customer_missing": "no customer",
    "date_missing": "no date",
    "date_unreadable": "a date that cannot be read",
    "date_too_early": "a date too long ago",
    "date_in_future": "a date after the file was written",
    "amount_missing": "no amount",
    "amount_unreadable": "an amount that cannot be read",
    "customer_unknown": "a customer that no record describes",
    "customer_erased": "of a customer who was erased",
    "currency_unknown": "a currency without any rate",
    "currency_differs": "another currency than its order",
    "rate_missing": "no rate of exchange for the day",
    "key_missing": "no key",
    "key_duplicate": "a key that other rows have too",
    "order_unknown": "of an order that is not there",
    "order_left_out": "of an order that was left out",
    "order_of_several_customers": "an order number of several customers",
    "cancelled": "cancelled",
    "same_sale_elsewhere": "a sale that counts in another system already",
    "type_unknown": "a type of interaction that is not known",
    "record_id_missing": "a record of a customer without id",
    "record_id_reused": "an id that was given to two people",
}


def count(number: int, one: str, many: str | None = None) -> str:
    """Write `1 order`, `1,234 orders`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def money(amount: Decimal | float | None) -> str:
    """Write an amount as stored, with two decimals."""
    return "-" if amount is None else f"{amount:,.2f}"


def whole_money(amount: Decimal | float | None) -> str:
    """Write an amount for a table: without decimals once they do not matter."""
    if amount is None:
        return "-"
    is_large = not -1000 < amount < 1000
    return f"{amount:,.0f}" if is_large else f"{amount:,.2f}"


def share(part: float | None) -> str:
    """Write a share in percent with one decimal."""
    return "-" if part is None else f"{100 * part:.1f} %"


def reason(code: str) -> str:
    """Write a quarantine reason in words."""
    return REASONS.get(code, code.replace("_", " "))


def plain(code: str) -> str:
    """Write a name of the data, such as revenue_ever, in words."""
    return code.replace("_", " ")


def baseline_in_words(ltv: Mapping[str, Any]) -> list[str]:
    """Say where values come from while there is no fit, and from when on there can be one."""
    lines = ["Method: the baseline, simple rates instead of a model, and no intervals."]
    repeaters, needed = ltv.get("repeat_customer_count"), ltv.get("needed_repeat_customer_count")
    if repeaters is not None and needed is not None and repeaters < needed:
        lines.append(
            f"A model takes over from {count(needed, 'customer')} with a second order on;"
            f" there {'is' if repeaters == 1 else 'are'} {repeaters:,}."
        )
    else:
        lines.append("A model takes over once its fit is accepted.")
    return lines


def fit_in_words(ltv: Mapping[str, Any]) -> list[str]:
    """Say what the parameters of the current fit mean.

    The mean order rate of active customers is r/alpha a day, the mean order value p v/(q-1).
    """
    p = ltv["parameters"]
    lines = [
        f"Active customers order once every {p['alpha'] / p['r']:,.0f} days on average.",
        _stopping(ltv["method"], p),
    ]
    if p.get("q", 0) > 1:
        mean = p["p"] * p["v"] / (p["q"] - 1)
        lines.append(f"An order is worth {money(mean)} on average.")
    return lines


def totals_in_words(ltv: Mapping[str, Any]) -> str:
    """Say what all customers together are expected to bring."""
    lower, upper = ltv["ltv_12m_lower_amount"], ltv["ltv_12m_upper_amount"]
    between = (
        f", with 90 % certainty between {whole_money(lower)} and {whole_money(upper)}"
        if lower is not None and upper is not None
        else ""
    )
    residual = ltv["ltv_residual_amount"]
    far = ", most of it farther ahead than orders look back" * ltv["is_residual_beyond_history"]
    end = "" if residual is None else f" All that is still to come: {whole_money(residual)}{far}."
    return (
        f"All customers together are expected to bring {whole_money(ltv['ltv_12m_amount'])}"
        f" in 12 months{between}; {whole_money(ltv['ltv_36m_amount'])} in 36 months.{end}"
    )


def _stopping(method: str, p: Mapping[str, float]) -> str:
    """Say how customers stop.

    In the Pareto/NBD model at any time: by the end of a year all but (beta/(beta+365))^s. In the
    BG/NBD model after a repeat order, in the MBG/NBD model after any, with a/(a+b) on average.
    """
    if method == "pareto_nbd":
        stopped = 1 - (p["beta"] / (p["beta"] + 365)) ** p["s"]
        return f"Within a year of the first order {share(stopped)} stop for good."
    order = "a repeat order" if method == "bg_nbd" else "an order"
    return f"After {order} {share(p['a'] / (p['a'] + p['b']))} stop for good."
