"""How gunicorn serves the console: it reads this file when started in the project's folder.

Options on its command line win over what stands here, such as ``--workers`` and ``--bind``.
"""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from typing import Any

wsgi_app = "config.wsgi"
bind: str | list[str] = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # heartbeats wait for no disk

timeout = 60  # of a worker that is stuck as a whole; statements end long before
graceful_timeout = 40  # an act may take the time of its longest statement
keepalive = 65  # longer than the proxy keeps its end open, so that the proxy closes first
max_requests = 20_000
max_requests_jitter = 2_000

# What a proxy says is believed in one place, by TRUST_PROXY in the settings. Left to itself,
# gunicorn believes every neighbor on this machine or behind its socket, whatever that says.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
header_map = "drop"
proxy_protocol = False
control_socket_disable = True

accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None  # addresses may name customers
errorlog = "-"

preload_app = True


def _leave_nothing(folder: str, of_process: int) -> None:
    """At the end of the process that made it, and of none of its workers."""
    if os.getpid() == of_process:
        shutil.rmtree(folder, ignore_errors=True)


_metrics_port = os.environ.get("METRICS_PORT", "")
_has_own_port = _metrics_port.isdecimal() and int(_metrics_port) > 0  # the settings say if not
if _has_own_port:
    if str(bind).rpartition(":")[2] == _metrics_port:
        sys.exit("countermand: METRICS_PORT is that of BIND; it needs one of its own.")
    # The same workers answer there; config/wsgi.py tells by the socket, and gives figures alone.
    bind = [str(bind), f"{os.environ.get('METRICS_ADDRESS', '127.0.0.1')}:{_metrics_port}"]

_has_figures = bool(os.environ.get("METRICS_TOKEN")) or _has_own_port
if _has_figures and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    # Each worker counts in files of its own there; whichever is asked adds them up.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="countermand-metrics-")
    atexit.register(_leave_nothing, os.environ["PROMETHEUS_MULTIPROC_DIR"], os.getpid())


def child_exit(server: Any, worker: Any) -> None:
    """Figures of a worker that is gone stay, but for those of what it has in hand."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def when_ready(server: Any) -> None:
    """Load what the first pages need, then let the garbage collector leave it alone.

    Workers are forked from here: what is loaded and never looked at again stays shared memory.
    """
    from config.warming import warm_up

    warm_up()
    gc.collect()
    gc.freeze()
