"""What a server says when it refuses, in words to act on; no secrets, no stack traces."""

from __future__ import annotations

import re

from rfm_cli.errors import BadInput, RfmError, WarehouseUnavailable
from rfm_cli.warehouse.targets import Target

_GRANTS = "the grants it needs are in docs/engines.md"
_STACK = re.compile(r"\s*\n\s+at [\w.$]+\(.*", re.DOTALL)
_PLAN = re.compile(r";?\s*(line \d+ pos \d+)?;?\s*\n'?[A-Z]\w+.*", re.DOTALL)
_EXCEPTION = re.compile(r"\b(?:[a-z]\w*\.)+[A-Z]\w*(?:Exception|Error)\b:?\s*")
_CODE = re.compile(r"\[[A-Z_.]+\]\s*")
_STATE = re.compile(r"\s*SQLSTATE: \w+.*", re.DOTALL)
_PG_UNREACHABLE = re.compile(
    r"connection to server|could not connect|could not translate host|server closed|"
    r"terminating connection|connection refused|timeout expired",
    re.IGNORECASE,
)
_PG_WHY = re.compile(
    r"Connection refused|could not translate host name \S+|timeout expired|"
    r"server closed the connection|terminating connection.*|Network is unreachable"
)
_SPARK_UNREACHABLE = re.compile(
    r"Could not connect to any|TTransportException|TSocket|Connection refused|"
    r"Broken pipe|Connection reset"
)
# What Spark says, what it means, what to do.
_SPARK_TROUBLES = (
    (
        re.compile(r"Error validating the login|AuthenticationException|Unauthorized"),
        "Spark refused user {user}",
        "set RFM_SPARK_USER, and what the server's login needs in profiles.yml",
    ),
    (
        re.compile(r"PERMISSION_DENIED|AccessControlException|Permission denied"),
        "Spark may not do that: {cause}",
        f"ask its administrator for the privilege; {_GRANTS}",
    ),
    (
        re.compile(r"No space left on device|OutOfMemoryError"),
        "the Spark server ran out of room: {cause}",
        "give it more disk or memory and run the command again",
    ),
    (
        re.compile(r"LlapSigner|hive\.ql\.exec\.FunctionRegistry"),
        "the Spark server could not close a session: a class of Hive is missing there",
        "run the command again, and have hive-llap-common added to the jars of the server "
        "(docs/engines.md)",
    ),
)
_TRANSPORT = re.compile(r"errorMessage=(['\"])(.*?)\1, ?|errorMessage=(['\"])(.*)\3\)", re.DOTALL)


def server_refusal(target: Target, message: str) -> RfmError | None:
    """Say what a server's message means; None where it is about something else.

    Args:
        target: the server.
        message: what it or its driver said, as it came.
    """
    if target.engine == "postgres":
        return _postgres_refusal(target, message)
    if target.engine == "spark":
        return _spark_refusal(target, message)
    return None


def spark_cause(message: str) -> str:
    """Cut Spark's message down to its cause: no Java stack, no query plan, no class names."""
    told = _TRANSPORT.search(message)
    text = (told[2] or told[4] or "") if told else message
    text = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\'", "'").replace('\\"', '"')
    text = text.split("Caused by:")[0]
    for pattern in (_STACK, _PLAN, _STATE):
        text = pattern.sub("", text)
    text = re.sub(r"^.*Error running query:\s*", "", text, flags=re.DOTALL)
    text = _CODE.sub("", _EXCEPTION.sub("", text))
    return " ".join(text.split()).strip(" :;") or " ".join(message.split())[:200]


def _postgres_refusal(target: Target, message: str) -> RfmError | None:
    return (
        _postgres_login(target, message)
        or _postgres_privilege(target, message)
        or _postgres_trouble(target, message)
    )


def _postgres_login(target: Target, message: str) -> RfmError | None:
    user = target.settings.get("user")
    if re.search(r"password authentication failed|no password supplied", message):
        return WarehouseUnavailable(
            f"PostgreSQL refused the password of user {user}",
            where=target.where,
            hint="set PGUSER and PGPASSWORD, or put the password into ~/.pgpass",
        )
    if "no pg_hba.conf entry" in message:
        return WarehouseUnavailable(
            f"PostgreSQL does not let user {user} in from this machine",
            where=target.where,
            hint="ask its administrator for an entry in pg_hba.conf, or set PGSSLMODE=require",
        )
    missing = re.search(r'(database|role) "([^"]*)" does not exist', message)
    if missing:
        variable = "PGDATABASE" if missing[1] == "database" else "PGUSER"
        return WarehouseUnavailable(
            f"PostgreSQL has no {missing[1]} {missing[2]}",
            where=target.where,
            hint=f"set {variable}, or have it made",
        )
    return None


def _postgres_privilege(target: Target, message: str) -> RfmError | None:
    denied = re.search(r"permission denied for (\w+(?: \w+)?) \"?([\w.]+)\"?", message)
    if denied:
        return _postgres_denied(target, denied[1], denied[2])
    owned = re.search(r"must be owner of (.*)", message)
    if owned:
        return WarehouseUnavailable(
            f"user {target.settings.get('user')} may not replace what belongs to another: "
            f"{owned[1].strip()}",
            where=target.where,
            hint=f"run as the user who made the tables; {_GRANTS}",
        )
    return None


def _postgres_trouble(target: Target, message: str) -> RfmError | None:
    if re.search(r"No space left on device|could not extend file", message):
        return WarehouseUnavailable(
            "the disk of the PostgreSQL server is full",
            where=target.where,
            hint="have space made there and run the command again; the marts are as they were",
        )
    if _PG_UNREACHABLE.search(message):
        why = _PG_WHY.search(message)
        return _unreachable(target, "PostgreSQL", why[0] if why else message, "PGHOST and PGPORT")
    return None


def _postgres_denied(target: Target, kind: str, name: str) -> WarehouseUnavailable:
    user = target.settings.get("user")
    grants = {
        "schema": f"grant usage on schema {name} to {user};",
        "table": f"grant select on {name} to {user};",
        "view": f"grant select on {name} to {user};",
        "database": f"grant create on database {name} to {user}; "
        "or have the schemas made for that user",
    }
    return WarehouseUnavailable(
        f"user {user} may not use {kind} {name}",
        where=target.where,
        hint=f"ask its administrator: {grants.get(kind, 'for the privilege')} ({_GRANTS})",
    )


def _spark_refusal(target: Target, message: str) -> RfmError | None:
    cause = spark_cause(message)
    for pattern, problem, hint in _SPARK_TROUBLES:
        if pattern.search(message):
            return WarehouseUnavailable(
                problem.format(cause=cause, user=target.settings.get("user")),
                where=target.where,
                hint=hint,
            )
    if _SPARK_UNREACHABLE.search(message):
        return _unreachable(target, "the Spark Thrift server", cause, "RFM_SPARK_HOST and _PORT")
    schema = re.search(r"\[SCHEMA_NOT_FOUND\] The schema (\S+)", message)
    if schema:
        return BadInput(
            f"Spark has no schema {schema[1]}",
            where=target.where,
            hint="correct RFM_SPARK_SCHEMA or rfm_table_schema, or have it made",
        )
    return None


def _unreachable(target: Target, server: str, why: str, variables: str) -> WarehouseUnavailable:
    return WarehouseUnavailable(
        f"{server} cannot be reached: {' '.join(why.split())[:200]}",
        where=target.where,
        hint=f"check that it runs, and {variables}",
    )
