"""The private card service where the machine does not allow what it would like best."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

PUBLIC = "/run/pcscd/pcscd.comm"
WITHOUT_NAMESPACES = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")


def is_served(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(path) == 0


@pytest.mark.skipif(os.geteuid() != 0 or is_served(PUBLIC), reason="needs root, and no pcscd of the machine's own")
def test_where_namespaces_are_refused_root_runs_it_in_the_open_and_cleans_up() -> None:
    with tempfile.TemporaryDirectory(prefix="yimen-") as folder:
        command = [*WITHOUT_NAMESPACES, sys.executable, "-m", "devices.simulators.pcscd", "--folder", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout
            said = [running.stdout.readline() for _ in range(3)]
            assert "virtual cards on port" in said[-1]
            assert is_served(str(Path(folder, "pcscd.comm")))
            running.terminate()
            running.wait()
        assert not is_served(PUBLIC)
