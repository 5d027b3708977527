"""Python names for the names of a contract."""

import builtins
import keyword
import re
from collections.abc import Collection


def snake(words: str) -> str:
    """Return `words` as a variable: `X-Request-ID` as `x_request_id`, `class` as `class_`."""
    split = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3_\2\4", words)
    return _identifier(re.sub(r"\W+", "_", split, flags=re.ASCII).strip("_").lower() or "unnamed")


def pascal(words: str) -> str:
    """Return `words` as a Python class: `list_articles` becomes `ListArticles`."""
    parts = re.split(r"[\W_]+", words, flags=re.ASCII)
    return _identifier("".join(part[:1].upper() + part[1:] for part in parts) or "Unnamed")


def unique(name: str, taken: Collection[str], suffix: str = "") -> str:
    """Return `name`, with `suffix` or a number appended if it is `taken`."""
    candidates = [name, *([name + suffix] if suffix else [])]
    candidates += [
        f"{name}{suffix}{'' if name[-1:].isdigit() and not suffix else '_'}{count}"
        for count in range(2, 999)
    ]
    return next(candidate for candidate in candidates if candidate not in taken)


def _identifier(name: str) -> str:
    name = f"_{name}" if name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


BUILTINS = frozenset(dir(builtins))
