"""The tables. Columns and contract have the same limits."""

from datetime import datetime, timedelta

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    mapped_column,
    relationship,
)


class Base(DeclarativeBase):
    """Base of the tables. Every constraint has a name, for migrations and for error handling."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


class TimestampMixin:
    """When a row was created and last changed, by the clock of the database."""

    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


def next_updated_at(updated_at: InstrumentedAttribute[datetime]) -> ColumnElement[datetime]:
    """Return the current time, or a microsecond after the last change if the clock went backwards.

    `updated_at` moves forward with every change, whatever the order in which transactions began.
    """
    now = func.clock_timestamp(type_=DateTime(timezone=True))
    return func.greatest(now, updated_at + timedelta(microseconds=1))


def _text(length: int) -> String:
    """Return text of at most `length` code points, ordered by code point in every server locale."""
    return String(length, collation="C")


class Author(TimestampMixin, Base):
    """An author."""

    __tablename__ = "authors"
    __table_args__ = (
        CheckConstraint("char_length(first_name) >= 1", name="first_name_not_empty"),
        CheckConstraint("char_length(last_name) >= 1", name="last_name_not_empty"),
        Index(None, "created_at", "id"),
        Index(None, "updated_at", "id"),
        Index(None, "last_name", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    first_name: Mapped[str] = mapped_column(_text(100))
    last_name: Mapped[str] = mapped_column(_text(100))
    # Never loaded implicitly, not even to delete the author: that is up to the foreign key.
    articles: Mapped[list["Article"]] = relationship(
        back_populates="author", lazy="raise", passive_deletes="all"
    )


class Article(TimestampMixin, Base):
    """An article by one author. Each sort order has an index, with and without the author."""

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("char_length(title) >= 1", name="title_not_empty"),
        CheckConstraint("char_length(content) >= 1", name="content_not_empty"),
        Index(None, "created_at", "id"),
        Index(None, "updated_at", "id"),
        Index(None, "title", "id"),
        Index(None, "author_id", "created_at", "id"),
        Index(None, "author_id", "updated_at", "id"),
        Index(None, "author_id", "title", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    title: Mapped[str] = mapped_column(_text(200))
    summary: Mapped[str | None] = mapped_column(_text(500))
    content: Mapped[str] = mapped_column(_text(100_000))
    author_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="articles", lazy="raise")


class Token(Base):
    """A token that a client shows to write. It goes with its author; a revoked one stays."""

    __tablename__ = "tokens"
    __table_args__ = (
        CheckConstraint("char_length(name) >= 1", name="name_not_empty"),
        CheckConstraint("cardinality(scopes) <= 3", name="at_most_all_scopes"),
        CheckConstraint(
            "scopes <@ ARRAY['authors:write', 'articles:write', 'tokens:manage']::varchar[]",
            name="known_scopes",
        ),
        UniqueConstraint("digest"),
        Index(None, "author_id"),
        Index(None, "created_at", "id"),
        Index(None, "name", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(_text(100))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String))
    author_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("authors.id", ondelete="CASCADE")
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """The HMAC of the token (see `app.tokens`)."""
    key_id: Mapped[str] = mapped_column(_text(8))
    """Identifies the key of the HMAC."""


class IdempotencyKey(Base):
    """A key with which a caller made a request, and the response to repeat until it expires."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        CheckConstraint("status BETWEEN 200 AND 299", name="only_success"),
        Index(None, "expires_at"),
    )

    token_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("tokens.id", ondelete="CASCADE"), primary_key=True
    )
    operation: Mapped[str] = mapped_column(_text(100), primary_key=True)
    """The operationId."""
    key: Mapped[str] = mapped_column(_text(255), primary_key=True)
    request: Mapped[bytes] = mapped_column(LargeBinary)
    """The digest of the request (see `app.idempotency`)."""
    status: Mapped[int] = mapped_column(SmallInteger)
    headers: Mapped[bytes] = mapped_column(LargeBinary)
    """In the form of HTTP/1.1: lines with a name, a colon and a value."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
