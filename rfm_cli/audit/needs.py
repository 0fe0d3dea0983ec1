"""What each question and each module needs, and what it unlocks; edit to ask for more or less."""

from __future__ import annotations

from dataclasses import dataclass

QUESTIONS = {
    "how_many": "How many customers do you have?",
    "who": "Who are they?",
    "what": "What do they buy, and how much?",
}


@dataclass(frozen=True)
class Need:
    """A column or an entity that a question needs.

    Attributes:
        question: a key of QUESTIONS.
        entity: of docs/sources.md.
        column: its column; None when the entity as such is needed.
        least_share: how many of its rows must have a value.
        unlocks: what can be done with it.
    """

    question: str
    entity: str
    column: str | None
    least_share: float
    unlocks: str

    @property
    def name(self) -> str:
        """The need as a person would write it."""
        return f"{self.entity}.{self.column}" if self.column else self.entity


NEEDS = (
    Need("how_many", "orders", "source_customer_id", 0.5, "counting customers at all"),
    Need("how_many", "customers", None, 0.0, "one customer instead of one record per system"),
    Need("how_many", "customers", "email", 0.25, "finding records of one customer by e-mail"),
    Need("how_many", "customers", "phone", 0.25, "finding records of one customer by phone"),
    Need("who", "customers", "name", 0.5, "addressing customers, and telling relatives apart"),
    Need("who", "customers", "birth_date", 0.2, "age groups, and telling namesakes apart"),
    Need("who", "customers", "postal_code", 0.3, "regions, households and area data"),
    Need("who", "demographics", None, 0.0, "income, household and education of segments"),
    Need("who", "accounts", None, 0.0, "companies: industry and size"),
    Need("who", "consents", None, 0.0, "knowing who may be contacted"),
    Need("what", "orders", "amount", 0.5, "scores, lifetime value and best customers"),
    Need("what", "orders", "order_id", 0.5, "counting orders instead of days with orders"),
    Need("what", "order_lines", "product_id", 0.5, "what is bought: product lines by segment"),
    Need("what", "products", "product_line", 0.5, "product lines instead of article numbers"),
    Need("what", "refunds", None, 0.0, "what comes back, and from whom"),
    Need("what", "product_costs", None, 0.0, "profit instead of revenue"),
)


@dataclass(frozen=True)
class Module:
    """The least data that a module needs (fewer and it is not offered or not sure).

    Attributes:
        name: the module, as people call it.
        entities: the entities without which it does nothing.
        customers: with at least one order.
        repeat_customers: with at least two.
        days: from the first to the last order.
        without: what happens when an entity is missing.
        thinly: what happens when there are fewer customers or days.
    """

    name: str
    entities: tuple[str, ...]
    customers: int
    repeat_customers: int
    days: int
    without: str
    thinly: str


MODULES = (
    Module("RFM scores", ("orders",), 25, 0, 30, "nothing to score", "ranks among few"),
    Module("lifetime value", ("orders",), 500, 100, 180, "nothing to forecast",
           "the model is unsure, or simple rates take its place"),
    Module("segments", ("orders",), 125, 0, 90, "nobody to group", "many are empty"),
    Module("profit", ("orders", "order_lines", "product_costs"), 1, 0, 0, "revenue is used",
           "revenue is used"),
    Module("look-alike", ("customers", "demographics"), 500, 0, 180, "nothing to compare by",
           "few to learn from"),
    Module("campaigns", ("customers", "consents", "campaigns", "campaign_events"), 500, 0, 90,
           "nobody may be contacted, or no effect is measured", "effects are hard to see"),
)  # fmt: skip
