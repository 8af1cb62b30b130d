"""Logging: one line an event on stderr, for people on a terminal, as JSON elsewhere.

`request` names what an event belongs to: the update u7 and all that comes of it (received, question, stored to be
sent, sent), an alert, a correction. No line holds a token; none at info level holds a question, a quote or a name.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")
"""What a bot's token looks like, wherever it turns up: in an address, an error, a trace."""
MASK = "<token>"
NOISY = ("httpx", "httpcore", "telegram", "uvicorn", "asyncio", "alembic")


_PARTS = {"correction": 2, "alert": 3, "digest": 4}
"""Parts of an outbox key that name what it belongs to, where that is not the first alone."""


def request_of(key: str) -> str:
    """The request that a row of the outbox belongs to, by its key: u7.0 belongs to u7."""
    parts = key.split(".")
    return ".".join(parts[: _PARTS.get(parts[0], 1)])


@contextmanager
def request(name: str) -> Iterator[None]:
    """Every line that is logged inside of this, in threads that it waits for too, belongs to that request."""
    with structlog.contextvars.bound_contextvars(request=name):
        yield


def masked(text: str) -> str:
    """The text without any bot's token."""
    return TOKEN.sub(MASK, text)


def configure(stream: Any = None) -> None:
    """Sets up structlog, and the libraries' own logging through it, from warnings on."""
    stream = stream or sys.stderr
    ending: list[Any] = [structlog.processors.JSONRenderer(ensure_ascii=False)]
    if stream.isatty():
        ending = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    structlog.configure(
        processors=[*shared, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_without_meta(ending))
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_meta(ending: list[Any]) -> list[Any]:
    return [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending]


def mask(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor that takes tokens out of every value, however deep."""
    for name, value in event.items():
        event[name] = _masked_value(value)
    return event


def _masked_value(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: _masked_value(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_masked_value(part) for part in value)
    if isinstance(value, int | float | bool) or value is None:
        return value
    return masked(str(value))
