"""A refusal of the Bot API: code, description and parameters as they go over the wire."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str) -> Refusal:
    """`Bad Request: …`, its first letter lowered as the real server does, unless it is a code in capitals."""
    if len(what) > 1 and (what[1] == "_" or what[1].isupper()):
        return Refusal(400, f"Bad Request: {what}")
    return Refusal(400, f"Bad Request: {what[:1].lower()}{what[1:]}")


def forbidden(what: str) -> Refusal:
    return Refusal(403, f"Forbidden: {what}")


def too_many_requests(seconds: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
