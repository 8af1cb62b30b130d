"""Bytes become one text, once and for all; header lines are told from prose."""

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ReadError
from index.readers.dates import parse_date, parse_time
from index.readers.plain import decode, language_code, normalise, read_plain, split_header

RUSSIAN = "Северокорейские солдаты прибыли в Курскую область, сообщили в четверг в Сеуле. " * 4


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_normalising_again_changes_nothing(text: str):
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert normalise(once.encode()) == once
    assert not set(once) & set("\r\0\ufeff\x85\u2028")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data: bytes):
    try:
        text = normalise(data)
    except ReadError:
        return
    assert normalise(text) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_by_its_byte_order_mark(encoding: str):
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    assert normalise(marks.get(encoding, b"") + RUSSIAN.encode(encoding)) == RUSSIAN


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "La Corée du Nord a envoyé des milliers de soldats en Russie. Où étaient-ils ? L’armée se taît."),
        ("cp1252", "Nordkorea hat Soldaten nach Russland geschickt, erklärte das Ministerium. Die Übung läuft."),
        ("cp1251", "Северокорейские солдаты прибыли в Курскую область, сообщили в четверг в Сеуле."),
        ("cp1251", "Північнокорейські солдати прибули до Курської області, повідомили у четвер у Сеулі."),
        ("koi8-r", "Северокорейские солдаты прибыли в Курскую область, сообщили в четверг в Сеуле."),
        ("cp949", "북한군이 러시아에 도착했다고 국방부가 목요일 밝혔다. 약 1만 명이다."),
        ("gb18030", "朝鲜军队已抵达俄罗斯，国防部周四表示。约有一万名士兵。"),
        ("cp932", "北朝鮮の兵士がロシアに到着したと国防省が木曜日に発表した。"),
    ],
)
def test_an_old_encoding_is_guessed(encoding: str, text: str):
    assert normalise(text.encode(encoding)) == text


def test_a_declared_encoding_is_believed_unless_the_text_is_utf_8():
    assert decode("naïve".encode("latin-1"), "iso-8859-1") == "naïve"
    assert decode("naïve".encode(), "iso-8859-1") == "naïve"
    assert decode(RUSSIAN.encode("cp1251"), "no-such-encoding") == RUSSIAN
    assert decode(RUSSIAN.encode("cp1251"), "base64") == RUSSIAN


def test_line_ends_become_one_kind_and_control_characters_go():
    assert normalise("a\r\nb\rc\u2028d\x0ce\tf\x00\x1b\x7fg\ufeff") == "a\nb\nc\nd\ne\tfg"


def test_a_letter_and_its_accent_become_one_even_across_a_removed_character():
    assert normalise("e\u0301 e\x00\u0301") == "é é"


def test_a_lone_surrogate_is_replaced_so_that_the_text_can_be_stored():
    assert normalise("a\ud800b") == "a\ufffdb"


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"PK\x03\x04\x00\x00", b"text with a \x00 in it"])
def test_a_binary_file_is_refused(data: bytes):
    with pytest.raises(ReadError, match="binary"):
        normalise(data)


def test_a_torn_utf_16_file_is_refused():
    with pytest.raises(ReadError, match="save it as UTF-8"):
        normalise(b"\xff\xfea\x00b")


@pytest.mark.parametrize("lang", ["Lang", "language"])
def test_header_lines_are_read_and_are_no_text(lang: str):
    text = (
        "Title: Troops arrive\nSOURCE: Example News\nurl: https://example.org/1\nPublished: 31 October 2024\n"
        f"{lang}: en-GB\nAuthor: Jane Doe\n\n\nThey are here.\n"
    )
    draft = read_plain(text.encode(), "file", "/file.txt")
    assert (draft.title, draft.source, draft.url) == ("Troops arrive", "Example News", "https://example.org/1")
    assert (draft.published, draft.lang, draft.author) == (date(2024, 10, 31), "en", "Jane Doe")
    assert (draft.text, draft.address) == ("They are here.\n", "/file.txt")


@pytest.mark.parametrize(
    "text",
    [
        "Note: this is text.\n\nMore.",
        "Title: a field and then prose\nThis line is no field.\n\nMore.",
        "The Title: of this.\n\nMore.",
        "Title: one\nTitle: two\n\nMore.",
        "Lang: en\nLanguage: de\n\nMore.",
        "\nTitle: below a blank line\n\nMore.",
        "Date: 5 May 2025\n\nThe band plays.",
        "Дата: 5 мая 2025\nМесто: парк\n\nБудет концерт.",
        "Title: Concert\nTime: 8 pm\nPlace: Town hall\n\nThe band plays.",
        "Source: we don't know.\nReporter: why?\n\nNobody does.",
        "Titel: eins\nTitle: zwei\n\nMehr.",
    ],
)
def test_a_header_that_is_none_is_text_and_the_name_is_the_title(text: str):
    draft = read_plain(text.encode(), "my file", "/my file.txt")
    assert (draft.title, draft.text) == ("my file", text)


@pytest.mark.parametrize(
    "names",
    [
        ("Title", "Source", "Date"),
        ("Titel", "Quelle", "Datum"),
        ("Titre", "Source", "Date"),
        ("Título", "Fuente", "Fecha"),
        ("Заголовок", "Источник", "Дата"),
        ("Заголовок", "Джерело", "Дата"),
        ("제목", "출처", "날짜"),
    ],
)
def test_a_header_is_read_in_the_language_of_its_text(names: tuple[str, str, str]):
    header = "\n".join(f"{name}: {value}" for name, value in zip(names, ("T", "S", "2024-10-31"), strict=True))
    draft = read_plain(f"{header}\n\nText.".encode(), "file", "/file.txt")
    assert (draft.title, draft.source, draft.published, draft.text) == ("T", "S", date(2024, 10, 31), "Text.")


def test_a_field_that_is_not_known_spoils_no_header():
    draft = read_plain(b"Title: T\nSection: News\nSource: S\nPublished: 2024-10-31\n\nText.", "file", "/file.txt")
    assert (draft.title, draft.source, draft.published, draft.text) == ("T", "S", date(2024, 10, 31), "Text.")


def test_an_unreadable_date_in_a_header_is_left_out():
    assert read_plain(b"Title: A\nPublished: soon\n\nText.", "f", "/f").published is None


@pytest.mark.parametrize("data", [b" \n\t", b"Title: A\nSource: B\n", b"Title: A\n\n \n"])
def test_a_file_without_text_is_refused(data: bytes):
    with pytest.raises(ReadError, match="no text"):
        read_plain(data, "f", "/f")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_splitting_off_a_header_loses_no_text(text: str):
    text = normalise(text)
    header, body = split_header(text)
    assert text.endswith(body)
    assert header or body == text


@pytest.mark.parametrize(
    "text",
    [
        "2024-10-31",
        "2024-10-31T10:00:00Z",
        "2024-10-31T23:30:00-05:00",
        "20241031",
        "31 October 2024",
        "31st of October 2024",
        "October 31, 2024",
        "Oct. 31, 2024",
        "Thursday, 31 Oct 2024, 10:00",
        "Thu, 31 Oct 2024 23:30:00 -0500",
        "31. Oktober 2024",
        "31 октября 2024 г.",
        "31 жовтня 2024 р.",
        "31 octobre 2024",
        "31.10.2024",
        "31.10.2024, 15:00",
        "31/10/2024",
        "10/31/2024",
        "2024/10/31",
        "2024. 10. 31.",
        "2024년 10월 31일",
        "2024年10月31日",
    ],
)
def test_a_date_is_read_in_its_own_time_zone(text: str):
    assert parse_date(text) == date(2024, 10, 31)


@pytest.mark.parametrize(
    "text", ["", "soon", "2024", "03/04/2024", "31 November 2024", "99.99.2024", "2024-13-01", "5"]
)
def test_no_date_is_made_up(text: str):
    assert parse_date(text) is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_date_or_not(text: str):
    assert parse_date(text) is None or parse_time(text) is not None


@settings(max_examples=60, deadline=None)
@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_day_is_read_back(day: date):
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day} {day:%B %Y}") == day
    assert parse_date(f"{day.day}.{day.month}.{day.year}") == day


def test_a_moment_is_given_in_utc():
    moment = parse_time("Thu, 31 Oct 2024 23:30:00 -0500")
    assert moment is not None
    assert moment.isoformat() == "2024-11-01T04:30:00+00:00"
    assert parse_time("9999-12-31T23:00:00-14:00") == datetime(9999, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "code"), [("en-US", "en"), ("UK", "uk"), ("zh_Hant", "zh"), ("", None), ("English", None)]
)
def test_a_language_tag_is_its_code(tag: str, code: str | None):
    assert language_code(tag) == code
