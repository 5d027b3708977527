"""`make check`: run the gates, two at a time, and end with a table of them: `check.py MAKE VARIABLE=value… gate…`.

What a gate says is shown when it has ended, so that two of them do not mix. Fails when one of them has failed.
"""

import os
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

AT_ONCE = 2


@dataclass(frozen=True)
class Result:
    """How a gate has ended."""

    gate: str
    failed: bool
    seconds: float
    output: str


def main() -> int:
    """Run the gates; return 1 when one has failed."""
    make, *others = sys.argv[1:]
    variables, gates = ([each for each in others if ("=" in each) is is_variable] for is_variable in (True, False))
    results = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for result in pool.map(lambda gate: run([*shlex.split(make), *variables], gate), gates):
            print(result.output, end="", flush=True)
            results.append(result)
    print(*table(results), sep="\n")
    return int(any(each.failed for each in results))


def run(make: list[str], gate: str) -> Result:
    """Run one gate, apart from the job server of a make that runs us."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    }
    started = time.monotonic()
    done = subprocess.run(
        [*make, "--no-print-directory", gate],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Result(gate, done.returncode != 0, time.monotonic() - started, done.stdout)


def table(results: list[Result]) -> list[str]:
    """Return the summary, a line for each gate and one for all."""
    lines = [f"{each.gate:<10} {'FAILED' if each.failed else 'passed'} {each.seconds:6.1f} s" for each in results]
    failed = [each.gate for each in results if each.failed]
    return ["", *lines, f"make check: {', '.join(failed)} failed" if failed else "make check: all gates passed"]


if __name__ == "__main__":
    sys.exit(main())
