"""The mutants: ways in which the service can break its promises, as mutants.txt lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change of one file: `old`, the first one after `behind`, becomes `new`."""

    name: str
    breaks: str
    """What a client then meets, one plain sentence."""
    file: str
    behind: str
    old: str
    new: str

    def applied(self, text: str) -> str:
        """Return the text of the file with the change. Raises `Inapplicable`."""
        anchor = self.behind or self.old
        if (count := text.count(anchor)) != 1:
            raise Inapplicable(self, f"has {anchor!r} {count} times, not once")
        before, found, after = text.partition(self.behind) if self.behind else ("", "", text)
        if self.old not in after:
            raise Inapplicable(self, f"has no {self.old!r} behind {self.behind!r}")
        return before + found + after.replace(self.old, self.new, 1)


class Inapplicable(Exception):
    """A mutant does not fit the code any more; the text says how to mend it."""

    def __init__(self, mutant: Mutant, fault: str) -> None:
        super().__init__(
            f"{mutant.name}: {mutant.file} {fault}. Mend it in tests/mutation/mutants.txt, after the code."
        )


def parse(text: str) -> Iterator[Mutant]:
    """Read mutants as mutants.txt writes them: blocks of lines, with comments between them."""
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            name, _, breaks = lines[0].partition(": ")
            changes = {sign: "\n".join(line[2:] for line in lines[2:] if line[0] == sign) for sign in "~-+"}
            yield Mutant(
                name=name,
                breaks=breaks,
                file=lines[1].removeprefix("in "),
                behind=changes["~"],
                old=changes["-"],
                new=changes["+"],
            )


MUTANTS = list(parse(Path(__file__).with_suffix(".txt").read_text("utf-8")))
