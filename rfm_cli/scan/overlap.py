"""How much of a table is about customers that are known already; compared as hashes."""

from __future__ import annotations

from collections.abc import Mapping

from rfm_cli.scan.places import ScanPlace, quoted_for

_DIGITS = 9


def find_overlap(place: ScanPlace, relation: str, roles: Mapping[str, str]) -> dict[str, float]:
    """Return the share of a table's different e-mails, phones and ids that known records have.

    Args:
        place: where the table is, and the results of earlier runs.
        relation: the table.
        roles: what its columns hold.

    Returns:
        A share for each role that can be compared; nothing where there are no known records.
    """
    if place.known is None:
        return {}
    known = _known_relation(place)
    if known is None:
        return {}
    found = {}
    for role, (of_table, of_known) in _comparisons(place.engine, roles).items():
        row = place.warehouse.query(
            f"select count(*), count(known_values.v) from "
            f"(select distinct md5({of_table}) as v from {relation} as scanned_rows "
            f"where {of_table} is not null) as table_values left join "
            f"(select distinct md5({of_known}) as v from {known} as known_rows "
            f"where {of_known} is not null) as known_values on table_values.v = known_values.v"
        )[0]
        if row[0]:
            found[role] = row[1] / row[0]
    return found


def _known_relation(place: ScanPlace) -> str | None:
    name = "int_identity__records"
    if not place.known:
        return place.warehouse.find_relation(name)
    rows = place.warehouse.query(
        "select table_schema from information_schema.tables "
        f"where table_catalog = '{place.known.rstrip('.')}' and table_name = '{name}'"
    )
    return f'{place.known}"{rows[0][0]}"."{name}"' if rows else None


def _comparisons(engine: str, roles: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    kind = "string" if engine == "spark" else "varchar"

    def text(column: str) -> str:
        return f"nullif(trim(cast({quoted_for(engine, column)} as {kind})), '')"

    def digits(value: str) -> str:
        # The last digits are the same however the country and the trunk are written.
        every = ", 'g'" if engine != "spark" else ""
        plain = f"regexp_replace({value}, '[^0-9]', ''{every})"
        return f"case when length({plain}) >= {_DIGITS} then right({plain}, {_DIGITS}) end"

    pairs = {}
    if "email" in roles:
        pairs["email"] = (f"lower({text(roles['email'])})", "email")
    if "email_sha256" in roles:
        pairs["email_sha256"] = (f"lower({text(roles['email_sha256'])})", "email_hash")
    if "phone" in roles:
        pairs["phone"] = (digits(text(roles["phone"])), digits("phone"))
    for role, known in (("loyalty_id", "loyalty_id"), ("crm_id", "crm_id"), ("tax_id", "tax_id")):
        if role in roles:
            pairs[role] = (f"replace({text(roles[role])}, ' ', '')", known)
    if "customer_id" in roles:
        pairs["customer_id"] = (text(roles["customer_id"]), "source_record_id")
    return pairs
