"""OPML: the feeds that somebody subscribes to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.errors import ReadError
from index.readers.xml import local_name, parse_xml


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed's address, and what its reader calls it."""

    title: str | None
    url: str


def read_opml(data: bytes, charset: str | None = None) -> tuple[Subscription, ...]:
    """The feeds of an OPML document, each address once, in its order. Raises ReadError where it is none."""
    root = parse_xml(data, charset)
    if local_name(root) != "opml":
        raise ReadError("It is no OPML.")
    found: dict[str, Subscription] = {}
    for element in root.iter():
        given = {name.lower(): value.strip() for name, value in element.attrib.items()}
        url = given.get("xmlurl", "")
        if local_name(element) == "outline" and re.match(r"https?://\S+$", url, re.IGNORECASE):
            found.setdefault(url, Subscription(given.get("title") or given.get("text") or None, url))
    return tuple(found.values())
