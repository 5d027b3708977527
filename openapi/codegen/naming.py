"""Names: from the contract's words to Python's."""

import keyword
import re


def snake(words: str) -> str:
    """Return `words` as a Python variable: `X-Request-ID` becomes `x_request_id`, `class` becomes `class_`."""
    split = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3_\2\4", words)
    name = re.sub(r"\W+", "_", split).strip("_").lower() or "field"
    return _safe(name)


def pascal(words: str) -> str:
    """Return `words` as a Python class: `list_articles` becomes `ListArticles`."""
    parts = re.split(r"[\W_]+", words)
    return _safe("".join(part[:1].upper() + part[1:] for part in parts if part) or "Model")


def _safe(name: str) -> str:
    if name[0].isdigit():
        name = f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name
