"""A file or a folder comes in one article at a time, and nothing broken stops the rest."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.readers as readers
from index.article import Draft
from index.errors import ReadError
from index.readers import SUFFIXES, ReadFailure, count, read

ENTRY = "<item><title>T</title><description>D.</description></item>"
RSS = f"<rss version='2.0'><channel><title>F</title>{ENTRY}</channel></rss>"


def write(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_a_folder_is_read_recursively_in_the_order_of_names(tmp_path: Path):
    write(
        tmp_path,
        b_txt="B.",
        a__z_md="# H\n\nZ.",
        a__a_html="<p>A.</p>",
        c_jsonl='{"text": "C."}\n{"text": "D."}',
        d_xml=RSS,
    )
    assert [draft.text for draft in read(tmp_path)] == ["A.", "Z.", "B.", "C.", "D.", "D."]
    assert count(tmp_path) == 5


def test_hidden_files_and_unknown_suffixes_are_passed_over(tmp_path: Path):
    write(tmp_path, a_TXT="A.", _hidden_txt="no", _git__x_txt="no", b_pdf="no", c_txt_bak="no", README="no")
    assert [draft.text for draft in read(tmp_path)] == ["A."]


def test_an_address_is_the_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, sub__a_txt="A.")
    monkeypatch.chdir(tmp_path)
    assert [draft.address for draft in read(Path("sub/../sub"))] == [str(tmp_path / "sub" / "a.txt")]
    assert [draft.address for draft in read(Path("sub/a.txt"))] == [str(tmp_path / "sub" / "a.txt")]


def test_links_in_a_circle_end(tmp_path: Path):
    write(tmp_path, sub__a_txt="A.")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "sub" / "self").symlink_to(tmp_path / "sub")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere.txt")
    items = list(read(tmp_path))
    assert [item.text for item in items if isinstance(item, Draft)] == ["A."]
    assert [type(item) for item in items].count(ReadFailure) == 1


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n ", "empty"),
        ("a.txt", b"\x89PNG\x00\x00", "binary"),
        ("a.md", b"\x00\x01", "binary"),
        ("a.html", b"<script>x</script>", "no text"),
        ("a.json", b"{", "no JSON"),
        ("a.json", b'{"id": 1}', "neither"),
        ("a.jsonl", b"", "empty"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.xml", b"<html/>", "no feed"),
        ("a.rss", b"<rss version='2.0'><channel><title>x</title></channel></rss>", "no entries"),
    ],
)
def test_a_broken_file_is_refused_and_the_rest_goes_on(tmp_path: Path, name: str, content: bytes, reason: str):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.txt").write_text("Z.")
    bad, good = read(tmp_path)
    assert isinstance(bad, ReadFailure)
    assert bad.address == str(tmp_path / name)
    assert reason in bad.reason
    assert isinstance(good, Draft)


def test_a_file_that_is_too_large_is_refused_unread_and_a_large_jsonl_is_not(tmp_path: Path):
    large = tmp_path / "a.txt"
    with large.open("wb") as stream:
        stream.truncate(200_000_000)
    (tmp_path / "b.jsonl").write_text('{"text": "B."}\n' + " " * readers.LARGEST_FILE + "\n")
    bad, good = read(tmp_path)
    assert "200,000,000 bytes" in bad.reason
    assert good.text == "B."


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, a_txt="A.", b_txt="B.")

    def forbidden(path: Path) -> bytes:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return b"B."

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    bad, good = read(tmp_path)
    assert "permissions" in bad.reason
    assert good.text == "B."


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "a.txt")
    (bad,) = read(tmp_path)
    assert "no regular file" in bad.reason


def test_what_is_not_there_or_not_known_is_an_error(tmp_path: Path):
    write(tmp_path, a_pdf="x", README="x")
    with pytest.raises(ReadError, match="no file or folder"):
        list(read(tmp_path / "nothing.txt"))
    for name in ("a.pdf", "README"):
        with pytest.raises(ReadError, match="no format that can be read"):
            list(read(tmp_path / name))
    with pytest.raises(ReadError, match="no articles"):
        list(read(tmp_path))


def test_reading_is_lazy(tmp_path: Path):
    write(tmp_path, a_txt="A.", b_txt="B.")
    stream = read(tmp_path)
    assert next(stream).text == "A."
    (tmp_path / "b.txt").write_text("Changed.")
    assert next(stream).text == "Changed."


def test_a_telegram_export_and_feeds_are_recognised(tmp_path: Path):
    export = {
        "name": "C",
        "id": 1,
        "messages": [{"id": 5, "type": "message", "date": "2024-10-31T10:00:00", "text": "T."}],
    }
    feed = {"version": "https://jsonfeed.org/version/1", "title": "F", "items": [{"id": "1", "content_text": "J."}]}
    write(tmp_path, result_json=json.dumps(export), feed_json=json.dumps(feed), feed_atom=RSS)
    assert [draft.text for draft in read(tmp_path)] == ["D.", "J.", "T."]


def test_the_total_is_counted_cheaply(tmp_path: Path):
    write(tmp_path, a_jsonl="1\n2\n3", b_jsonl="1\n2\n", c_txt="x")
    assert [count(tmp_path / name) for name in ("a.jsonl", "b.jsonl", "c.txt", "none.txt", ".")] == [3, 2, 1, None, 3]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120), st.sampled_from(sorted(SUFFIXES)))
def test_any_bytes_under_any_suffix_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
):
    path = tmp_path_factory.mktemp("any") / f"a{suffix}"
    path.write_bytes(data)
    items = list(read(path))
    assert items
    assert all(isinstance(item, (Draft, ReadFailure)) for item in items)
