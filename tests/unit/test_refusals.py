"""What servers say, as they say it, in our words."""

from __future__ import annotations

import pytest

from rfm_cli.errors import BadInput, WarehouseUnavailable
from rfm_cli.warehouse.refusals import server_refusal, spark_cause
from rfm_cli.warehouse.targets import Target

POSTGRES = Target(
    "postgres",
    "postgres",
    {"host": "db", "port": 5432, "user": "rfm", "dbname": "shop", "password": "hush"},
)
SPARK = Target("spark", "spark", {"host": "hub", "port": 10000, "user": "rfm", "schema": "rfm"})
STACK = (
    "org.apache.hive.service.cli.HiveSQLException: Error running query: [TABLE_OR_VIEW_NOT_FOUND] "
    "org.apache.spark.sql.catalyst.ExtendedAnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table "
    "or view `raw`.`nope` cannot be found. Verify the spelling. SQLSTATE: 42P01; line 1 pos 14;\n"
    "'Project [*]\n+- 'UnresolvedRelation [raw, nope], [], false\n\n"
    "\tat org.apache.spark.sql.hive.thriftserver.HiveThriftServerErrors$.runningQueryError"
    "(HiveThriftServerErrors.scala:43)\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n"
    "Caused by: java.lang.Exception: deeper\n\t... 22 more"
)


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (
            'connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  password '
            'authentication failed for user "rfm"',
            "PostgreSQL refused the password of user rfm",
        ),
        ("fe_sendauth: no password supplied", "PostgreSQL refused the password of user rfm"),
        (
            'FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "rfm", no encryption',
            "PostgreSQL does not let user rfm in from this machine",
        ),
        ('FATAL:  database "shop" does not exist', "PostgreSQL has no database shop"),
        ('FATAL:  role "rfm" does not exist', "PostgreSQL has no role rfm"),
        (
            'connection to server at "db" (10.0.0.1), port 5432 failed: Connection refused\n'
            "\tIs the server running on that host and accepting TCP/IP connections?",
            "PostgreSQL cannot be reached: Connection refused",
        ),
        (
            'could not translate host name "db" to address: Name or service not known',
            'PostgreSQL cannot be reached: could not translate host name "db"',
        ),
        ("permission denied for schema raw", "user rfm may not use schema raw"),
        ("permission denied for table orders", "user rfm may not use table orders"),
        (
            "must be owner of table customer_rfm",
            "user rfm may not replace what belongs to another: table customer_rfm",
        ),
        (
            'could not extend file "base/1/2": No space left on device',
            "the disk of the PostgreSQL server is full",
        ),
    ],
)
def test_postgres(message, problem):
    refusal = server_refusal(POSTGRES, message)
    assert isinstance(refusal, WarehouseUnavailable)
    assert refusal.problem == problem
    assert refusal.hint
    assert "hush" not in f"{refusal.problem}{refusal.where}{refusal.hint}{POSTGRES}"


def test_other_troubles_are_not_the_servers():
    assert server_refusal(POSTGRES, 'column "x" does not exist') is None
    assert server_refusal(POSTGRES, "division by zero") is None
    assert server_refusal(SPARK, STACK) is None
    assert server_refusal(Target("duckdb", "duckdb"), "permission denied for schema raw") is None


@pytest.mark.parametrize(
    ("message", "kind", "problem"),
    [
        (
            "Could not connect to any of [('127.0.0.1', 1)]",
            WarehouseUnavailable,
            "the Spark Thrift server cannot be reached: Could not connect to any of "
            "[('127.0.0.1', 1)]",
        ),
        (
            "Bad status: 3 (b'Error validating the login')",
            WarehouseUnavailable,
            "Spark refused user rfm",
        ),
        (
            "[SCHEMA_NOT_FOUND] The schema `raw` cannot be found.",
            BadInput,
            "Spark has no schema `raw`",
        ),
        (
            "org.apache.hadoop.security.AccessControlException: Permission denied: user=rfm, "
            'access=WRITE, inode="/warehouse"\n\tat org.apache.hadoop.Foo.bar(Foo.java:1)',
            WarehouseUnavailable,
            'Spark may not do that: Permission denied: user=rfm, access=WRITE, inode="/warehouse"',
        ),
        (
            "java.lang.NoClassDefFoundError: org/apache/hadoop/hive/llap/security/LlapSigner",
            WarehouseUnavailable,
            "the Spark server could not close a session: a class of Hive is missing there",
        ),
    ],
)
def test_spark(message, kind, problem):
    refusal = server_refusal(SPARK, message)
    assert isinstance(refusal, kind)
    assert refusal.problem == problem


def test_the_cause_without_the_stack():
    cause = "The table or view `raw`.`nope` cannot be found. Verify the spelling."
    assert spark_cause(STACK) == cause
    # As the driver wraps it, line breaks written out.
    wrapped = STACK.replace("\n", "\\n").replace("\t", "\\t")
    response = f'TExecuteStatementResp(status=TStatus(statusCode=3, errorMessage="{wrapped}"), x=1)'
    assert spark_cause(response) == cause
    assert spark_cause("plain words") == "plain words"
