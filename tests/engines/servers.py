"""A real PostgreSQL and a real Spark Thrift server, on loopback, with folders of their own."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

HOST = "127.0.0.1"
_SHUT_DOWN_SECONDS = 60
# A query on a few rows is planned, compiled and done: code that takes long to optimise never pays.
# The quick compiler alone has less room for code by default, and its frames need more stack.
_QUICK_JAVA = " -XX:+UseParallelGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=512m -Xss4m"


class ServerMissingError(Exception):
    """What a server needs is not on this machine; the message says what."""


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        target: the target of profiles.yml that reaches it.
        environment: the variables that profiles.yml reads.
        started_seconds: how long it took to start.
        version: what it says it is.
        process_id: the process to end.
        options: what only one kind of server has, such as the address of Spark's web interface.
    """

    target: str
    environment: Mapping[str, str]
    started_seconds: float
    version: str
    process_id: int
    options: Mapping[str, str] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def postgres_bin() -> Path:
    """Find the folder of PostgreSQL's programs.

    Raises:
        ServerMissingError: there is none.
    """
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise ServerMissingError("no PostgreSQL server: install Debian's package postgresql")


def java() -> Path:
    """Find Java 17 or newer.

    Raises:
        ServerMissingError: there is none.
    """
    home = os.environ.get("JAVA_HOME")
    found = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if found is None or not Path(found).exists():
        raise ServerMissingError("no Java: install Debian's package openjdk-17-jre-headless")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=True).stderr
    version = said.split('"')[1]
    if int(version.split(".")[0]) < 17:
        raise ServerMissingError(f"Java {version} is too old for Spark 4: install Java 17 or newer")
    return Path(found)


def spark_home() -> Path:
    """Find the Spark that the package pyspark brings.

    Raises:
        ServerMissingError: it is not installed.
    """
    spec = importlib.util.find_spec("pyspark")
    if spec is None or not spec.submodule_search_locations:
        raise ServerMissingError("no Spark: pip install 'pyspark>=4,<5'")
    return Path(spec.submodule_search_locations[0])


def _unprivileged(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: hand the folder to nobody and run as nobody."""
    if os.geteuid() != 0:
        return []
    import grp
    import pwd

    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    group = grp.getgrgid(user.pw_gid).gr_name
    return ["setpriv", "--reuid=nobody", f"--regid={group}", "--clear-groups"]


@contextmanager
def postgres(folder: Path, *, icu_locale: str = "en-US") -> Iterator[Server]:
    """Start PostgreSQL in a new folder; stop it and remove the folder afterwards.

    Texts are compared by the rules of a language, as on most servers, so that what relies on the
    order of bytes is found out.

    Raises:
        ServerMissingError: PostgreSQL is not installed.
    """
    programs = postgres_bin()
    folder.mkdir(mode=0o755)
    as_user = _unprivileged(folder)
    password, port = secrets.token_urlsafe(12), free_port()
    password_file, data, log = folder / "password", folder / "data", folder / "log"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    shutil.chown(password_file, folder.stat().st_uid)
    began = time.monotonic()
    _run(
        *as_user, programs / "initdb", "--pgdata", data, "--username", "postgres",
        "--pwfile", password_file, "--auth", "scram-sha-256", "--encoding", "UTF8",
        "--locale-provider", "icu", "--icu-locale", icu_locale, "--no-sync",
    )  # fmt: skip
    options = f"-c listen_addresses={HOST} -c port={port} -c unix_socket_directories={folder}"
    options += " -c fsync=off -c max_connections=50 -c shared_buffers=256MB -c max_wal_size=4GB"
    control = [*as_user, programs / "pg_ctl", "--pgdata", data]
    _run(*control, "--log", log, "--wait", "--options", options, "start")
    try:
        process_id = int((data / "postmaster.pid").read_text().split()[0])
        version = _run(programs / "postgres", "--version").split()[2]
        environment = {
            "PGHOST": HOST,
            "PGPORT": str(port),
            "PGUSER": "postgres",
            "PGPASSWORD": password,
            "PGDATABASE": "postgres",
        }
        yield Server("postgres", environment, time.monotonic() - began, version, process_id)
    finally:
        _run(*control, "--mode", "immediate", "--wait", "stop")
        shutil.rmtree(folder)


@contextmanager
def spark(folder: Path, *, memory: str = "4g", is_large: bool = False) -> Iterator[Server]:
    """Start Spark's Thrift server with a metastore and a warehouse folder of its own.

    Args:
        folder: a folder to make.
        memory: of the one Java process that is driver and executor.
        is_large: whether data are large: shuffled in many pieces, all compilers at work, and
            Spark's own measurements served over HTTP.

    Raises:
        ServerMissingError: Java or pyspark is not installed.
        RuntimeError: it did not come up; the message is the end of its log.
    """
    home, java_path = spark_home(), java()
    folder.mkdir()
    port, web_port = free_port(), free_port()
    log = folder.with_suffix(".log")  # stays, to be read when something went wrong
    settings = {
        "spark.master": "local[2]",
        "spark.driver.memory": memory,
        "spark.driver.bindAddress": HOST,
        "spark.driver.host": HOST,
        "spark.ui.enabled": str(is_large).lower(),
        "spark.ui.port": str(web_port),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "scratch"),
        # One machine: as many pieces as cores are enough where the data are small.
        "spark.sql.shuffle.partitions": "64" if is_large else "2",
        "spark.hadoop.javax.jdo.option.ConnectionURL": (
            f"jdbc:derby:;databaseName={folder}/metastore;create=true"
        ),
        "spark.driver.extraClassPath": str(_absent_hive_class(folder)),
        "spark.driver.extraJavaOptions": (
            f"-Dderby.system.home={folder} -Duser.timezone=UTC -Djava.io.tmpdir={folder}"
            f"{'' if is_large else _QUICK_JAVA}"
        ),
    }
    command = [str(home / "bin" / "spark-submit")]
    for name, value in settings.items():
        command += ["--conf", f"{name}={value}"]
    command += ["--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"]
    command += ["spark-internal", "--hiveconf", f"hive.server2.thrift.port={port}"]
    command += ["--hiveconf", f"hive.server2.thrift.bind.host={HOST}"]
    environment = os.environ | {
        "JAVA_HOME": str(java_path.resolve().parents[1]),
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
    }
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(port, process, log)
        version = metadata.version("pyspark")
        variables = {"RFM_SPARK_HOST": HOST, "RFM_SPARK_PORT": str(port)}
        options = {"web": f"http://{HOST}:{web_port}", "log": str(log)}
        yield Server("spark", variables, time.monotonic() - began, version, process.pid, options)
    finally:
        _end(process)
        shutil.rmtree(folder)


def _absent_hive_class(folder: Path) -> Path:
    """Make a jar with an empty stand-in for a class of Hive that Spark's package lacks.

    Without it closing a session fails now and then: Hive registers its functions then, one of
    which names `LlapSigner.Signable` (SPARK-51041 adds the jar to Spark's own tests).
    """
    names = [b"org/apache/hadoop/hive/llap/security/LlapSigner$Signable", b"java/lang/Object"]
    texts = b"".join(b"\x01" + struct.pack(">H", len(name)) + name for name in names)
    # A class file: magic, version 52 (Java 8), five constants: two texts, two classes of them.
    content = struct.pack(">IHHH", 0xCAFEBABE, 0, 52, 5) + texts
    content += struct.pack(">BHBH", 7, 1, 7, 2)
    # public abstract interface, itself, its superclass; no interfaces, fields, methods, attributes
    content += struct.pack(">HHHHHHH", 0x0601, 3, 4, 0, 0, 0, 0)
    jar = folder / "absent.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr(names[0].decode() + ".class", content)
    return jar


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1800):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("Spark did not start: " + log.read_text()[-2000:])


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the Java process and whatever shell started it: they share a session."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, how)
            try:
                process.wait(_SHUT_DOWN_SECONDS)
            except subprocess.TimeoutExpired:
                continue


def _run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=os.environ | {"LC_ALL": "C"},
    )
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[-1]).name}: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    return done.stdout
