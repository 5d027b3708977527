"""Patterns mean what ECMA-262 says, whichever engine runs them."""

import re
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from specfirst.codegen.templates.runtime import patterns

# Of patterns: texts that match, and texts that do not (ECMA-262, section 22.2, with the flag u).
CASES: dict[str, tuple[list[str], list[str]]] = {
    # Classes have ASCII only, but for white space.
    r"^\d{3}$": (["123"], ["١٢٣", "12", "1234", "123\n"]),
    r"^\D$": (["a", "٣", "\n"], ["3"]),
    r"^\w+$": (["Az_09"], ["é", "a-b", ""]),
    r"^\W$": (["é", "-", "\n"], ["e", "_", "0"]),
    r"^\s$": (["\ufeff", "\xa0", "\u2028", "\t", " "], ["x", "\x1c", "\x85", "\u180e"]),
    r"^\S$": (["x", "\x1c", "\x85"], ["\ufeff", " "]),
    r"^[\d.-]+$": (["1.2-3"], ["٣"]),
    r"^[^\d]$": (["a", "٣"], ["3"]),
    r"^[\D]$": (["٣"], ["3"]),
    r"^[\S\n]+$": (["a\n"], [" "]),
    r"^[^\W]$": (["a"], ["é", "-"]),
    r"\bfoo\b": (["foo", "a foo", "éfoo"], ["foobar", "_foo"]),
    # Ends and line ends.
    r"^a$": (["a"], ["a\n", "\na"]),
    r"^.$": (["a", "é", "\x85", "\U0001f600"], ["\n", "\r", "\u2028", "\u2029", ""]),
    # Escapes.
    r"^\cJ$": (["\n"], ["cJ", "\r"]),
    r"^\0$": (["\0"], ["0"]),
    r"^\x41\u0042\u{43}$": (["ABC"], ["abc"]),
    r"^\uD83D\uDE00$": (["\U0001f600"], ["\U0001f601"]),
    r"^[\u{1F600}-\u{1F602}]$": (["\U0001f601"], ["\U0001f603"]),
    r"^[\b]$": (["\b"], ["b"]),
    r"^\t\n\v\f\r$": (["\t\n\v\f\r"], ["tnvfr"]),
    r"^\/\.\$\<$": (["/.$<"], ["a.$<"]),
    # Classes that are empty, or look like sets.
    r"^[^]$": (["\n", "]", "a"], ["", "ab"]),
    r"^(?:[]|b)$": (["b"], ["|", "]", ""]),
    r"^[a&&b]$": (["a", "b", "&"], ["c"]),
    r"^[a~~b]$": (["a", "~"], ["c"]),
    r"^[a||b]$": (["a", "|"], ["c"]),
    r"^[[]$": (["["], ["]"]),
    r"^[(?<a>)]$": (["(", "?", "<", "a", ">", ")"], ["b"]),
    r"^[.*+$]$": ([".", "*", "+", "$"], ["a"]),
    r"^[\]\\^-]$": (["]", "\\", "^", "-"], ["a"]),
    # Groups, references and look-around.
    r"^(?<mark>[ab])-\k<mark>$": (["b-b"], ["a-b"]),
    r"^(a|b)\1$": (["aa"], ["ab"]),
    r"^(?<year>[0-9]{4})$": (["2026"], ["٢٠٢٦"]),
    r"^(?!b)a$": (["a"], ["a\n", "b"]),
    r"^(?=.)\d\w\s[\d][^\W]$": (["1a\ufeff2b"], ["٣a 2b", "1é 2b", "1a 2é"]),
    r"^(?!x)[\D\S]$": (["٣", "3", " "], ["x", ""]),
    r"(?<=a)b": (["ab"], ["b"]),
    r"(?<!a)b": (["b"], ["ab"]),
    r"^(?!x)\bfoo\b": (["foo", "fooé"], ["foo_"]),
    # Properties of characters.
    r"^\p{L}+$": (["éλ"], ["1", ""]),
    r"^\P{L}$": (["1"], ["é"]),
    r"^[\p{Lu}\d]+$": (["É1"], ["é", "٣"]),
    r"^\p{Script=Greek}$": (["λ"], ["l"]),
    r"^(?=\p{Lu})\P{N}+$": (["Éa"], ["éa", "É1"]),
    r"^(?=.)\p{General_Category=Uppercase_Letter}$": (["É"], ["é"]),
    r"^(?!x)[\P{L}_]$": (["1", "_"], ["é"]),
}


@pytest.mark.parametrize("pattern", CASES)
def test_pattern_matches_what_ecma_262_says(pattern: str) -> None:
    right, wrong = CASES[pattern]
    adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, patterns.matches(pattern)])

    assert [adapter.validate_python(text) for text in right] == right
    for text in wrong:
        with pytest.raises(ValidationError) as refused:
            adapter.validate_python(text)
        assert refused.value.errors()[0]["ctx"] == {"pattern": pattern}


@pytest.mark.parametrize("pattern", [pattern for pattern in CASES if "Script" not in pattern])
def test_python_reads_a_translated_pattern_alike(pattern: str) -> None:
    compiled = re.compile(patterns.for_python(pattern))
    right, wrong = CASES[pattern]

    assert [bool(compiled.search(text)) for text in right + wrong] == (
        [True] * len(right) + [False] * len(wrong)
    )


@pytest.mark.parametrize(
    ("pattern", "is_same"),
    [
        (r"^[a-z0-9!#$%&*+/=?^_`{|}~.-]+$", True),
        (r"^[^\n\u0041]*$", True),
        (r"^\p{L}$", True),
        (r"\d", False),
        (r"^[\w.]+$", False),
        (r"a.b", False),
        (r"(?!a)", False),
        (r"a[", False),
    ],
)
def test_pattern_is_the_same_where_no_engine_reads_it_otherwise(
    pattern: str, is_same: bool
) -> None:
    assert patterns.is_same(pattern) == is_same


@pytest.mark.parametrize(
    "pattern", ["a[", "(", "a\\", r"\e", r"(?=\p{Script=Greek})", "*", "[b-a]"]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(re.error):
        patterns.check(pattern)
