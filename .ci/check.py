"""`make check`: run the checks, two at a time, and print a summary.

Called as `check.py MAKE VARIABLE=value… check…`.

The output of a check is printed when it ends, so that outputs do not mix. Fails if any check fails.
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
    """The outcome of one check."""

    check: str
    failed: bool
    seconds: float
    output: str


def main() -> int:
    """Run the checks; return 1 if any fails."""
    make, *others = sys.argv[1:]
    variables, checks = (
        [each for each in others if ("=" in each) is is_variable] for is_variable in (True, False)
    )
    results = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for result in pool.map(lambda check: run([*shlex.split(make), *variables], check), checks):
            print(result.output, end="", flush=True)
            results.append(result)
    print(*table(results), sep="\n")
    return int(any(each.failed for each in results))


def run(make: list[str], check: str) -> Result:
    """Run one check, without the job server of the make that runs this script."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    }
    started = time.monotonic()
    done = subprocess.run(
        [*make, "--no-print-directory", check],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Result(check, done.returncode != 0, time.monotonic() - started, done.stdout)


def table(results: list[Result]) -> list[str]:
    """Return the summary: a line for each check and one for all."""
    lines = [
        f"{each.check:<10} {'FAILED' if each.failed else 'passed'} {each.seconds:6.1f} s"
        for each in results
    ]
    failed = [each.check for each in results if each.failed]
    return [
        "",
        *lines,
        f"make check: {', '.join(failed)} failed" if failed else "make check: all checks passed",
    ]


if __name__ == "__main__":
    sys.exit(main())
