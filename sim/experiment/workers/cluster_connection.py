"""The way to a Dask cluster: its address, its TLS files, and one on this machine to try it out."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import InputError
from sim.experiment.workers.pools import WorkersUnusable

if TYPE_CHECKING:
    from distributed import Client

SCHEMES = ("tcp://", "tls://")
LOOPBACK = "127.0.0.1"
SECONDS_TO_CONNECT = 30


@dataclass(frozen=True)
class Tls:
    """Files (PEM) that prove to each other who scheduler, workers and this process are."""

    ca: Path
    """Certificate of the authority that signed all the others."""
    cert: Path
    """Certificate of this process."""
    key: Path
    """Its private key."""


def check_address(address: str, tls: Tls | None) -> None:
    """Refuse an address that names no scheduler, and TLS files that are missing or not used.

    Raises
    ------
    InputError
        If the address or a file cannot be used.
    """
    if not address.startswith(SCHEMES) or len(address.partition("://")[2]) == 0:
        raise InputError(
            f"--scheduler: got {address!r}; allowed: the address of a Dask scheduler, such as "
            "tcp://127.0.0.1:8786, or tls://host:8786 with the three --tls- options"
        )
    if (tls is not None) != address.startswith("tls://"):
        raise InputError(
            f"--scheduler: got {address!r} {'with' if tls else 'without'} TLS files; allowed: "
            "tls:// with --tls-ca, --tls-cert and --tls-key, or tcp:// without them"
        )
    for option, path in vars(tls).items() if tls else ():
        if not path.is_file():
            raise InputError(f"--tls-{option}: got {path}; allowed: a file that exists")


@contextmanager
def local_cluster(workers: int, memory: str | None = None) -> Iterator[str]:
    """Start a scheduler and worker processes on this machine, reachable from it alone.

    Parameters
    ----------
    workers
        Worker processes, each with one thread.
    memory
        Memory of a worker, such as ``2GB``; a worker that needs more is killed. By default its
        share of the machine's.

    Yields
    ------
    str
        Address of the scheduler.
    """
    with _optional():
        from distributed import LocalCluster
    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host=LOOPBACK,
        # no dashboard, and the pages that there are all the same at a port that is free
        dashboard_address=None,
        scheduler_kwargs={"dashboard": False, "dashboard_address": f"{LOOPBACK}:0"},
        memory_limit="auto" if memory is None else memory,
    ) as cluster:
        yield cluster.scheduler_address


def connected(address: str, tls: Tls | None) -> "Client":
    """Connect to a scheduler.

    Raises
    ------
    WorkersUnusable
        If none answers there.
    """
    with _optional():
        from distributed import Client, Security
    security = None
    if tls is not None:
        security = Security(
            tls_ca_file=str(tls.ca),
            tls_client_cert=str(tls.cert),
            tls_client_key=str(tls.key),
            require_encryption=True,
        )
    # It logs a traceback whenever a connection ends; what it means is said by whoever calls.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=SECONDS_TO_CONNECT, security=security, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise WorkersUnusable(
            f"--scheduler: no Dask scheduler of a matching version answers at {address} ({error}); "
            "what is finished is kept: the same command goes on"
        ) from error


@contextmanager
def _optional() -> Iterator[None]:
    """Say which extra brings what is missing."""
    try:
        yield
    except ImportError as error:
        raise InputError(
            f"--scheduler needs a package that is not installed ({error.name}); "
            "allowed: after pip install 'tsuke[cluster]'"
        ) from error
