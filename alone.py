"""One at a time: what would get into each other's way if two starts of this checkout did it at once.

    python3 alone.py COMMAND …    runs COMMAND when no other one is at work that was begun like that

The system lets go of the lock when its holder ends, however it ends. Any Python 3 will do: make needs this before it
has made .venv.
"""

import os
import sys
from pathlib import Path

VAR = Path(__file__).resolve().parent / "var"


def hold(name, waiting=""):
    """Take the lock `name`, which no other process of this checkout holds then, until this process ends.

    Where it has to wait for another one, it says `waiting` on stderr.

    Without one where there is none to be had, as on Windows, or where var/ cannot be written: then nobody makes
    anything in it either. Returns the descriptor, or None.
    """
    try:
        import fcntl

        VAR.mkdir(exist_ok=True)
        lock = os.open(str(VAR / name), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write(waiting)
            sys.stderr.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
    except (ImportError, OSError):
        return None
    return lock


if __name__ == "__main__":
    lock = hold("make.lock", waiting="Waiting for another make of this checkout.\n")
    if lock is not None:
        os.set_inheritable(lock, True)  # for COMMAND, which takes the place of this process
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606, the command is the caller's own
