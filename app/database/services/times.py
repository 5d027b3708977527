"""The time of a change."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, DateTime, func
from sqlalchemy.orm import InstrumentedAttribute


def later(updated_at: InstrumentedAttribute[datetime]) -> ColumnElement[datetime]:
    """Return the time of now, or a microsecond after the last change where the clock went backwards.

    `updated_at` then moves forward with every change, whatever the order in which transactions began.
    """
    now = func.clock_timestamp(type_=DateTime(timezone=True))
    return func.greatest(now, updated_at + timedelta(microseconds=1))
