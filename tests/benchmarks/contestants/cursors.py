"""Cursors of the contestants: the position of the last row, not bound to a list as ours are."""

import base64
import json
from datetime import datetime
from typing import Any


def encode(row: Any) -> str:
    """Name the place of a row, which has `created_at` and `id`."""
    place = json.dumps([row.created_at.isoformat(), row.id])
    return base64.urlsafe_b64encode(place.encode()).decode()


def decode(cursor: str) -> tuple[datetime, int]:
    """Return `created_at` and `id` of the row."""
    created_at, row_id = json.loads(base64.urlsafe_b64decode(cursor))
    return datetime.fromisoformat(created_at), row_id
