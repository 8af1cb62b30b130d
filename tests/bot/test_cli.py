"""The command line keeps its contract: JSON as promised, three exit codes, one line for whatever is wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
TROOPS = "How many North Korean soldiers are in Russia?"
WRONG = 2


class Command:
    """`pullquote` as a process of its own, on one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = os.environ | {"PULLQUOTE_DATA": str(data), "COLUMNS": "200"}

    def __call__(self, *args: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *args],
            input=stdin,
            env=self.environment | settings,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@pytest.fixture(scope="module")
def seeds(tmp_path_factory) -> Command:
    command = Command(tmp_path_factory.mktemp("cli"))
    added = command("add", str(SEEDS))
    assert added.returncode == 0, added.stderr
    assert "0 refused" in added.stdout
    return command


@pytest.fixture
def pullquote(tmp_path) -> Command:
    return Command(tmp_path / "data")


def refuses(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, one line on stderr that holds these words, and no traceback."""
    assert done.returncode == WRONG, done
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("pullquote: ")
    for word in words:
        assert word in lines[0]


def test_ask_prints_the_quote_then_title_source_date_and_link(seeds):
    done = seeds("ask", TROOPS, "--k", "1")
    assert done.returncode == 0
    quote, source, link = done.stdout.strip().splitlines()[:3]
    assert "10,000" in quote
    assert "written for Pullquote" in source
    assert "2024-" in source
    assert link.strip().startswith("https://")


def test_ask_is_silent_with_exit_code_1(seeds):
    done = seeds("ask", "hello")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.strip() == "Nothing in the library answers that."


def test_ask_json_is_the_promised_object(seeds):
    said = json.loads(seeds("ask", TROOPS, "--json").stdout)
    assert said.keys() >= {"id", "question", "answered", "confidence", "ms", "quotes", "ranked"}
    assert said["answered"] is True
    quote = said["quotes"][0]
    assert quote.keys() >= {"sentence", "confidence", "start", "end", "snapshot", "article", "also"}
    assert quote["article"].keys() >= {"id", "title", "source", "url", "published"}
    assert said["ranked"][0].keys() >= {"sentence", "confidence", "article_id"}
    assert said["confidence"] == said["ranked"][0]["confidence"]
    assert len(quote["snapshot"]) == 64


def test_explain_names_the_parts_of_the_score(seeds):
    said = json.loads(seeds("ask", TROOPS, "--json", "--explain").stdout)
    assert said["ranked"][0]["parts"].keys() >= {"cosine", "coverage"}


def test_filters_reach_the_library(seeds):
    said = json.loads(seeds("ask", TROOPS, "--json", "--since", "2024-11-01", "--k", "10").stdout)
    assert all(each["article"]["published"] >= "2024-11-01" for each in said["quotes"])
    one = said["ranked"][0]["article_id"]
    within = json.loads(seeds("ask", TROOPS, "--json", "--in", one, "--k", "100").stdout)
    assert {each["article_id"] for each in within["ranked"]} == {one}


def test_a_batch_answers_in_order_and_a_bad_line_is_its_own_error(seeds):
    lines = [
        json.dumps({"id": "q1", "question": TROOPS}),
        "not json",
        json.dumps({"id": "q3", "question": "hello", "k": 2}),
        json.dumps({"id": "q4"}),
        json.dumps({"id": "q5", "question": TROOPS, "in": "no such article"}),
    ]
    done = seeds("ask", "--batch", "-", "--json", stdin="\n".join(lines))
    assert done.returncode == WRONG
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each.get("id") for each in said] == ["q1", None, "q3", "q4", "q5"]
    assert [each["line"] for each in said if "error" in each] == [2, 4, 5]
    assert said[0]["answered"]
    assert len(said[2]["ranked"]) <= 2
    assert "line 2" in done.stderr


def test_a_batch_prints_as_it_goes(seeds):
    command = [sys.executable, "-m", "bot", "ask", "--batch", "-", "--json"]
    with subprocess.Popen(command, env=seeds.environment, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for id in ("first", "second"):
            process.stdin.write(json.dumps({"id": id, "question": TROOPS}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == id
        process.stdin.close()
        assert process.wait(60) == 0


def test_articles_show_and_verify_print_what_is_there(seeds):
    found = [json.loads(line) for line in seeds("articles", "--json").stdout.splitlines()]
    assert len(found) >= 12
    shown = json.loads(seeds("show", found[0]["id"], "--json").stdout)
    assert [line["ordinal"] for line in shown["sentences"]] == list(range(len(shown["sentences"])))
    assert seeds("verify").returncode == 0


def test_remove_takes_an_article_out_of_answers(pullquote, tmp_path):
    (tmp_path / "a.txt").write_text("Title: Ferry\n\nThe ferry Aurora sank near Gotland on 3 May 2021.\n")
    pullquote("add", str(tmp_path / "a.txt"))
    [found] = [json.loads(line) for line in pullquote("articles", "--json").stdout.splitlines()]
    assert pullquote("remove", found["id"]).returncode == 0
    assert pullquote("ask", "When did the ferry Aurora sink?").returncode == 1
    refuses(pullquote("remove", found["id"]), found["id"])


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("ask",), ("one question",)),
        (("ask", "  "), ("empty",)),
        (("ask", "x", "--since", "yesterday"), ("yesterday", "2024-10-31")),
        (("ask", "x", "--in", "nowhere"), ("nowhere", "pullquote articles")),
        (("ask", "--batch", "/no/such/file"), ("/no/such/file",)),
        (("add", "/no/such/file"), ("/no/such/file",)),
        (("show", "nowhere"), ("nowhere",)),
        (("eval", "/no/such/file"), ("/no/such/file",)),
    ],
)
def test_wrong_use_is_one_line(seeds, args, words):
    refuses(seeds(*args), *words)


UNTIDY = "How many \udcff\udcfe passengers?"
"""What Python makes of an argument with bytes that are no text."""


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("ask", UNTIDY), 1),
        (("ask", "How many passengers?", "--source", UNTIDY), 1),
        (("ask", "How many passengers?", "--in", UNTIDY), WRONG),
        (("show", UNTIDY), WRONG),
        (("remove", UNTIDY), WRONG),
        (("verify", UNTIDY), 1),
        (("unfollow", UNTIDY), WRONG),
        (("watch", "add", UNTIDY, "--chat", "1", "--source", UNTIDY, "--with", UNTIDY), 0),
        (("watch", "remove", UNTIDY), WRONG),
    ],
)
def test_bytes_that_are_no_text_are_replaced_in_what_is_typed(pullquote, args, code):
    done = pullquote(*args)
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    assert "fault" not in done.stderr


def test_a_lone_surrogate_in_a_batch_costs_no_other_question_its_answer(seeds):
    asked = ({"id": "\ud800", "question": "How many \ud800 ferries?", "source": "\udfff"}, {"question": TROOPS})
    done = seeds("ask", "--batch", "-", "--json", stdin="\n".join(map(json.dumps, asked)))
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["question"]) == ("\ud800", "How many \ufffd ferries?")
    assert second["answered"]


def test_a_lone_surrogate_among_own_questions_costs_no_figure(seeds, tmp_path):
    asked = tmp_path / "questions.jsonl"
    asked.write_text(json.dumps({"question": "How many \ud800?", "gold": ["\ud800"], "previous": "\ud800"}) + "\n")
    done = seeds("eval", str(asked), "--json", "--save", str(tmp_path / "run.json"))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_byte_that_is_no_text_does_not_end_a_chat(seeds):
    said = f"How many \udcff soldiers?\n{TROOPS}\n".encode("utf-8", "surrogateescape")
    command = [sys.executable, "-m", "bot", "chat"]
    done = subprocess.run(command, input=said, env=seeds.environment, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "10,000 North Korean soldiers" in done.stdout.decode()


def test_a_file_whose_name_is_no_text_is_added_and_named(pullquote, tmp_path):
    for byte in (b"\xfe", b"\xff"):
        (tmp_path / os.fsdecode(b"ferry " + byte + b".txt")).write_text("The ferry Aurora sank near Gotland.\n")
    done = pullquote("add", "--json", str(tmp_path))
    assert done.returncode == 0, done.stderr
    addresses = [json.loads(line)["address"] for line in done.stdout.splitlines()]
    assert addresses == [str(tmp_path / "ferry \\xfe.txt"), str(tmp_path / "ferry \\xff.txt")]


def test_ctrl_c_is_one_line_from_the_first_moment_on(pullquote, tmp_path):
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")
    paths = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    done = pullquote("add", str(SEEDS), PYTHONPATH=paths)
    assert (done.returncode, done.stderr) == (130, "pullquote: stopped; nothing was done.\n")


def test_a_fault_of_the_program_is_one_line_and_no_answer_that_there_is_none(pullquote, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import bot.commands.articles as a\na.source_line = a.library = None\n")
    paths = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    done = pullquote("articles", PYTHONPATH=paths)
    assert done.returncode == 70
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("pullquote: a fault of the program (TypeError:")
    assert "Traceback" in pullquote("--debug", "articles", PYTHONPATH=paths).stderr


def test_own_questions_are_measured_plotted_and_compared(seeds, tmp_path):
    asked = tmp_path / "questions.jsonl"
    gold = {
        TROOPS: ["About 10,000 North Korean soldiers are in Russia"],
        "How many South Korean soldiers are there?": [],
    }
    asked.write_text("".join(json.dumps({"question": each, "gold": gold[each]}) + "\n" for each in gold))
    run, plots = tmp_path / "run.json", tmp_path / "plots"
    done = seeds("eval", str(asked), "--json", "--save", str(run), "--plots", str(plots))
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["questions"], said["mrr"], said["p1"], said["answered"], said["false_answers"]) == (
        2,
        1.0,
        1.0,
        1.0,
        0.0,
    )
    assert said["worst"] == []
    assert said["risk_coverage"][0] == [0.5, 0.0]
    assert all((plots / f"{name}.png").read_bytes()[:4] == b"\x89PNG" for name in ("reliability", "risk-coverage"))
    again = seeds("eval", str(asked), "--against", str(run))
    assert "mrr                  1.000  (was 1.000)" in again.stdout
    assert "worst mistakes" in again.stdout
    refuses(seeds("eval", str(asked), "--against", str(asked)), "no earlier run", "--save")
    refuses(seeds("eval", str(asked), "--plots", str(asked)), "questions.jsonl", "made")


def test_files_that_are_no_articles_are_refused_with_their_reason(pullquote, tmp_path):
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "broken.jsonl").write_text('{"title": "T", "text": "One sentence."}\n{"title": \n')
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    done = pullquote("add", str(folder))
    assert "1 added" in done.stdout
    assert "4 refused" in done.stdout
    said = done.stderr
    assert all(name in said for name in ("binary.txt", "empty.txt", "broken.jsonl", "huge.txt"))
    assert "line 2" in said or "#2" in said
    assert "Traceback" not in said


def test_files_that_are_passed_over_in_a_folder_are_named_in_one_line(pullquote, tmp_path):
    folder = tmp_path / "articles"
    (folder / "scans").mkdir(parents=True)
    (folder / "ferry.txt").write_text("The ferry Aurora sank near Gotland on 3 May 2021.\n")
    (folder / "scans" / "museum.pdf").write_bytes(b"%PDF-1.4")
    alone = pullquote("add", "--json", str(folder))
    assert (alone.returncode, len(alone.stdout.splitlines())) == (0, 1)
    assert alone.stderr == "pullquote: 1 file of no readable format was passed over: scans/museum.pdf.\n"
    for name in ("img.png", "plan.docx", "table.csv"):
        (folder / name).write_bytes(b"\x00")
    done = pullquote("add", str(folder))
    assert (done.returncode, done.stdout) == (0, "0 added, 0 changed, 1 unchanged, 0 refused\n")
    said = (
        "pullquote: 4 files of no readable format were passed over: img.png, plan.docx, scans/museum.pdf and 1 more.\n"
    )
    assert done.stderr == said


def test_a_folder_without_articles_is_one_line(pullquote, tmp_path):
    (tmp_path / "nothing").mkdir()
    refuses(pullquote("add", str(tmp_path / "nothing")), "no articles")


def test_a_data_folder_that_cannot_be_one_is_one_line(pullquote, tmp_path):
    (tmp_path / "file").write_text("x")
    refuses(pullquote("articles", PULLQUOTE_DATA=str(tmp_path / "file" / "data")), "file")


def test_a_data_folder_of_a_newer_version_is_one_line(pullquote):
    import sqlite3

    pullquote("articles")
    with sqlite3.connect(pullquote.data / "library.db") as database:
        database.execute("UPDATE alembic_version_index SET version_num = '9999'")
    refuses(pullquote("articles"), "newer Pullquote")


def test_a_model_folder_without_weights_is_one_line(seeds, tmp_path):
    refuses(seeds("ask", TROOPS, PULLQUOTE_MODEL=str(tmp_path)), "index.models")


def test_a_setting_that_cannot_be_used_is_named(seeds):
    refuses(seeds("ask", TROOPS, PULLQUOTE_FALSE_ANSWERS="often"), "false_answers")


def test_asking_imports_neither_torch_nor_sentence_transformers(seeds):
    code = (
        "import sys; from bot.cli import app; app(['ask', sys.argv[1]], standalone_mode=False);"
        "assert not {'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, TROOPS], env=seeds.environment, check=True, capture_output=True)


@pytest.mark.parametrize("moments", [4, pytest.param(200, marks=pytest.mark.soak)])
def test_a_kill_at_any_moment_of_add_leaves_whole_articles_and_the_next_add_completes(tmp_path, moments):
    import random

    folder = tmp_path / "articles"
    folder.mkdir()
    rng = random.Random(0)
    for n in range(200):
        lines = [f"In {rng.randrange(1900, 2020)} the mill number {rng.randrange(9999)} was sold." for _ in range(12)]
        (folder / f"{n:03d}.txt").write_text(f"Title: Mill {n}\n\n" + " ".join(lines) + "\n")
    for moment in range(moments):
        pullquote = Command(tmp_path / "data")
        if moment % 10 == 0:
            shutil.rmtree(pullquote.data, ignore_errors=True)
        command = [sys.executable, "-m", "bot", "add", "--json", str(folder)]
        with subprocess.Popen(command, env=pullquote.environment, stdout=-1, text=True) as process:
            assert process.stdout is not None
            for _ in range(rng.randrange(0, 150)):
                if not process.stdout.readline():
                    break
            process.send_signal(signal.SIGKILL)
        assert pullquote("verify").returncode == 0
        assert pullquote("ask", "When was the mill number 17 sold?").returncode in (0, 1)
    done = pullquote("add", str(folder))
    assert done.returncode == 0
    assert "0 refused" in done.stdout
    assert len(pullquote("articles").stdout.splitlines()) == 200


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--nope",), ("--nope", "pullquote --help")),
        (("frobnicate",), ("frobnicate", "pullquote --help")),
        (("add",), ("missing", "pullquote add --help")),
        (("watch", "add"), ("missing", "pullquote watch add --help")),
        (("ask", "Why?", "--k", "many"), ("--k", "pullquote ask --help")),
    ],
)
def test_wrong_use_is_one_line_that_names_the_help(pullquote, args, words):
    refuses(pullquote(*args), *words)


def test_the_version_is_that_of_the_package(pullquote):
    import tomllib

    project = tomllib.loads((SEEDS.parent / "pyproject.toml").read_text("utf-8"))["project"]
    assert pullquote("--version").stdout == f"pullquote {project['version']}\n"
