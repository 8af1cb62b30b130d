"""Whatever a client or a stranger sends is answered and opens nothing; the security page names tests that exist."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.conversation.buttons import Verb, opened, payload
from bot.web import SECRET_HEADER, Webhook, application

ROOT = Path(__file__).parents[2]
SECRET = b"s" * 32
LONG = 2000
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def any_payload() -> st.SearchStrategy[str]:
    """What a client can send: noise, and what looks like ours."""
    ours = st.builds(
        lambda verb, argument, value, signature: f"1:{verb}:{argument}:{value}:{signature}",
        st.sampled_from([*Verb, "?", ""]),
        st.text(max_size=12),
        st.text(max_size=8),
        st.text(string.ascii_letters + "-_", min_size=8, max_size=8),
    )
    return st.text(max_size=64) | ours


def opens_nothing(data: str, chat: int) -> None:
    assert opened(SECRET, chat, data) is None


@given(any_payload(), st.integers(-(10**13), 10**13))
@example("", 0)
@example(":::::", 0)
@example("1:f:yes::AAAAAAAA", 7)
@settings(max_examples=200, deadline=None)
def test_any_payload_of_a_client_is_answered_and_opens_nothing(data: str, chat: int) -> None:
    opens_nothing(data, chat)


@pytest.mark.soak
@given(any_payload(), st.integers(-(10**13), 10**13))
@settings(max_examples=100_000, deadline=None)
def test_a_hundred_thousand_payloads_open_nothing(data: str, chat: int) -> None:
    opens_nothing(data, chat)


@given(st.sampled_from(list(Verb)), st.text("abc123", max_size=12), st.integers(0, 63), st.characters(codec="ascii"))
@settings(max_examples=200, deadline=None)
def test_a_payload_of_ours_opens_nothing_with_one_character_changed(
    verb: Verb, argument: str, place: int, changed: str
) -> None:
    ours = payload(SECRET, 7, verb, argument)
    assert opened(SECRET, 7, ours) is not None
    place %= len(ours)
    if ours[place] != changed:
        opens_nothing(ours[:place] + changed + ours[place + 1 :], 7)


class Door:
    """The web server with a webhook that notes what it takes."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []

        async def accept(arrived: list[tuple[int, dict[str, Any]]]) -> None:
            self.taken += [update for _, update in arrived]

        self.app = application(lambda: {"ok": True}, Webhook("/telegram", "right", accept))

    async def ask(self, method: str, path: str, secret: str | None, body: bytes) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            headers = {} if secret is None else {SECRET_HEADER: secret}
            return await client.request(method, path, content=body, headers=headers)


KNOWN = ("/telegram", "/telegram/", "/healthz", "/healthz/live", "/metrics", "/", "/q/x", "/..%2f..%2fetc/passwd")
written = string.printable.strip().replace("?", "").replace("#", "")
paths = st.sampled_from(KNOWN) | st.text(written, max_size=30).map(lambda text: f"/{text}")
bodies = st.binary(max_size=LONG) | st.sampled_from(
    [b"null", b"[]", b"{}", b'{"update_id": "x"}', b'{"update_id": null}', b"[" * LONG, b'{"update_id": 1e999}', b'"']
)
requests = given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]),
    paths,
    st.none() | st.text(string.ascii_letters, max_size=10),
    bodies,
)


async def refused(method: str, path: str, secret: str | None, body: bytes) -> None:
    """No request of a stranger is an error of ours, and none is taken."""
    door = Door()
    try:
        said = await door.ask(method, path, None if secret == "right" else secret, body)
    except httpx.InvalidURL:
        return
    assert said.status_code < 500
    assert door.taken == []
    assert "set-cookie" not in said.headers


@requests
@settings(max_examples=80, deadline=None)
async def test_any_request_is_answered_and_only_telegrams_are_taken(
    method: str, path: str, secret: str | None, body: bytes
) -> None:
    await refused(method, path, secret, body)


@pytest.mark.soak
@requests
@settings(max_examples=20_000, deadline=None)
async def test_twenty_thousand_requests_of_strangers_are_refused(
    method: str, path: str, secret: str | None, body: bytes
) -> None:
    await refused(method, path, secret, body)


@given(bodies)
@settings(max_examples=80, deadline=None)
async def test_whatever_comes_with_the_right_secret_is_an_update_or_a_400(body: bytes) -> None:
    door = Door()
    said = await door.ask("POST", "/telegram", "right", body)
    assert said.status_code in (200, 400)
    assert bool(door.taken) == (said.status_code == 200)


def test_every_test_that_the_security_page_names_exists() -> None:
    named = NAMED.findall((ROOT / "docs" / "security.md").read_text("utf-8"))
    assert len(named) > 25
    for file, test in named:
        found = list((ROOT / "tests").rglob(file))
        assert found, file
        assert any(re.search(rf"def {test}\b", path.read_text("utf-8")) for path in found), f"{file}::{test}"


def test_every_row_of_the_security_page_names_a_test() -> None:
    rows = [line for line in (ROOT / "docs" / "security.md").read_text("utf-8").splitlines() if line.startswith("|")]
    for row in rows:
        assert row.startswith(("| could", "|---")) or NAMED.search(row), row
