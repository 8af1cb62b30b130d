"""The network door with sites that mean well: what comes back, how politely it is asked for."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FetchError, SettingsError
from index.fetch import ANY, FEED, PAGE, SITEMAP, Allowed, Door, Limits, Refusal, Refused
from index.fetch.door import user_agent
from index.fetch.headers import fresh_for, retry_after
from index.fetch.refusal import MESSAGES, shown
from index.fetch.vet import ALLOWABLE, objection, system_resolver, vetted
from tests.index.hostile.doors import QUICK, Names, StoppedClock, door_to
from tests.index.hostile.site import Site, Visit, answer, redirect

PAGE_BODY = b"<!doctype html><title>Moon</title><p>The Moon is the only natural satellite of the Earth.</p>"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/robots.txt": answer(status="404 Not Found")}) as running:
        yield running


def at(site: Site, path: str) -> str:
    return f"http://good.test:{site.port}{path}"


def door(site: Site, limits: Limits = QUICK, clock: StoppedClock | None = None) -> Door:
    return door_to([f"good.test:{site.port}"], limits=limits, clock=clock)


def reason(opened: Door, url: str, **wanted: object) -> Refusal:
    with pytest.raises(Refused) as refused:
        opened.fetch(url, **wanted)
    return refused.value.reason


def test_a_page_comes_back_as_it_was_sent(site: Site) -> None:
    site.plays["/moon"] = answer(PAGE_BODY, kind="Text/HTML; Charset='Windows-1251'")
    got = door(site).fetch(at(site, "/moon#phases"), accept=PAGE)
    assert (got.status, got.body, got.not_modified) == (200, PAGE_BODY, False)
    assert (got.content_type, got.charset) == ("text/html", "windows-1251")
    assert got.final_url == at(site, "/moon")
    assert got.moved is None


def test_the_checked_address_is_the_one_connected_to_and_each_hop_is_resolved_once(site: Site) -> None:
    site.plays |= {"/a": redirect("/b"), "/b": answer(PAGE_BODY)}
    names = Names({"good.test": ("127.0.0.1",)})
    opened = Door(allow=Allowed.parse(f"good.test:{site.port}"), limits=QUICK, resolve=names)
    assert opened.fetch(at(site, "/a"), accept=FEED).body == PAGE_BODY
    assert names.asked == ["good.test", "good.test"]
    assert {visit.headers["host"] for visit in site.seen} == {f"good.test:{site.port}"}


def test_a_name_that_turns_private_on_a_redirect_is_refused_there(site: Site) -> None:
    site.plays["/a"] = redirect("/b")
    answers = iter([("127.0.0.1",), ("169.254.169.254",)])
    opened = Door(allow=Allowed.parse(f"good.test:{site.port}"), limits=QUICK, resolve=lambda host, port: next(answers))
    assert reason(opened, at(site, "/a"), accept=FEED) is Refusal.METADATA
    assert site.paths == ["/a"]


def test_the_second_address_is_tried_when_the_first_is_silent(site: Site) -> None:
    site.plays["/moon"] = answer(PAGE_BODY)
    opened = door_to([f"two.test:{site.port}"], dns={"two.test": ("127.0.0.9", "127.0.0.1")})
    assert opened.fetch(f"http://two.test:{site.port}/moon", accept=FEED).status == 200


def test_a_secure_site_is_asked_for_by_its_name_at_the_vetted_address() -> None:
    authority, names = trustme.CA(), []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("good.test").configure_cert(context)
    context.sni_callback = lambda sock, name, ctx: names.append(name)
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(trusting)
    with Site({"/": answer(PAGE_BODY)}, tls=context) as safe:
        opened = door_to([f"good.test:{safe.port}"], tls=trusting)
        assert opened.fetch(f"https://good.test:{safe.port}/", accept=FEED).body == PAGE_BODY
    assert names == ["good.test"]


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE_BODY)),
        ("gzip", gzip.compress(PAGE_BODY) + bytes(20)),
        ("deflate", zlib.compress(PAGE_BODY)),
        ("deflate", zlib.compress(PAGE_BODY)[2:-4]),
        ("identity", PAGE_BODY),
    ],
)
def test_a_compressed_page_is_unpacked(site: Site, coding: str, packed: bytes) -> None:
    site.plays["/"] = answer(packed, Content_Encoding=coding)
    assert door(site).fetch(at(site, "/"), accept=PAGE).body == PAGE_BODY


def test_a_chunked_page_is_put_together(site: Site) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    site.plays["/"] = lambda visit: visit.send(head + b"3\r\n<p>\r\n5\r\nHello\r\n0\r\n\r\n")
    assert door(site).fetch(at(site, "/"), accept=PAGE).body == b"<p>Hello"


def test_a_gzipped_sitemap_is_unpacked_and_a_gzipped_page_is_not(site: Site) -> None:
    site.plays["/sitemap.xml.gz"] = answer(gzip.compress(b"<urlset/>"), kind="application/x-gzip")
    opened = door(site)
    assert opened.fetch(at(site, "/sitemap.xml.gz"), accept=SITEMAP).body == b"<urlset/>"
    assert reason(opened, at(site, "/sitemap.xml.gz"), accept=PAGE) is Refusal.CONTENT_TYPE


@pytest.mark.parametrize("kind", [None, "application/octet-stream", "application/rss+xml", "text/plain"])
def test_a_feed_is_taken_under_the_labels_that_feeds_wear(site: Site, kind: str | None) -> None:
    site.plays["/feed"] = answer(b"\xef\xbb\xbf <rss/>", kind=kind)
    assert door(site).fetch(at(site, "/feed"), accept=FEED).status == 200


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_feed_in_utf_16_is_not_taken_for_a_program(site: Site, coding: str) -> None:
    body = "<?xml version='1.0'?><rss/>".encode(coding)
    site.plays["/feed"] = answer(body, kind="application/xml")
    assert door(site).fetch(at(site, "/feed"), accept=FEED).body == body


def test_what_did_not_change_is_not_sent_again(site: Site) -> None:
    def play(visit: Visit) -> None:
        known = visit.headers.get("if-none-match") == '"v1"'
        (answer(status="304 Not Modified") if known else answer(PAGE_BODY, ETag='"v1"'))(visit)

    site.plays["/"] = play
    opened = door(site)
    first = opened.fetch(at(site, "/"), accept=FEED)
    again = opened.fetch(at(site, "/"), accept=FEED, etag=first.etag, last_modified="Sun, 01 Mar 2026 00:00:00 GMT")
    assert again.not_modified
    assert again.body == b""
    assert site.seen[1].headers["if-modified-since"] == "Sun, 01 Mar 2026 00:00:00 GMT"


def test_a_validator_that_could_not_be_sent_back_is_forgotten(site: Site) -> None:
    site.plays["/"] = answer(PAGE_BODY, ETag='"é"', Last_Modified="x" * 600)
    got = door(site).fetch(at(site, "/"), accept=FEED)
    assert (got.etag, got.last_modified) == (None, None)


def test_only_a_chain_of_permanent_redirects_moves_an_address(site: Site) -> None:
    site.plays |= {
        "/old": redirect("/newer", 301),
        "/newer": redirect("/newest", 308),
        "/newest": answer(PAGE_BODY),
        "/then": redirect("/today", 308),
        "/today": redirect("/newest", 302),
    }
    opened = door(site)
    assert opened.fetch(at(site, "/old"), accept=FEED).moved == at(site, "/newest")
    assert opened.fetch(at(site, "/then"), accept=FEED).moved == at(site, "/today")
    assert opened.fetch(at(site, "/today"), accept=FEED).moved is None


def test_five_redirects_are_followed(site: Site) -> None:
    site.plays |= {f"/{n}": redirect(f"/{n + 1}") for n in range(5)} | {"/5": answer(PAGE_BODY)}
    assert door(site).fetch(at(site, "/0"), accept=FEED).body == PAGE_BODY


def test_a_redirect_in_utf_8_and_with_spaces_is_followed(site: Site) -> None:
    site.plays |= {
        "/a": redirect("/новини дня"),
        "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8%20%D0%B4%D0%BD%D1%8F": answer(PAGE_BODY),
    }
    assert door(site).fetch(at(site, "/a"), accept=FEED).status == 200


def test_cookies_are_neither_kept_nor_sent(site: Site) -> None:
    site.plays |= {
        "/a": answer(status="302 Found", Location="/b", Set_Cookie="id=1"),
        "/b": answer(PAGE_BODY, Set_Cookie="id=2"),
    }
    opened = door(site)
    assert "set-cookie" not in opened.fetch(at(site, "/a"), accept=FEED).headers
    opened.fetch(at(site, "/b"), accept=FEED)
    assert all("cookie" not in visit.headers for visit in site.seen)


def test_a_proxy_from_the_environment_is_ignored(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.plays["/"] = answer(PAGE_BODY)
    assert door(site).fetch(at(site, "/"), accept=FEED).status == 200


def test_the_door_says_who_asks_and_whom_to_write_to(site: Site) -> None:
    site.plays["/"] = answer(PAGE_BODY)
    door(site).fetch(at(site, "/"), accept=FEED)
    assert site.seen[0].headers["user-agent"].startswith("Pullquote")
    assert site.seen[0].headers["accept-encoding"] == "gzip, deflate"
    assert user_agent("mailto:me@example.com").endswith(" (+mailto:me@example.com)")
    with pytest.raises(SettingsError, match="PULLQUOTE_CONTACT"):
        user_agent("me\r\nX-Evil: 1")


# Politeness


def test_two_fetches_from_one_host_are_spaced_and_a_redirect_is_not(site: Site) -> None:
    site.plays |= {"/a": redirect("/b"), "/b": answer(PAGE_BODY)}
    clock = StoppedClock()
    opened = door(site, Limits(delay=5.0), clock)
    opened.fetch(at(site, "/a"), accept=FEED)
    assert clock.slept == []
    opened.fetch(at(site, "/b"), accept=FEED)
    assert clock.slept == [5.0]


def test_a_host_is_never_visited_by_more_than_two_at_once(site: Site) -> None:
    inside, most, lock, both = [0], [0], threading.Lock(), threading.Barrier(2)

    def play(visit: Visit) -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        both.wait(5)
        with lock:
            inside[0] -= 1
        answer(PAGE_BODY)(visit)

    site.plays["/"] = play
    opened = door(site, Limits(delay=0.0, at_once=2))
    threads = [threading.Thread(target=opened.fetch, args=(at(site, "/"),), kwargs={"accept": FEED}) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(site.seen) == 6
    assert most == [2]


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Busy"])
def test_a_host_that_asks_for_quiet_is_left_alone_for_as_long(site: Site, status: str) -> None:
    site.plays["/"] = answer(status=status, Retry_After="120")
    clock = StoppedClock()
    opened = door(site, clock=clock)
    with pytest.raises(Refused) as refused:
        opened.fetch(at(site, "/"), accept=FEED)
    assert refused.value.retry_after == timedelta(seconds=120)
    clock.at += 119
    assert reason(opened, at(site, "/"), accept=FEED) is Refusal.RATE_LIMITED
    assert len(site.seen) == 1
    clock.at += 1
    site.plays["/"] = answer(PAGE_BODY)
    assert opened.fetch(at(site, "/"), accept=FEED).status == 200


# robots.txt

RULES = b"User-agent: *\nDisallow: /private\nDisallow: /*.cgi$\nAllow: /private/but\nCrawl-delay: 7\n"


def test_robots_txt_is_honoured_for_pages_and_read_once(site: Site) -> None:
    site.plays |= {
        "/robots.txt": answer(RULES, kind=None),
        "/open": answer(PAGE_BODY),
        "/private/but": answer(PAGE_BODY),
    }
    clock = StoppedClock()
    opened = door(site, clock=clock)
    assert reason(opened, at(site, "/private/x"), accept=PAGE) is Refusal.ROBOTS
    assert reason(opened, at(site, "/run.cgi"), accept=PAGE) is Refusal.ROBOTS
    assert opened.fetch(at(site, "/open"), accept=PAGE).status == 200
    assert opened.fetch(at(site, "/private/but"), accept=PAGE).status == 200
    assert site.paths == ["/robots.txt", "/open", "/private/but"]
    assert clock.slept[-1] == 7.0


def test_a_page_that_redirects_to_where_robots_may_not_go_is_refused(site: Site) -> None:
    site.plays |= {"/robots.txt": answer(RULES, kind="text/plain"), "/open": redirect("/private/x")}
    assert reason(door(site), at(site, "/open"), accept=PAGE) is Refusal.ROBOTS
    assert "/private/x" not in site.paths


def test_rules_that_name_this_program_come_before_those_for_everyone(site: Site) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: pullquote\nDisallow: /no\n"
    site.plays |= {"/robots.txt": answer(rules, kind="text/plain"), "/yes": answer(PAGE_BODY)}
    opened = door(site)
    assert opened.fetch(at(site, "/yes"), accept=PAGE).status == 200
    assert reason(opened, at(site, "/no"), accept=PAGE) is Refusal.ROBOTS


def test_feeds_are_fetched_without_asking_robots_txt(site: Site) -> None:
    site.plays |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /\n"), "/feed": answer(b"<rss/>", kind="text/xml")}
    assert door(site).fetch(at(site, "/feed"), accept=FEED).status == 200
    assert site.paths == ["/feed"]


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "410 Gone"])
def test_a_site_without_robots_txt_is_open(site: Site, status: str) -> None:
    site.plays |= {"/robots.txt": answer(status=status), "/": answer(PAGE_BODY)}
    assert door(site).fetch(at(site, "/"), accept=PAGE).status == 200


def test_a_site_whose_robots_txt_fails_is_closed_until_it_can_be_read(site: Site) -> None:
    site.plays |= {"/robots.txt": answer(status="500 Oops"), "/": answer(PAGE_BODY)}
    clock = StoppedClock()
    opened = door(site, clock=clock)
    assert reason(opened, at(site, "/"), accept=PAGE) is Refusal.SERVER_ERROR
    site.plays["/robots.txt"] = answer(b"User-agent: *\n", kind="text/plain")
    assert reason(opened, at(site, "/"), accept=PAGE) is Refusal.SERVER_ERROR
    assert site.paths == ["/robots.txt"]
    clock.at += 301
    assert opened.fetch(at(site, "/"), accept=PAGE).status == 200


# Private networks


def test_a_private_host_opens_only_where_a_setting_names_it(site: Site) -> None:
    site.plays["/"] = answer(PAGE_BODY)
    url = f"http://127.0.0.1:{site.port}/"
    assert reason(Door(limits=QUICK), url, accept=FEED) is Refusal.PORT
    assert Door(limits=QUICK, allow=Allowed.parse(f" 127.0.0.1:{site.port} ,")).fetch(url, accept=FEED).status == 200
    assert Door(limits=QUICK, allow=Allowed.parse("127.0.0.1")).fetch(url, accept=FEED).status == 200
    other = Door(limits=QUICK, allow=Allowed.parse("127.0.0.1:1"))
    assert reason(other, url, accept=FEED) is Refusal.PORT


def test_an_allowed_host_does_not_open_metadata() -> None:
    opened = door_to(["wiki.corp"], dns={"wiki.corp": ("169.254.169.254",)})
    assert reason(opened, "http://wiki.corp/", accept=FEED) is Refusal.METADATA


@pytest.mark.parametrize("setting", ["a b", "http://wiki", "wiki/x", "u@wiki", "wiki:port", "0x7f.1", ":80"])
def test_a_setting_that_names_no_host_is_refused(setting: str) -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_ALLOW_HOSTS"):
        Allowed.parse(setting)


@given(st.ip_addresses(v=4))
def test_whatever_python_calls_private_is_never_connected_to(ip: ipaddress.IPv4Address) -> None:
    if not ip.is_global or ip.is_multicast:
        assert objection(ip) is not None


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:", "::", "64:ff9b::", "2002:"]))
def test_an_ipv4_address_that_is_refused_stays_refused_inside_ipv6(ip: ipaddress.IPv4Address, prefix: str) -> None:
    high, low = f"{int(ip) >> 16:x}", f"{int(ip) & 0xFFFF:x}"
    dressed = ipaddress.ip_address(f"{prefix}{high}:{low}{'::' if prefix == '2002:' else ''}")
    if objection(ip):
        assert objection(dressed) not in ALLOWABLE | {None} or dressed == ipaddress.ip_address("::1")


def test_public_addresses_are_let_through() -> None:
    for public in ("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"):
        assert objection(ipaddress.ip_address(public)) is None


def test_the_system_resolver_gives_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(30) and [])
    assert system_resolver(0.05)("slow.test", 80) == ()
    over.set()


def test_the_system_resolver_knows_this_machine() -> None:
    assert set(system_resolver(5.0)("localhost", 80)) & {"127.0.0.1", "::1"}


# What headers and messages say


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Sun, 01 Mar 2026 01:00:00 GMT", timedelta(hours=1)),
        ("Sat, 28 Feb 2026 00:00:00 GMT", timedelta(0)),
        ("99999999999999999999", timedelta(days=7)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_understood_in_both_forms(value: str, wait: timedelta | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == wait


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({"cache-control": "public, max-age=600"}, timedelta(minutes=10)),
        ({"cache-control": "s-maxage=5, MAX-AGE = 60"}, timedelta(minutes=1)),
        ({"cache-control": "no-cache, max-age=600"}, timedelta(0)),
        ({"expires": "Sun, 01 Mar 2026 00:30:00 GMT"}, timedelta(minutes=30)),
        ({"expires": "0"}, None),
        ({"cache-control": "max-age=99999999999"}, timedelta(days=7)),
        ({}, None),
    ],
)
def test_freshness_is_read_from_cache_control_before_expires(headers: dict[str, str], fresh: timedelta | None) -> None:
    assert fresh_for(headers, NOW) == fresh


@given(st.text(max_size=60))
def test_no_header_value_is_too_odd_to_be_read(value: str) -> None:
    headers = {"retry-after": value, "cache-control": value, "expires": value, "date": value}
    assert retry_after(headers, NOW) is None or retry_after(headers, NOW) >= timedelta(0)
    assert fresh_for(headers, NOW) is None or fresh_for(headers, NOW) >= timedelta(0)


def test_every_reason_has_one_line_for_its_reader_and_hides_passwords() -> None:
    assert set(MESSAGES) == set(Refusal)
    said = str(Refused(Refusal.CREDENTIALS, "http://me:secret@example.com/\n" + "x" * 999))
    assert "secret" not in said
    assert "\n" not in said
    assert len(said) < 400
    assert "secret" not in shown("http://me:secret@[broken/")


@given(st.text(max_size=80).map("http://".__add__) | st.text(max_size=80))
def test_any_text_as_an_address_is_fetched_or_refused_and_never_breaks(url: str) -> None:
    opened = door_to([], dns={})
    with pytest.raises(FetchError):
        opened.fetch(url, accept=ANY)


def test_an_answer_that_is_only_bytes_never_breaks_the_door(site: Site) -> None:
    @given(st.binary(max_size=200))
    def send(data: bytes) -> None:
        site.plays["/"] = lambda visit: visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + data)
        with suppress(Refused):
            door(site).fetch(at(site, "/"), accept=FEED)

    send()


def test_vetting_alone_needs_no_network() -> None:
    from index.fetch.target import parse

    nothing = Allowed()
    target = parse("https://example.com/", nothing)
    assert vetted(target, lambda host, port: ("93.184.216.34", "93.184.216.34"), nothing) == ("93.184.216.34",)
