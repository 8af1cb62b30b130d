"""Of a page, its article is read, with what the page says of itself."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ReadError
from index.readers.html import fragment_text, read_html

PARAGRAPHS = [
    "North Korea has sent about ten thousand soldiers to Russia, the defence ministry in Seoul said on Thursday.",
    "The soldiers are being trained in the east of the country and are expected to reach the front within weeks.",
    "“It is a serious step,” the minister told reporters. He gave no figures for the losses of the first days.",
]
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="{charset}"><title>Troops arrive | Example</title>
<meta property="og:title" content="Troops arrive"><meta property="og:site_name" content="Example News">
<link rel="canonical" href="https://example.org/troops">
<meta property="article:published_time" content="2024-10-31T10:00:00Z">
<meta name="author" content="Jane Doe"><script>var hidden = "secret";</script></head>
<body><nav><a href="/">Home</a><a href="/about">About</a></nav><article><h1>Troops arrive</h1>{paragraphs}</article>
<footer>Imprint and contact</footer></body></html>"""


def page(charset: str = "utf-8") -> str:
    return PAGE.format(charset=charset, paragraphs="".join(f"<p>{text}</p>" for text in PARAGRAPHS))


def test_the_article_is_read_without_the_frame():
    draft = read_html(page().encode(), "file", "/f.html")
    assert all(paragraph in draft.text.split("\n\n") for paragraph in PARAGRAPHS)
    assert not any(word in draft.text for word in ("Home", "Imprint", "secret"))
    assert (draft.title, draft.source, draft.url) == ("Troops arrive", "Example News", "https://example.org/troops")
    assert (draft.published, draft.author, draft.lang) == (date(2024, 10, 31), "Jane Doe", "en")


def test_a_table_is_its_rows_each_in_a_line():
    table = (
        "<h2>Tickets</h2><table><thead><tr><th>Ticket</th><th>Adults</th></tr></thead><tbody><tr><td>One day</td>"
        "<td>6 euros</td></tr><tr><td>Season</td><td>90 euros</td></tr></tbody></table>"
    )
    markup = page().replace("</article>", f"{table}<p>Dogs may not come in.</p></article>")
    text = read_html(markup.encode(), "file", "/f.html").text
    assert text.endswith(
        "Tickets\n\nTicket | Adults\n\nOne day | 6 euros\n\nSeason | 90 euros\n\nDogs may not come in."
    )
    assert all(paragraph in text.split("\n\n") for paragraph in PARAGRAPHS)


def rows_of(table: str) -> list[str]:
    """The lines of a page that its table is read as."""
    return lines_of(f"<table>{table}</table>")


def lines_of(block: str) -> list[str]:
    """The lines of a page that a block at its end is read as."""
    markup = page().replace("</article>", f"{block}</article>")
    return read_html(markup.encode(), "file", "/f.html").text.split("\n\n")[len(PARAGRAPHS) + 1 :]


def row(*cells: str) -> str:
    return f"<tr>{''.join(cell if cell.startswith('<t') else f'<td>{cell}</td>' for cell in cells)}</tr>"


def test_an_empty_cell_keeps_its_place():
    table = row("<th></th>", "<th>Single</th>", "<th>Return</th>") + row("Bicycle", "", "£5") + row("Car", "£38")
    assert rows_of(table) == ["– | Single | Return", "Bicycle | – | £5", "Car | £38 | –"]


def test_a_cell_stands_in_each_row_and_column_that_it_spans():
    table = (
        row("<th>Day</th>", '<th colspan="2">Boats</th>')
        + row('<td rowspan="2">Sunday</td>', "10:00", "Tern")
        + row("16:00", "Aurelia")
        + row("Monday", "07:10", "Tern")
    )
    assert rows_of(table) == [
        "Day | Boats | Boats",
        "Sunday | 10:00 | Tern",
        "Sunday | 16:00 | Aurelia",
        "Monday | 07:10 | Tern",
    ]


def test_a_cell_that_only_shows_something_is_not_empty():
    table = row("Plan", "Locker", "Desk") + row("Flex", '<img src="a.png" alt="yes">', "<svg></svg>")
    assert rows_of(table) == ["Plan | Locker | Desk", "Flex | yes | …"]


def test_what_is_no_row_of_columns_gets_no_empty_cells():
    groups = row('<td colspan="3">Groups of ten</td>')
    assert rows_of(row("Adults", "6 euros") + groups + row("", "") + row("Season", "90 euros")) == [
        "Adults | 6 euros",
        "Groups of ten",
        "Season | 90 euros",
    ]
    assert rows_of(row("", "A page laid out as a table.") + row("", "It has one column.")) == [
        "A page laid out as a table.",
        "It has one column.",
    ]


def test_cells_that_claim_to_span_without_end_make_no_endless_text():
    wide = row(*(f'<td colspan="9" rowspan="{"9" * 5_000}">{"x" * 400}</td>' for _ in range(3)))
    assert len("".join(rows_of(wide + row("a") * 5_000))) < 1_100_000


def test_a_term_and_its_definition_are_one_line():
    bookings = "<dt>Court bookings</dt><dd>Ollie Gant,\n<b>courts</b>@tennis.example</dd>"
    welfare = "<div><dt>Welfare:</dt><dt>Complaints</dt><dd>Priya Nair</dd><dd>Room 2</dd></div>"
    assert lines_of(f"<dl>{bookings}{welfare}</dl>") == [
        "Court bookings: Ollie Gant, courts@tennis.example",
        "Welfare, Complaints: Priya Nair; Room 2",
    ]


def test_a_term_that_asks_or_has_more_to_it_stands_above():
    asked = "<dt>Can I bring my dog?</dt><dd>Sorry, no.</dd>"
    longer = "<dt>Lost property</dt><dd>It is kept in the office. After three months it is sold.</dd>"
    blocks = "<dt>Bring</dt><dd><ul><li>a torch</li><li>warm socks</li></ul></dd>"
    lines = [
        "Can I bring my dog?",
        "Sorry, no.",
        "Lost property",
        "It is kept in the office. After three months it is sold.",
    ]
    assert lines_of(f"<dl>{asked}{longer}{blocks}</dl>") == [*lines, "Bring", "- a torch\n- warm socks"]


def test_a_list_of_definitions_in_another_loses_nothing():
    inner = "<dl><dt>Welfare officer</dt><dd>Priya Nair</dd></dl>"
    text = " ".join(lines_of(f"<dl><dt>Club officers</dt><dd>They are elected. {inner}</dd></dl>"))
    assert all(words in text for words in ("Club officers", "They are elected.", "Welfare officer", "Priya Nair"))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<ul><li>Boots with <b>steel</b> caps.<ul><li>Red</ul><li><p>A hat.</ul>",
            "- Boots with steel caps.\n  - Red\n- A hat.",
        ),
        ("<ol><li>Take the bus.<li><p>Walk. Then ring.</ol>", "1) Take the bus.\n2) Walk. Then ring."),
        ("<ol start=7><li>Take the bus.<li><b>Walk</b> on.</ol>", "7) Take the bus.\n8) Walk on."),
        ("<ul><li>A hat.</ul>", "A hat."),
        ("<ol><li>A hat.</ol>", "A hat."),
    ],
)
def test_a_list_has_its_items_below_each_other(markup: str, text: str):
    inside = f"<h2>What to bring</h2>{markup}<p>Dogs may not come in.</p></article>"
    read = read_html(page().replace("</article>", inside).encode(), "file", "/f.html").text
    assert read.endswith(f"What to bring\n\n{text}\n\nDogs may not come in.")


def test_the_declared_encoding_is_used():
    text = page("windows-1251").replace("Troops", "Войска").replace("“", '"').replace("”", '"')
    assert read_html(text.encode("cp1251"), "f", "/f.html").title == "Войска arrive"


def test_the_encoding_of_the_transport_is_used():
    data = "<p>naïve café</p>".encode("latin-1")
    assert read_html(data, "f", "/f.html", charset="iso-8859-1").text == "naïve café"


def test_the_address_it_was_fetched_from_is_its_link_where_it_names_none():
    draft = read_html(b"<p>Short.</p>", "f", "https://example.org/a", url="https://example.org/a")
    assert (draft.url, draft.address) == ("https://example.org/a", "https://example.org/a")


def test_a_page_in_which_no_article_is_found_is_read_block_by_block():
    data = (
        b"<title>T &amp; U</title><style>x</style><div>One<br>two</div><ul><li>three<li>four &lt; five</ul><!-- six -->"
    )
    draft = read_html(data, "f", "/f.html")
    assert (draft.title, draft.text) == ("T & U", "One\n\ntwo\n\n- three\n- four < five")


def test_a_page_without_a_title_is_named_after_its_file():
    assert read_html(b"<p>Text.</p>", "file", "/f.html").title == "file"


@pytest.mark.parametrize(
    "data", [b"<html><script>x</script></html>", b"<html></html>", b"<!-- a -->", b"<svg> <p>A</p><p>B</p></svg>"]
)
def test_a_page_without_text_is_refused(data: bytes):
    with pytest.raises(ReadError, match="no text"):
        read_html(data, "f", "/f.html")


def test_a_part_of_a_page_is_its_words():
    assert fragment_text("<p>A&nbsp;b</p><p>c<script>d</script>") == "A b\n\nc"
    assert fragment_text("1 < 2 and 3 > 2") == "1 < 2 and 3 > 2"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "<table>",
                "<tr>",
                '<th colspan="2" rowspan="2">',
                "<td>",
                "<dl>",
                "<dt>",
                "<dd>",
                "<a",
                "<!--",
                "-->",
                "<!",
                "]]>",
                "<html>",
                "&",
                "&#0;",
                "&#xd800;",
                "a",
                "é",
            ]
        )
    )
)
def test_any_markup_is_read_or_refused(pieces: list[str]):
    try:
        draft = read_html(" ".join(pieces).encode(), "f", "/f.html")
    except ReadError:
        return
    assert draft.text.strip()
