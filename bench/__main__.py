"""Measures page weight and speed, and prints how each number stands to its budget.

The numbers decide nothing: the exit code is 0 unless a measurement could not be made.
"""

import argparse
import signal
import sys
import time

from playwright.sync_api import Error as PlaywrightError

from bench import abuse, check, compaction, compile, evaluate, loading, machine, paint, report, search, ticks, weight
from bench.workspace import BenchError, temporary_workspace

PARTS = {
    "catalogue": loading.measure,
    "weight": weight.measure,
    "tick": ticks.measure,
    "search": search.measure,
    "paint": paint.measure,
    "compile": compile.measure,
    "check": check.measure,
    "compaction": compaction.measure,
    "evaluate": evaluate.measure,
    "abuse": abuse.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all of them unless named")
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := set(chosen) - PARTS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    # Servers and the temporary directory go with the run when it is stopped, as they do with Ctrl+C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    print(machine.describe())
    started = time.monotonic()
    tables: list[report.Table] = []
    failed = False
    with temporary_workspace() as workspace:
        for part in dict.fromkeys(chosen):
            try:
                for table in PARTS[part](workspace):
                    print(table.show(), flush=True)
                    tables.append(table)
            except (BenchError, OSError, PlaywrightError) as error:
                print(f"{part} could not be measured: {error}\n", file=sys.stderr, flush=True)
                failed = True
    print(report.summary(tables))
    print(f"Took {time.monotonic() - started:.0f} s.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
