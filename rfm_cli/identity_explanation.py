"""Why records are one customer, link by link: stored links and values, in plain words."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from rfm_cli import words
from rfm_cli.errors import BadInput
from rfm_cli.warehouse import Warehouse

Facts = dict[str, Any]

# The most records that are listed one by one for people; a program gets them all.
_SHOWN = 20
_METHODS = {"rule": "by rule", "learned": "learned", "forced": "decided by hand"}


def current_customer(warehouse: Warehouse, name: str) -> tuple[str, str | None]:
    """Find the customer that an id, an earlier id or a record stands for today.

    Returns:
        The customer id, and how it was found when it is not the name itself.
    """
    if warehouse.find_relation("customer_records") is None:
        return name, None
    moved = warehouse.query(
        f"select customer_id from {warehouse.relation('customer_id_redirects')} "
        "where old_customer_id = ?",
        [name],
    )
    if moved:
        return str(moved[0][0]), f"{name} was merged into {moved[0][0]}"
    of_record = warehouse.query(
        f"select customer_id from {warehouse.relation('customer_records')} where record_id = ?",
        [name],
    )
    if of_record:
        return str(of_record[0][0]), f"{name} is a record of {of_record[0][0]}"
    return name, None


def identity_facts(warehouse: Warehouse, customer_id: str) -> Facts | None:
    """Read the records of a customer, the links between them, and where the best values come from.

    Returns:
        None where the customer is whoever the one source says.
    """
    if warehouse.find_relation("customer_records") is None:
        return None

    def rows(mart: str, order: str) -> list[Facts]:
        return warehouse.records(
            f"select * from {warehouse.relation(mart)} where customer_id = ? order by {order}",
            [customer_id],
        )

    links = rows("identity_links", "left_record_id, right_record_id")
    return {
        "records": rows("customer_records", "record_id"),
        "links": [link for link in links if link["veto_reason"] is None],
        "vetoed_links": [link for link in links if link["veto_reason"] is not None],
        "values": rows("customer_attributes", "attribute"),
        "events": rows("customer_id_events", "event_number"),
    }


def identity_words(facts: Facts) -> list[str]:
    """Say who the customer is, one line a record, link and value."""
    records = facts["records"]
    systems = len({record["source_name"] for record in records})
    lines = [
        f"Who this is: {words.count(len(records), 'record')} of {words.count(systems, 'system')}."
    ]
    lines += [f"  {record['record_id']}" for record in records[:_SHOWN]]
    lines += _more(len(records))
    if facts["links"]:
        lines += ["", "Why they are one customer:"]
        lines += [f"  {link_words(link)}" for link in facts["links"][:_SHOWN]]
        lines += _more(len(facts["links"]))
    if facts["vetoed_links"]:
        lines += ["", "Likenesses that were not believed:"]
        lines += [f"  {link_words(link)}" for link in facts["vetoed_links"][:_SHOWN]]
        lines += _more(len(facts["vetoed_links"]))
    if facts["values"]:
        lines += ["", "Best-known values, and where they are from:"]
        lines += [
            f"  {words.plain(value['attribute'])}: {value['value']} "
            f"({value['record_id']}, {words.plain(value['survivorship_rule'])})"
            for value in facts["values"]
        ]
    changes = [event for event in facts["events"] if event["event_type"] != "created"]
    if changes:
        lines += ["", "What became of the id:"]
        lines += [f"  {_event_words(event)}" for event in changes]
    return lines


def link_words(link: Mapping[str, Any]) -> str:
    """Say why two records were linked, or why not."""
    method = _METHODS.get(link["link_method"], link["link_method"])
    rule = f", {words.plain(link['link_rule'])}" if link["link_rule"] else ""
    text = f"{link['left_record_id']} = {link['right_record_id']}: {link['evidence']}"
    text += f" ({method}{rule})"
    return f"{text}; no: {words.plain(link['veto_reason'])}" if link["veto_reason"] else text


def link_path(facts: Facts, start: str, end: str) -> list[Facts]:
    """Find the fewest links that lead from one record of a customer to another.

    Raises:
        BadInput: one of them is no record of the customer.
    """
    known = [record["record_id"] for record in facts["records"]]
    for record in (start, end):
        if record not in known:
            raise BadInput(
                f"{record} is no record of this customer",
                where=", ".join(known[:_SHOWN]),
                hint="the two records are two customers, or one of them does not exist; "
                "records are written as source:id",
            )
    neighbours: dict[str, list[tuple[str, Facts]]] = {record: [] for record in known}
    for link in facts["links"]:
        left, right = link["left_record_id"], link["right_record_id"]
        neighbours[left].append((right, link))
        neighbours[right].append((left, link))
    came_by: dict[str, tuple[str, Facts] | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in came_by:
        here = waiting.popleft()
        for there, link in neighbours[here]:
            if there not in came_by:
                came_by[there] = (here, link)
                waiting.append(there)
    return _steps(came_by, end)


def _steps(came_by: Mapping[str, tuple[str, Facts] | None], end: str) -> list[Facts]:
    steps: list[Facts] = []
    step = came_by.get(end)
    while step is not None:
        before, link = step
        steps.append(link)
        step = came_by[before]
    return steps[::-1]


def path_words(start: str, end: str, path: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say the links from one record to another."""
    if not path:
        return [
            f"{start} and {end} are one customer, but no stored link leads from one to the other."
        ]
    steps = words.count(len(path), "link")
    return [f"{start} and {end} are one customer by {steps}:"] + [
        f"  {link_words(link)}" for link in path
    ]


def _event_words(event: Mapping[str, Any]) -> str:
    what = words.plain(event["event_type"])
    records = words.count(event["record_count"], "record")
    return f"{event['as_of_date']}: {what} {event['other_customer_id']} ({records})"


def _more(number: int) -> list[str]:
    return [f"  and {number - _SHOWN:,} more"] if number > _SHOWN else []
