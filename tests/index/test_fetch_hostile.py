"""The hostile corpus against the door: every case is refused, each with its own reason."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import trustme

from index.fetch import FEED, Refusal, Refused
from tests.index.hostile.cases import CASES, Case
from tests.index.hostile.doors import door_to
from tests.index.hostile.site import Play, Site, Visit, answer

AUTHORITY = trustme.CA()
TRUSTING = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
AUTHORITY.configure_trust(TRUSTING)


def server_tls(issuer: trustme.CA, name: str, not_after: datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert(name, not_after=not_after).configure_cert(context)
    return context


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[Site, Site]]:
    with Site() as plain, Site(tls=server_tls(AUTHORITY, "hostile.test")) as safe:
        yield plain, safe


def addressed(url: str, plain: Site, safe: Site) -> str:
    return url.replace("{site}", f"http://hostile.test:{plain.port}").replace(
        "{safe}", f"https://hostile.test:{safe.port}"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_fetch_is_refused_with_its_own_reason(case: Case, sites: tuple[Site, Site]) -> None:
    plain, safe = sites
    for site in sites:
        site.plays.clear()
        site.seen.clear()
        if case.play is not None:
            site.plays["/play"] = case.play
        site.plays["/robots.txt"] = answer(status="404 Not Found")
    names = [f"hostile.test:{site.port}" for site in sites]
    door = door_to(names, dns=case.dns, tls=TRUSTING)
    with pytest.raises(Refused) as refused:
        door.fetch(addressed(case.url, plain, safe), accept=case.accept)
    assert refused.value.reason is case.reason, str(refused.value)
    assert "\n" not in str(refused.value)
    visits = len(plain.seen) + len(safe.seen)
    assert visits <= 7
    assert (visits > 0) is (case.play is not None)


def test_the_corpus_is_large_and_no_case_stands_in_it_twice() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


def never(visit: Visit) -> None:
    raise AssertionError(f"{visit.path} was asked for before the certificate was checked")


@pytest.mark.parametrize(
    ("issuer", "name", "until"),
    [
        (trustme.CA(), "hostile.test", None),
        (AUTHORITY, "another.test", None),
        (AUTHORITY, "hostile.test", datetime(2021, 1, 1, tzinfo=UTC)),
    ],
    ids=["an unknown issuer", "another host", "expired"],
)
def test_a_wrong_certificate_ends_the_visit_before_a_request_is_sent(
    issuer: trustme.CA, name: str, until: datetime | None
) -> None:
    plays: dict[str, Play] = {"/": never}
    with Site(plays, tls=server_tls(issuer, name, until)) as site:
        door = door_to([f"hostile.test:{site.port}"], tls=TRUSTING)
        with pytest.raises(Refused) as refused:
            door.fetch(f"https://hostile.test:{site.port}/", accept=FEED)
    assert refused.value.reason is Refusal.CERTIFICATE
    assert site.seen == []


def test_plain_http_on_a_secure_port_is_refused() -> None:
    with Site() as site:
        door = door_to([f"hostile.test:{site.port}"], tls=TRUSTING)
        site.plays["/"] = answer(b"<p>")
        with pytest.raises(Refused) as refused:
            door.fetch(f"https://hostile.test:{site.port}/", accept=FEED)
    assert refused.value.reason in (Refusal.TLS, Refusal.CONNECT_TIMEOUT)


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with Site() as site:
        port = site.port
    with pytest.raises(Refused) as refused:
        door_to([f"hostile.test:{port}"]).fetch(f"http://hostile.test:{port}/", accept=FEED)
    assert refused.value.reason is Refusal.UNREACHABLE
    assert refused.value.transient
