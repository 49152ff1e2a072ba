"""Sweeps on a Dask cluster of separate worker processes, some of which die."""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

import sim
from models.errors import InputError
from sim.cli import main
from sim.config import Config
from sim.experiment.progress import Silent
from sim.experiment.replications import ReplicationsFailed, run
from sim.experiment.sweeps import running
from sim.experiment.workers.cluster import ClusterWorkers
from sim.experiment.workers.cluster_connection import Tls, check_address, local_cluster
from sim.experiment.workers.pools import Disconnected, WorkersUnusable
from sim.experiment.workers.tasks import Driver, Task
from sim.experiment.workers.tasks import engine as simulate_it
from sim.record.eventlog import Record

distributed = pytest.importorskip("distributed")

BASE = "months: 3\nseed: 5\npopulation: {members: 50}\nexperiment: {replications: 3}\n"
SWEEP = """\
name: rhos
base: base.yaml
design: {kind: grid, parameters: {rho: {path: macro.rho, values: [0.0, 0.02, 0.1]}}}
"""


def kills_its_worker(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> SimpleNamespace:
    """Simulate, unless it is the second point."""
    if config.macro.rho == 0.02:
        os._exit(9)
    outcome = simulate_it(config, replications, driver=driver, record=record)
    return SimpleNamespace(facts=outcome.facts, ledger=pl.DataFrame(), events=pl.DataFrame())


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Start two workers on this machine; a task is given up at the first death of its worker."""
    import dask

    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), local_cluster(2) as found:
        yield found


@pytest.fixture
def sweep_file(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "sweep.yaml").write_text(SWEEP)
    return tmp_path / "sweep.yaml"


def workers_of(address: str) -> dict[str, int]:
    """Ask the workers for their process numbers, by address."""
    with distributed.Client(address, set_as_default=False) as client:
        return dict(client.run(os.getpid))


class KillsAWorker(Silent):
    """Kills a worker when the first task is finished."""

    def __init__(self, process: int) -> None:
        self.process: int | None = process

    def advance(self, replications: int) -> None:  # noqa: ARG002 - as its twin
        """Kill it once."""
        if self.process is not None:
            os.kill(self.process, signal.SIGKILL)
            self.process = None


def test_a_sweep_on_a_cluster_that_loses_a_worker_has_the_digest_of_one_process(
    address: str, sweep_file: Path, tmp_path: Path
) -> None:
    alone = sim.sweep(sweep_file, jobs=1)
    progress = KillsAWorker(next(iter(workers_of(address).values())))
    clustered = sim.sweep(sweep_file, scheduler=address, out=tmp_path / "out", progress=progress)
    assert progress.process is None
    assert clustered.digest == alone.digest
    assert clustered.table.equals(alone.table)
    assert sim.load(tmp_path / "out").digest == alone.digest


def test_a_point_that_kills_every_worker_fails_and_stops_no_other(
    address: str, sweep_file: Path, tmp_path: Path
) -> None:
    found = running.sweep(
        sweep_file,
        overrides=["replications=1"],
        scheduler=address,
        out=tmp_path / "out",
        simulate=kills_its_worker,
    )
    assert list(found.failures) == [1]
    (failure,) = found.failures[1]
    assert (failure.stage, failure.type) == ("worker", "WorkerDied")
    assert "was its memory too small?" in failure.message
    assert found.digest is None
    assert set(found.table["point"]) == {0, 2}


def test_the_cluster_of_this_machine_is_reachable_from_it_alone(address: str) -> None:
    assert all(name.startswith("tcp://127.0.0.1:") for name in (address, *workers_of(address)))
    port = int(address.rpartition(":")[2])
    assert {host for host, other in listening_addresses() if other == port} == {"127.0.0.1"}


def test_a_second_cluster_of_this_machine_is_no_trouble(address: str) -> None:
    with local_cluster(1) as second:  # a warning of a port in use would be an error here
        assert second != address
        assert len(workers_of(second)) == 1


def listening_addresses() -> set[tuple[str, int]]:
    """List where processes of this machine listen for connections (IPv4, from the kernel)."""
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("needs the proc file system")
    found = set()
    for line in table.read_text().splitlines()[1:]:
        local, state = line.split()[1], line.split()[3]
        host, port = local.split(":")
        if state == "0A":
            quads = [str(part) for part in reversed(bytes.fromhex(host))]
            found.add((".".join(quads), int(port, 16)))
    return found


def test_workers_that_would_give_other_numbers_are_refused(
    address: str, sweep_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.experiment.workers import cluster

    _, packages = cluster._identity()
    others = tuple((name, "0.1" if name == "scipy" else text) for name, text in packages)
    monkeypatch.setattr(cluster, "_identity", lambda: ("f" * 64, others))
    with pytest.raises(
        WorkersUnusable, match=r"these differ: scipy .* there, 0\.1 here; the sources of tsuke"
    ):
        sim.sweep(sweep_file, scheduler=address, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_may_use_a_cluster_too(address: str) -> None:
    config = Config(months=2).model_copy(update={"name": "small"})
    small = config.model_copy(
        update={"population": config.population.model_copy(update={"members": 30})}
    )
    alone = run(small, replications=3, jobs=1)
    assert run(small, replications=3, workers=ClusterWorkers(address)).digest == alone.digest


def test_tasks_sent_to_a_scheduler_that_was_started_anew_are_lost_and_not_to_blame(
    address: str,
) -> None:
    task = Task(Config(months=2), (0,), "cohort", Record.nothing(), simulate_it)
    with ClusterWorkers(address) as workers:
        workers.check()
        outcome = workers.submit(task)
        workers._scheduler = "another one"
        workers.check()
        with pytest.raises(Disconnected, match="the scheduler was started anew"):
            outcome.result(timeout=60)


def test_a_scheduler_that_is_not_there_is_named_and_nothing_is_made(
    sweep_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sim.experiment.workers.cluster_connection.SECONDS_TO_CONNECT", 0.5)
    arguments = ["--scheduler", "tcp://127.0.0.1:9", "--out", str(tmp_path / "out")]
    assert main(["sweep", str(sweep_file), *arguments]) == 2
    assert "no Dask scheduler of a matching version answers at tcp://127.0.0.1:9" in (
        capsys.readouterr().err
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["", "here", "http://a:1", "tcp://"])
def test_an_address_of_no_scheduler_is_refused(address: str) -> None:
    with pytest.raises(InputError, match=r"--scheduler: got .* allowed: the address of a Dask"):
        check_address(address, None)


def test_tls_files_belong_to_a_tls_address_and_have_to_exist(tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("ca.pem", "cert.pem", "key.pem")]
    with pytest.raises(InputError, match=r"got 'tls://a:1' without TLS files"):
        check_address("tls://a:1", None)
    with pytest.raises(InputError, match=r"got 'tcp://a:1' with TLS files"):
        check_address("tcp://a:1", Tls(*names))
    for path in names[:2]:
        path.touch()
    with pytest.raises(InputError, match=r"--tls-key: got .*key\.pem; allowed: a file that exists"):
        check_address("tls://a:1", Tls(*names))


def test_some_tls_options_without_the_others_are_refused(
    sweep_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["sweep", str(sweep_file), "--scheduler", "tls://a:1", "--tls-ca", "ca.pem"]
    assert main(arguments) == 2
    assert "--tls-ca, --tls-cert, --tls-key: allowed: all three, or none" in capsys.readouterr().err
    assert main(["sweep", str(sweep_file), "--scheduler", "tcp://a:1", "--jobs", "2"]) == 2
    assert "--jobs, --scheduler: allowed: one of the two" in capsys.readouterr().err


def test_a_failed_replication_of_a_run_on_a_cluster_tells_of_its_worker(address: str) -> None:
    config = Config(months=2)
    update = {
        "population": config.population.model_copy(update={"members": 30}),
        "macro": config.macro.model_copy(update={"rho": 0.02}),
    }
    with pytest.raises(ReplicationsFailed, match=r"1 of 1 replications failed .*WorkerDied"):
        run(
            config.model_copy(update=update),
            replications=1,
            workers=ClusterWorkers(address),
            simulate=kills_its_worker,
        )
