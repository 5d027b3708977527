"""Text of all kinds, and how Hypothesis looks for trouble with it."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# The same examples in each run: what fails here fails everywhere, and `make fuzz` is for news.
# A fixture is set up once for all examples, so a test must not rely on an empty database.
reproducible = settings(
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

TRICKY = [
    " ",
    "\t leading and trailing \n",
    "line\r\nbreak\u2028\u2029\x85",
    "\u00a0\u3000\ufeff\u200b",
    "caf\u00e9",
    "cafe\u0301",
    "\u1e9b\u0323",
    "\uac00 \u1100\u1161",
    "\x01\x1f\x7f\x9f",
    "\u202eright to left\u202c \u2066\u05d0\u0628\u2069",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\ufdd0\uffff\U0010ffff",
    "\\u0000 \\ \" ' % _ {} $1 :name",
    "null",
    "<b>&amp;</b>",
]


def texts(*, min_size: int = 1, max_size: int) -> st.SearchStrategy[str]:
    """All of Unicode but U+0000 and surrogates; few letters are among it, for equal values."""
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.one_of(
        st.sampled_from(TRICKY),
        st.text("aB", min_size=min_size, max_size=2),
        st.text(characters, min_size=min_size, max_size=max_size),
    )
