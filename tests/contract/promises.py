"""What the contract promises beyond what the service does today."""

PROMISES = {
    "/components/schemas/Problem/properties/status/minimum": (
        "all statuses of errors; not each has a problem yet"
    ),
    "/components/schemas/Problem/properties/status/maximum": (
        "all statuses of errors; not each has a problem yet"
    ),
    "/components/schemas/RequestPart/enum": "adding a part later would break consumers",
    "/components/schemas/AuthorPage/properties/next_cursor/minLength": (
        "the cursor is opaque; it is never that short"
    ),
    "/components/schemas/AuthorPage/properties/next_cursor/maxLength": (
        "the cursor is opaque; room for other keys"
    ),
    **{
        f"/components/schemas/TokenPage/properties/next_cursor/{keyword}": (
            "the cursor is opaque, as those of the other lists"
        )
        for keyword in ("minLength", "maxLength")
    },
    **{
        f"/components/schemas/NewToken/properties/{place}": (
            "a new token is described as a stored one, whose bounds are reached"
        )
        for place in ("id/minimum", "id/maximum", "last_used_at/type")
    },
    "/components/schemas/ArticlePage/properties/next_cursor/minLength": (
        "the cursor is opaque; it is never that short"
    ),
    "/components/schemas/ArticlePage/properties/next_cursor/maxLength": (
        "the cursor is opaque; room for other keys"
    ),
    **{
        f"/components/schemas/ProblemLimits/properties/{name}": (
            "what a request may be says this nowhere yet"
        )
        for name in (
            *("format", "exclusive_minimum", "exclusive_maximum", "multiple_of"),
            *("min_items", "max_items", "min_properties", "max_properties"),
        )
    },
    "/components/headers/BudgetRetryAfter/schema/minimum": "the tests do not wait for a minute",
    **{
        f"/components/schemas/ProblemLimits/properties/{place}": (
            "a later request may have other limits"
        )
        for place in (
            *("types/maxItems", "values/maxItems"),
            *(
                f"{name}/{keyword}"
                for name in ("min_length", "max_length", "max_items")
                for keyword in ("minimum", "maximum")
            ),
        )
    },
    "/components/schemas/Problem/properties/errors/maxItems": (
        "no request of this test has so many mistakes; others have"
    ),
    "/components/headers/RetryAfter/schema/minimum": "a server may wait longer than this one does",
    "/components/headers/RetryAfter/schema/maximum": "a server may wait longer than this one does",
}
"""Limits that no response has to reach, optional properties, and why; no limit is exceeded."""
