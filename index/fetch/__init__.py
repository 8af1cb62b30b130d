"""The network door: the only way in which sources are read. See `index.fetch.door`."""

from index.fetch.clock import Clock, SystemClock
from index.fetch.door import Door, Fetched
from index.fetch.limits import ANY, FEED, OUTLINE, PAGE, SITEMAP, Limits, Purpose
from index.fetch.refusal import Refusal, Refused
from index.fetch.target import Allowed

__all__ = [
    "ANY",
    "FEED",
    "OUTLINE",
    "PAGE",
    "SITEMAP",
    "Allowed",
    "Clock",
    "Door",
    "Fetched",
    "Limits",
    "Purpose",
    "Refusal",
    "Refused",
    "SystemClock",
]
