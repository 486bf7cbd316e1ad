"""What the numbers were measured on."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from bench import others
from bench.workspace import PROJECT, BenchError


def chromium() -> str:
    """The browser that `make bench` found, else the system's. Raises BenchError."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise BenchError("There is no Chromium. `make bench` installs one; CHROMIUM names one.")
    return path


def describe() -> str:
    pairs = [
        ("Processor", f"{_processor()}, {_cores()}"),
        ("Memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB"),
        ("Kernel", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("Load", f"{os.getloadavg()[0]:.1f} before the run; the more there is, the less the times say"),
        ("Versions", ", ".join(_versions())),
        ("Project", _commit()),
    ]
    return "\n".join(f"{name:<12} {text}" for name, text in pairs) + "\n"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return _output(["sysctl", "-n", "machdep.cpu.brand_string"]) or platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _cores() -> str:
    cores = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores
    return f"{cores} cores" + (f", {usable} of them usable" if usable < cores else "")


def _versions() -> Iterator[str]:
    yield f"Python {platform.python_version()}"
    yield f"Django {version('Django')}"
    yield f"waitress {version('waitress')}"
    yield from others.versions()
    try:
        yield _output([chromium(), "--version"]).partition(" built on")[0] or "Chromium that does not tell its version"
    except BenchError:
        yield "no Chromium"


def _commit() -> str:
    commit = _output(["git", "rev-parse", "--short=12", "HEAD"])
    if not commit:
        return "commit unknown"
    return f"commit {commit}" + (", with changes" if _output(["git", "status", "--porcelain"]) else "")


def _output(command: list[str]) -> str:
    """What a command prints, on one line; empty when it cannot be run or fails."""
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return " ".join(done.stdout.split())
