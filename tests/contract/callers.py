"""As whom Schemathesis calls the service: an administrator, an author, or nobody."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from tests.tokens import ADMIN_ID, ADMIN_TOKEN, bearer

_VARIABLE = "FUZZ_CALLER"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A caller, with the token that they show."""

    name: str
    token: str | None = None
    token_id: int | None = None
    author_id: int | None = None
    """The author that the token is bound to."""

    @classmethod
    def of_run(cls) -> Self:
        """Return the caller of this run of Schemathesis, which the environment names."""
        return cls(**json.loads(os.environ[_VARIABLE]))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a run with this caller."""
        return {_VARIABLE: json.dumps(asdict(self))}

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of their requests."""
        return {} if self.token is None else bearer(self.token)

    def is_needed(self, name: str, id_: Any) -> bool:
        """Return whether an id in a path is that of their token or of its author."""
        own = {"token_id": self.token_id, "author_id": self.author_id}
        return own.get(name) is not None and str(id_) == str(own[name])


ADMIN_CALLER = Caller(name="admin", token=ADMIN_TOKEN, token_id=ADMIN_ID)
NOBODY = Caller(name="anonymous")
