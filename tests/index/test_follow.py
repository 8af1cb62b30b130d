"""Following: what an address is, what a visit brings, what a crash or a careless feed can't do."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from index.address import canonical
from index.article import Draft
from index.errors import LibraryLocked, NotFound, ReadError
from index.fetch import Door, Fetched, Limits, Refusal, Refused
from index.follow import Following, add_url, resolve
from index.follow.detect import Shape, alternates, shape
from index.follow.document import own_address, same_site
from index.follow.run import AT_ONCE
from index.follow.visit import PAGES, RECHECKS, Refreshed, refresh
from index.readers.failure import ReadFailure
from index.source import Kind, Listed, Source, SourceId
from index.store import sources as stored
from index.store.engine import connect, reading
from index.store.tables import metadata
from tests.index.hostile.doors import StoppedClock, door_to
from tests.index.hostile.site import Play, Site, Visit, answer, redirect

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FILLER = "The survey counted every bridge in the valley and found that most of them are older than the town hall. " * 3


def page(title: str, words: str = FILLER, head: str = "") -> Play:
    markup = f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>"
    return answer(f"{markup}<p>{words}</p></article></body></html>".encode())


def entry(
    link: str | None,
    title: str = "Bridges",
    *,
    text: str = FILLER,
    full: bool = True,
    guid: str = "",
    date: datetime | None = None,
    updated: datetime | None = None,
) -> str:
    body = f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>" if full else ""
    return (
        f"<item><title>{title}</title>{f'<link>{link}</link>' if link else ''}"
        f"<guid isPermaLink='false'>{guid or link or title}</guid><description>In short: {title}.</description>"
        f"{f'<pubDate>{date:%a, %d %b %Y %H:%M:%S} +0000</pubDate>' if date else ''}"
        f"{f'<atom:updated>{updated.isoformat()}</atom:updated>' if updated else ''}{body}</item>"
    )


def feed(*entries: str, ttl: int | None = None, **headers: str) -> Play:
    head = (
        "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Valley News</title>"
    )
    pace = f"<ttl>{ttl}</ttl>" if ttl else ""
    return answer(f"{head}{pace}{''.join(entries)}</channel></rss>".encode(), kind="application/rss+xml", **headers)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/robots.txt": answer(status="404 Not Found")}) as running:
        yield running


@dataclass
class Shelf:
    """Stands for a library: tells an article by its address or id, keeps its text, and can be made to fail."""

    texts: dict[str, str] = field(default_factory=dict)
    offered: list[Draft] = field(default_factory=list)
    failures: list[ReadFailure] = field(default_factory=list)
    broken: bool = False

    def add(self, drafts: Iterable[Draft | ReadFailure]) -> Iterator[Outcome]:
        for draft in drafts:
            if self.broken:
                raise LibraryLocked("The library is locked.")
            if isinstance(draft, ReadFailure):
                self.failures.append(draft)
                yield Outcome("refused")
                continue
            self.offered.append(draft)
            name = draft.id or draft.address or ""
            state = "added" if name not in self.texts else "changed"
            state = "unchanged" if self.texts.get(name) == draft.text else state
            self.texts[name] = draft.text
            yield Outcome(state)


@dataclass(frozen=True)
class Outcome:
    state: str


@dataclass
class Desk:
    """Everything that following needs, over one site and one folder."""

    site: Site
    following: Following
    door: Door
    shelf: Shelf
    clock: StoppedClock
    engine: sa.Engine
    withdrawn: list[str] = field(default_factory=list)

    def at(self, path: str) -> str:
        return f"http://news.test:{self.site.port}{path}"

    def visit(self) -> None:
        """A day passes, and whatever is due is visited."""
        self.clock.at += 86_400 * 1.2
        list(self.following.visit_due())

    @property
    def source(self) -> Source:
        [one] = self.following.sources()
        return one

    @property
    def titles(self) -> list[str]:
        return [draft.title for draft in self.shelf.offered]


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Iterator[Desk]:
    engine = connect(tmp_path / "library.db")
    metadata.create_all(engine)
    clock, shelf = StoppedClock(), Shelf()
    names = [f"{name}:{site.port}" for name in ("news.test", "other.example")]
    door = door_to(names, clock=clock, limits=Limits(connect=1.0, read=1.0, total=5.0, delay=0.0))
    withdrawn: list[str] = []
    following = Following(engine, door, shelf.add, withdraw=withdrawn.append, clock=clock, rng=random.Random(3))
    yield Desk(site, following, door, shelf, clock, engine, withdrawn)
    engine.dispose()


def day(number: int) -> datetime:
    return NOW - timedelta(days=number)


# What a visit brings


def test_a_feed_with_whole_articles_needs_no_pages_and_brings_the_oldest_first(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(
        entry(desk.at("/new?utm_source=rss"), "New", date=day(1)), entry(desk.at("/old"), "Old", date=day(5))
    )
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert desk.titles == ["Old", "New"]
    assert [draft.address for draft in desk.shelf.offered] == [canonical(desk.at("/old")), canonical(desk.at("/new"))]
    assert desk.shelf.offered[0].published == day(5).date()
    assert desk.shelf.offered[1].url == desk.at("/new")
    assert set(desk.site.paths) == {"/feed"}
    assert (desk.source.title, desk.source.found, desk.source.added) == ("Valley News", 2, 2)


def test_the_full_page_is_read_where_the_feed_has_a_summary(desk: Desk) -> None:
    desk.site.plays |= {
        "/feed": feed(entry(desk.at("/bridges"), "Bridges of the valley", full=False, date=day(2))),
        "/bridges": page("Bridges – Valley News"),
    }
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    [draft] = desk.shelf.offered
    assert "older than the town hall" in draft.text
    assert (draft.title, draft.source, draft.published) == ("Bridges of the valley", "Valley News", day(2).date())
    assert draft.address == canonical(desk.at("/bridges"))


def test_what_is_known_is_neither_fetched_nor_offered_again(desk: Desk) -> None:
    desk.site.plays |= {"/feed": feed(entry(desk.at("/a"), full=False)), "/a": page("A")}
    desk.following.follow(desk.at("/feed"))
    for _ in range(3):
        desk.visit()
    assert len(desk.shelf.offered) == 1
    assert desk.site.paths.count("/a") == 1
    assert desk.site.paths.count("/feed") == 4


def test_new_ids_dates_and_tracking_links_do_not_make_old_articles_new(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(*(entry(desk.at(f"/{n}"), f"Story {n}", guid=f"x{n}", date=day(n)) for n in (1, 2)))
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    desk.site.plays["/feed"] = feed(
        *(entry(desk.at(f"/{n}/?utm_source=b#c"), f"Story {n}", guid=f"y{n}", date=day(n - 9)) for n in (1, 2))
    )
    desk.visit()
    assert len(desk.shelf.offered) == 2
    assert desk.source.found == 2


def test_an_entry_that_changes_is_offered_again_under_the_same_address(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a"), text=FILLER))
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    desk.site.plays["/feed"] = feed(entry(desk.at("/a"), text=FILLER + "Correction: the bridge is new."))
    desk.visit()
    assert [draft.address for draft in desk.shelf.offered] == [canonical(desk.at("/a"))] * 2
    assert (desk.source.added, desk.source.changed) == (1, 1)


def test_a_new_date_of_change_alone_reads_a_few_pages_again(desk: Desk) -> None:
    def listing(at: datetime) -> Play:
        return feed(*(entry(desk.at(f"/{n}"), f"S{n}", full=False, date=day(n), updated=at) for n in range(1, 9)))

    desk.site.plays |= {f"/{n}": page(f"S{n}", f"{FILLER} {n}") for n in range(1, 9)} | {"/feed": listing(day(9))}
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert len(desk.shelf.offered) == 8
    desk.site.plays |= {"/feed": listing(day(3)), "/1": page("S1", f"{FILLER} Correction: it was eight.")}
    desk.visit()
    assert len(desk.shelf.offered) == 8 + RECHECKS
    assert desk.source.changed == 1


def test_entries_without_links_and_with_one_link_for_all_stay_apart(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(
        *(entry(desk.at(f"/changes#{n}"), f"Version {n}", text=f"{FILLER} {n}", guid="same") for n in (1, 2)),
        *(entry(None, f"Note {n}", text=f"{FILLER} {n}", guid=f"n{n}") for n in (3, 4)),
    )
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert len({draft.id for draft in desk.shelf.offered}) == 4
    desk.visit()
    assert len(desk.shelf.offered) == 4


def test_an_entry_listed_twice_is_offered_once(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a"), date=day(2)), entry(desk.at("/a?utm_medium=x"), date=day(1)))
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert len(desk.shelf.offered) == 1


def test_more_entries_than_one_visit_takes_come_in_parts_the_newest_first_and_all_arrive(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.follow.visit.ENTRIES", 40)
    count = 87
    minutes = [NOW - timedelta(minutes=n) for n in range(count)]
    links = (entry(desk.at(f"/{n}"), f"S{n}", text="Short.", date=at) for n, at in enumerate(minutes))
    desk.site.plays["/feed"] = feed(*links, ETag='"all"')
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert desk.titles[0] == "S39"
    assert desk.titles[-1] == "S0"
    assert desk.source.etag is None
    assert desk.source.next_try == desk.clock.now() + timedelta(minutes=1)
    desk.visit()
    desk.visit()
    assert sorted(desk.titles) == sorted(f"S{n}" for n in range(count))
    assert desk.source.etag == '"all"'


def test_no_visit_reads_more_than_its_share_of_pages(desk: Desk) -> None:
    numbers = range(PAGES + 5)
    desk.site.plays |= {f"/{n}": page(f"S{n}", f"{FILLER} {n}") for n in numbers}
    desk.site.plays["/feed"] = feed(*(entry(desk.at(f"/{n}"), f"S{n}", full=False, date=day(n)) for n in numbers))
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert len(desk.shelf.offered) == PAGES
    desk.visit()
    assert len(desk.shelf.offered) == PAGES + 5


# Pages that can't be had


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden"])
def test_where_a_page_can_not_be_had_the_summary_is_the_article(desk: Desk, status: str) -> None:
    desk.site.plays |= {"/feed": feed(entry(desk.at("/a"), "Paid", full=False)), "/a": answer(status=status)}
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert [draft.text for draft in desk.shelf.offered] == ["In short: Paid."]


@pytest.mark.parametrize(("status", "withdrawn"), [("410 Gone", True), ("404 Not Found", False), ("403 No", False)])
def test_a_summary_never_takes_the_place_of_a_page_that_was_read(desk: Desk, status: str, withdrawn: bool) -> None:
    def listing(title: str) -> Play:
        return feed(entry(desk.at("/a"), title, full=False))

    desk.site.plays |= {"/feed": listing("Bridges"), "/a": page("A")}
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    desk.site.plays |= {"/feed": listing("Bridges, corrected"), "/a": answer(status=status)}
    desk.visit()
    assert len(desk.shelf.offered) == 1
    assert desk.withdrawn == ([canonical(desk.at("/a"))] if withdrawn else [])


def test_the_front_page_is_not_taken_for_an_article_that_is_no_more(desk: Desk) -> None:
    desk.site.plays |= {"/feed": feed(entry(desk.at("/a"), "Old", full=False)), "/a": redirect("/"), "/": page("Home")}
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert [draft.text for draft in desk.shelf.offered] == ["In short: Old."]


def test_a_page_that_robots_may_not_read_is_not_read(desk: Desk) -> None:
    desk.site.plays |= {
        "/robots.txt": answer(b"User-agent: *\nDisallow: /a\n", kind="text/plain"),
        "/feed": feed(entry(desk.at("/a"), "Closed", full=False)),
    }
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert "/a" not in desk.site.paths
    assert [draft.text for draft in desk.shelf.offered] == ["In short: Closed."]


def test_a_page_that_fails_for_now_is_tried_again(desk: Desk) -> None:
    desk.site.plays |= {"/feed": feed(entry(desk.at("/a"), full=False), ETag='"1"'), "/a": answer(status="500 Oops")}
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert desk.shelf.offered == []
    assert "error of its own" in desk.shelf.failures[0].reason
    assert (desk.source.failures, desk.source.etag) == (0, None)
    desk.site.plays["/a"] = page("A")
    desk.visit()
    assert len(desk.shelf.offered) == 1
    assert desk.source.etag == '"1"'


def test_an_entry_that_leads_into_a_private_network_is_refused_and_the_rest_is_taken(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(
        entry("http://169.254.169.254/latest", "Secrets", full=False), entry(desk.at("/ok"), "Fine")
    )
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert {draft.title: draft.url for draft in desk.shelf.offered}["Fine"] == desk.at("/ok")
    assert all("169.254" not in (draft.address or "") for draft in desk.shelf.offered)


# Who may speak for whom


def test_a_feed_does_not_speak_for_another_site(desk: Desk) -> None:
    elsewhere = f"http://other.example:{desk.site.port}/story"
    desk.site.plays |= {
        "/feed": feed(entry(elsewhere, "Scandal", text="Invented. " * 30)),
        "/story": page("Story", FILLER),
    }
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    [draft] = desk.shelf.offered
    assert draft.address == canonical(elsewhere)
    assert "Invented" not in draft.text
    assert draft.source != "Valley News"


def test_what_a_feed_says_of_another_site_is_never_put_under_its_address(desk: Desk) -> None:
    elsewhere = f"http://other.example:{desk.site.port}/story"
    desk.site.plays |= {"/feed": feed(entry(elsewhere, text="Invented. " * 30)), "/story": answer(status="404 No")}
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    [draft] = desk.shelf.offered
    assert draft.id is not None
    assert (draft.address or "").startswith(canonical(desk.at("/feed")) + "#")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.com/feed", "https://example.com/a", True),
        ("https://feeds.example.com/f", "https://blog.example.com/a", True),
        ("https://example.com/f", "https://blog.example.com/a", True),
        ("https://one.co.uk/f", "https://two.co.uk/a", False),
        ("https://example.com/f", "https://example.org/a", False),
        ("https://notexample.com/f", "https://example.com/a", False),
        ("https://com/f", "https://example.com/a", False),
    ],
)
def test_a_site_is_told_by_its_name(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
    assert same_site(other, one) is same


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        ("https://example.com/story", True),
        ("http://m.example.com/other?utm_source=x", True),
        ("https://victim.org/story", False),
        ("https://example.com/", False),
        (None, False),
    ],
)
def test_a_page_is_believed_about_its_own_address_only_within_its_host(claimed: str | None, believed: bool) -> None:
    fetched = "https://www.example.com/story?id=1"
    assert own_address(claimed, fetched) == (claimed if believed else fetched)


# Sources that misbehave


@pytest.mark.parametrize(
    "play",
    [
        answer(status="500 Oops"),
        answer(b"<!doctype html><p>Moved.</p>"),
        answer(b"<rss", kind="application/rss+xml"),
        answer(b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b">]><rss>&a;</rss>', kind="text/xml"),
        redirect("http://10.0.0.1/"),
        answer(b"{}" * 10, kind="application/json"),
    ],
    ids=["an error", "a page instead", "broken off", "entities", "a redirect inside", "broken JSON"],
)
def test_a_feed_that_breaks_keeps_its_articles_and_says_what_is_wrong(desk: Desk, play: Play) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a")))
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    success = desk.source.last_success
    desk.site.plays["/feed"] = play
    desk.visit()
    assert desk.source.failures == 1
    assert desk.source.error
    assert "\n" not in desk.source.error
    assert desk.source.last_success == success
    desk.site.plays["/feed"] = feed(entry(desk.at("/a")))
    desk.visit()
    assert (desk.source.failures, desk.source.error, len(desk.shelf.offered)) == (0, None, 1)


def test_a_feed_that_is_gone_is_left_alone(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a")))
    desk.following.follow(desk.at("/feed"))
    desk.site.plays["/feed"] = answer(status="410 Gone")
    desk.visit()
    asked = len(desk.site.seen)
    desk.visit()
    assert desk.source.gone
    assert desk.source.next_try is None
    assert len(desk.site.seen) == asked
    assert desk.withdrawn == []


def test_a_followed_page_that_is_gone_is_withdrawn(desk: Desk) -> None:
    desk.site.plays["/a"] = page("A")
    desk.following.follow(desk.at("/a"))
    desk.visit()
    assert desk.source.kind is Kind.PAGE
    desk.site.plays["/a"] = answer(status="410 Gone")
    desk.visit()
    assert desk.withdrawn == [canonical(desk.at("/a"))]


def test_a_followed_page_is_offered_again_when_its_words_change(desk: Desk) -> None:
    desk.site.plays["/a"] = page("A", FILLER)
    desk.following.follow(desk.at("/a"))
    desk.visit()
    desk.site.plays["/a"] = page("A", FILLER, head="<meta name=build content=2>")
    desk.visit()
    assert len(desk.shelf.offered) == 1
    desk.site.plays["/a"] = page("A", FILLER + "Correction: the bridge is new.")
    desk.visit()
    assert list(desk.shelf.texts) == [canonical(desk.at("/a"))]
    assert len(desk.shelf.offered) == 2


def test_a_feed_that_moved_for_good_is_fetched_where_it_is_and_known_by_its_old_address(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a")))
    desk.following.follow(desk.at("/feed"))
    desk.site.plays |= {"/feed": redirect("/rss", 301), "/rss": feed(entry(desk.at("/a")))}
    desk.visit()
    assert desk.source.url == desk.at("/rss")
    desk.visit()
    assert desk.site.paths.count("/feed") == 2
    assert desk.following.unfollow(desk.at("/feed")).url == desk.at("/rss")


def test_nothing_is_read_where_the_site_says_that_nothing_changed(desk: Desk) -> None:
    def play(visit: Visit) -> None:
        same = visit.headers.get("if-none-match") == '"1"'
        (answer(status="304 Not Modified") if same else feed(entry(desk.at("/a")), ETag='"1"'))(visit)

    desk.site.plays["/feed"] = play
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    desk.visit()
    assert len(desk.shelf.offered) == 1
    assert desk.source.etag == '"1"'
    assert desk.source.last_success == desk.clock.now()


def test_a_feed_is_left_alone_for_as_long_as_it_asks(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a"), date=NOW), ttl=600, Cache_Control="max-age=7200")
    desk.following.follow(desk.at("/feed"))
    desk.visit()
    assert (desk.source.next_try or NOW) - desk.clock.now() == timedelta(minutes=600)


# Crashes, other processes


def test_a_library_that_fails_loses_nothing_and_offers_it_all_again(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a"), "A"), entry(desk.at("/b"), "B"))
    desk.following.follow(desk.at("/feed"))
    desk.shelf.broken = True
    with pytest.raises(LibraryLocked):
        desk.visit()
    assert desk.source.last_success is None
    desk.shelf.broken = False
    desk.visit()
    assert sorted(desk.titles) == ["A", "B"]


def test_a_source_unfollowed_during_its_visit_stays_unfollowed(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a")))
    [source] = desk.following.follow(desk.at("/feed"))
    desk.following.unfollow(str(source.id))
    desk.following.visit(source)
    assert desk.following.sources() == []
    with reading(desk.engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(stored.source_entries)) == 0


def test_following_again_changes_nothing_and_revives_what_was_gone(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a")))
    [first] = desk.following.follow(desk.at("/feed"))
    [again] = desk.following.follow(desk.at("/feed?utm_source=x"))
    assert (first.id, len(desk.following.sources())) == (again.id, 1)
    desk.site.plays["/feed"] = answer(status="410 Gone")
    desk.visit()
    desk.site.plays["/feed"] = feed(entry(desk.at("/a")))
    [back] = desk.following.follow(desk.at("/feed"))
    assert (back.id, back.gone) == (first.id, False)
    desk.visit()
    assert len(desk.shelf.offered) == 1


def test_what_is_not_followed_can_not_be_unfollowed(desk: Desk) -> None:
    with pytest.raises(NotFound, match="pullquote sources"):
        desk.following.unfollow("https://example.com/feed")


def test_entries_that_a_feed_dropped_long_ago_are_forgotten(desk: Desk) -> None:
    for number in range(40):
        desk.site.plays["/feed"] = feed(entry(desk.at(f"/{number}"), f"S{number}", text="Short."))
        if number == 0:
            desk.following.follow(desk.at("/feed"))
        desk.visit()
    with reading(desk.engine) as connection:
        kept = stored.listed(connection, desk.source.id)
    assert 20 < len(kept) < 32


def test_the_loop_follows_until_it_is_told_to_stop(desk: Desk) -> None:
    desk.site.plays["/feed"] = feed(entry(desk.at("/a")))
    desk.following.follow(desk.at("/feed"))
    stop = threading.Event()

    def add(drafts: Iterable[Draft | ReadFailure]) -> Iterator[Outcome]:
        yield from desk.shelf.add(drafts)
        stop.set()

    Following(desk.engine, desk.door, add, clock=desk.clock).run(stop)
    assert len(desk.shelf.offered) == 1


def test_no_more_sources_are_read_than_the_library_can_take(desk: Desk) -> None:
    opml = "".join(f"<outline text='{n}' xmlUrl='{desk.at(f'/{n}')}'/>" for n in range(20))
    desk.site.plays["/my.opml"] = answer(f"<opml><body>{opml}</body></opml>".encode(), kind="text/x-opml")
    desk.site.plays |= {f"/{n}": feed(entry(desk.at(f"/{n}/a"), f"S{n}", text="Short.")) for n in range(20)}
    desk.following.follow(desk.at("/my.opml"))
    visits = desk.following.visit_due()
    next(visits)
    assert len(desk.site.seen) <= 1 + AT_ONCE
    assert len([*visits]) == 19
    assert len(desk.shelf.offered) == 20


def test_the_end_of_the_loop_closes_the_door(desk: Desk) -> None:
    stop = threading.Event()
    stop.set()
    desk.following.run(stop)
    with pytest.raises(Refused) as refused:
        desk.door.fetch(desk.at("/feed"))
    assert refused.value.reason is Refusal.CLOSING
    assert desk.site.seen == []


def test_the_end_waits_for_no_site_that_is_silent(desk: Desk) -> None:
    site, patient = desk.site, Limits(read=600, total=600)
    site.plays["/feed"] = feed(entry(desk.at("/a")))
    door = door_to([f"news.test:{site.port}"], limits=patient)
    following = Following(desk.engine, door, desk.shelf.add, clock=desk.clock)
    (source,) = following.follow(desk.at("/feed"))
    asked = threading.Event()

    def silent(visit: Visit) -> None:
        asked.set()
        visit.stall()

    site.plays["/feed"] = silent
    stop = threading.Event()
    loop = threading.Thread(target=following.run, args=(stop,))
    loop.start()
    assert asked.wait(60)
    stop.set()
    following.close()
    loop.join(60)
    assert not loop.is_alive()
    assert following.sources() == [source]


def test_what_no_reader_foresaw_is_one_sources_failure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.site.plays |= {"/a": page("A"), "/feed": feed(entry(desk.at("/b"), "B"))}
    desk.following.follow(desk.at("/a"))
    desk.following.follow(desk.at("/feed"))

    def unforeseen(*_: object) -> None:
        raise TypeError("odd")

    monkeypatch.setattr("index.follow.open.page_draft", unforeseen)
    desk.visit()
    first, second = desk.following.sources()
    assert "TypeError" in (first.error or "")
    assert (first.failures, second.failures, desk.titles) == (1, 0, ["B"])


def test_everything_stored_of_a_source_comes_back_as_it_was(desk: Desk) -> None:
    source = Source(
        *(SourceId(0), "https://a.test/f", "http://a.test/f", Kind.SITEMAP, NOW, NOW + timedelta(hours=1)),
        *("A", '"e"', "m", NOW, timedelta(hours=3), "Oops.", 2, 3, 4, 5),
    )
    with desk.engine.begin() as connection:
        kept = stored.add(connection, source)
        assert stored.every(connection) == [kept]
        gone = replace(kept, gone_at=NOW, next_try=None)
        assert stored.update(connection, gone)
        assert stored.at_address(connection, "https://a.test/f") == gone
        stored.write_listed(connection, kept.id, {"k": Listed("f", "u")}, NOW)
        stored.write_listed(connection, kept.id, {"k": Listed("g"), "l": Listed("h")}, NOW)
        assert stored.listed(connection, kept.id) == {"k": Listed("g"), "l": Listed("h")}


# What an address is


OPML = (
    "<opml version='2.0'><body><outline text='One' xmlUrl='{0}'/>"
    "<outline><outline text='Two' xmlUrl='{1}'/></outline></body></opml>"
)
SITEMAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</urlset>"


def location(url: str, changed: datetime | None = None) -> str:
    return f"<url><loc>{url}</loc>{f'<lastmod>{changed.isoformat()}</lastmod>' if changed else ''}</url>"


def test_opml_becomes_many_sources(desk: Desk) -> None:
    opml = OPML.format(desk.at("/one"), desk.at("/two")).encode()
    desk.site.plays |= {
        "/my.opml": answer(opml, kind="text/x-opml"),
        "/one": feed(entry(desk.at("/a"), "A")),
        "/two": feed(entry(desk.at("/b"), "B", text=FILLER + "B")),
    }
    sources = desk.following.follow(desk.at("/my.opml"))
    assert [(source.title, source.kind) for source in sources] == [("One", Kind.FEED), ("Two", Kind.FEED)]
    desk.visit()
    assert sorted(desk.titles) == ["A", "B"]


def test_a_page_that_names_its_feed_is_followed_by_it_unless_the_page_itself_is_meant(desk: Desk) -> None:
    head = (
        "<link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed'>"
        "<link href=\"/feed?a=1&amp;b=2\" type='application/rss+xml' rel='home alternate'>"
        "<link rel=alternate hreflang=de href=/de><link rel=stylesheet href=/x.css>"
    )
    desk.site.plays |= {"/": page("Home", head=head), "/feed": feed(entry(desk.at("/a"), "A"))}
    [found] = desk.following.follow(desk.at("/"))
    assert (found.kind, found.url) == (Kind.FEED, desk.at("/feed?a=1&b=2"))
    [itself] = desk.following.follow(desk.at("/"), page=True)
    assert itself.kind is Kind.PAGE


def test_a_sitemap_brings_the_pages_changed_last_and_reads_them_again_when_they_change(desk: Desk) -> None:
    desk.site.plays |= {f"/{n}": page(f"P{n}", f"{FILLER} {n}") for n in (1, 2)}
    listed = [location(desk.at("/1"), day(2)), location(desk.at("/2"), day(1))]
    index = f"<sitemapindex><sitemap><loc>{desk.at('/s.xml')}</loc></sitemap></sitemapindex>"
    desk.site.plays |= {
        "/sitemap.xml": answer(index.encode(), kind="application/xml"),
        "/s.xml": answer(SITEMAP.format("".join(listed)).encode(), kind="text/xml"),
    }
    desk.following.follow(desk.at("/sitemap.xml"))
    desk.visit()
    assert desk.titles == ["P1", "P2"]
    desk.visit()
    assert len(desk.shelf.offered) == 2
    listed[0] = location(desk.at("/1"), day(0))
    desk.site.plays["/s.xml"] = answer(SITEMAP.format("".join(listed)).encode(), kind="text/xml")
    desk.visit()
    assert desk.titles == ["P1", "P2", "P1"]


def test_an_address_is_known_by_what_it_holds(desk: Desk) -> None:
    held: dict[str, tuple[Play, Shape]] = {
        "/a": (feed(), Shape.FEED),
        "/b": (answer(b"<?xml version='1.0'?><!-- x --> <feed xmlns='http://www.w3.org/2005/Atom'/>"), Shape.FEED),
        "/c": (
            answer(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', kind="application/json"),
            Shape.FEED,
        ),
        "/d": (answer(b"<rdf:RDF/>", kind="text/plain"), Shape.FEED),
        "/e": (answer(b"<urlset/>", kind="text/xml"), Shape.SITEMAP),
        "/f": (answer(b"<opml/>", kind="text/xml"), Shape.OUTLINE),
        "/g": (answer(b'{"messages": []}', kind="application/json"), Shape.TELEGRAM),
        "/h": (page("H"), Shape.PAGE),
        "/i": (answer(b"Plain words.", kind="text/plain"), Shape.PAGE),
        "/j": (answer("<rss/>".encode("utf-16"), kind="text/xml"), Shape.FEED),
        "/k": (answer(b"{broken", kind="application/json"), Shape.PAGE),
    }
    for path, (play, _) in held.items():
        desk.site.plays[path] = play
    assert {path: resolve(desk.at(path), desk.door).shape for path in held} == {
        path: wanted for path, (_, wanted) in held.items()
    }


def add(desk: Desk, path: str, limit: int = 200) -> list[Draft | ReadFailure]:
    return list(add_url(desk.at(path), desk.door, limit))


def test_add_reads_a_page_a_feed_a_sites_feed_an_opml_and_a_sitemap(desk: Desk) -> None:
    head = "<link rel=alternate type='application/rss+xml' href=/feed>"
    listed = "".join(location(desk.at(f"/{n}")) for n in (1, 2, 3))
    desk.site.plays |= {
        "/": page("Home", head=head),
        "/page": page("Page", head=head),
        "/feed": feed(entry(desk.at("/a"), "A", date=day(2)), entry(desk.at("/b"), "B", date=day(1))),
        "/opml": answer(OPML.format(desk.at("/feed"), desk.at("/none")).encode(), kind="text/xml"),
        "/sitemap": answer(SITEMAP.format(listed).encode(), kind="text/xml"),
        **{f"/{n}": page(f"P{n}") for n in (1, 2, 3)},
    }

    def titles(path: str, limit: int = 200) -> list[str]:
        return [draft.title if isinstance(draft, Draft) else "failed" for draft in add(desk, path, limit)]

    assert titles("/page") == ["Page"]
    assert titles("/feed") == ["A", "B"]
    assert titles("/feed", 1) == ["B"]
    assert titles("/") == ["A", "B"]
    assert titles("/opml") == ["A", "B", "failed"]
    assert titles("/sitemap", 2) == ["P2", "P1"]


def test_add_reads_a_channels_export(desk: Desk) -> None:
    export = (
        b'{"name": "Valley", "type": "public_channel", "id": 7, "messages": ['
        b'{"id": 1, "type": "message", "date": "2026-01-01T10:00:00", "text": "The first bridge opened."},'
        b'{"id": 2, "type": "message", "date": "2026-01-02T10:00:00", "text": "The second bridge opened."}]}'
    )
    desk.site.plays["/result.json"] = answer(export, kind="application/json")
    drafts = [draft for draft in add(desk, "/result.json") if isinstance(draft, Draft)]
    assert [draft.text for draft in drafts] == ["The first bridge opened.", "The second bridge opened."]
    assert len({draft.id for draft in drafts}) == 2


def test_what_can_not_be_added_says_why_in_one_line(desk: Desk) -> None:
    desk.site.plays |= {
        "/robots.txt": answer(b"User-agent: *\nDisallow: /closed\n", kind="text/plain"),
        "/closed": page("Closed"),
        "/empty": answer(b"<!doctype html><html><body></body></html>"),
    }
    for path, said in (("/closed", "robots.txt"), ("/empty", "no text"), ("/none", "no such page")):
        [failure] = add(desk, path)
        assert isinstance(failure, ReadFailure)
        assert said in failure.reason
    [failure] = list(add_url("http://10.0.0.1/", desk.door))
    assert isinstance(failure, ReadFailure)
    assert "private network" in failure.reason


def test_an_opml_without_feeds_is_refused(desk: Desk) -> None:
    desk.site.plays["/x.opml"] = answer(b"<opml><body/></opml>", kind="text/x-opml")
    with pytest.raises(ReadError, match="lists no feeds"):
        desk.following.follow(desk.at("/x.opml"))


def test_a_page_of_nothing_but_tags_is_refused_before_it_is_parsed(desk: Desk) -> None:
    desk.site.plays["/tags"] = answer(b"<p><b>" * 100_000)
    [failure] = add(desk, "/tags")
    assert isinstance(failure, ReadFailure)
    assert "too large" in failure.reason


def fetched(body: bytes) -> Fetched:
    return Fetched("http://a.test/", "http://a.test/", 200, {"content-type": "text/html"}, body, NOW)


@given(
    st.lists(
        st.sampled_from(
            [b"<!--", b"-->", b"<?", b"?>", b"<!DOCTYPE", b"[", b"]", b">", b"<rss", b" ", b"<link ", b"="]
        ),
        max_size=40,
    )
)
def test_no_markup_is_too_odd_to_be_looked_at(parts: list[bytes]) -> None:
    odd = fetched(b"".join(parts) * 50)
    assert shape(odd) in Shape
    assert alternates(odd) == ()


def test_a_refused_source_is_a_result_and_not_an_exception(desk: Desk) -> None:
    source = Source(SourceId(1), "https://10.0.0.1/", "http://10.0.0.1/", Kind.FEED, NOW, NOW)
    found: Refreshed = refresh(source, {}, desk.door)
    assert isinstance(found.visit.failure, Refused)
    assert found.visit.failure.reason is Refusal.PRIVATE
