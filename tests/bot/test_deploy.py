"""What is put beside the bot speaks of what exists: metrics, settings, pages, commands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest

from bot import metrics
from bot.settings import BotSettings
from bot.stock import measured
from bot.store.base import open_store
from index.library import Library
from index.settings import LibrarySettings
from index.steps import STEPS

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\bpullquote_[a-z_]+")


@pytest.fixture(scope="module")
def measurable(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Every series that a bot can give, with the names of its labels."""
    data = tmp_path_factory.mktemp("measured")
    engine = open_store(data)
    with Library.open(LibrarySettings.load(data=data)) as library, measured(engine, library):
        metrics.updates_done.labels("done")
        metrics.questions.labels("answered")
        metrics.step_seconds.labels("asking")
        metrics.calls_done.labels("sendMessage", "sent")
        lines = generate_latest(metrics.registry).decode().splitlines()
    families = {line.split()[2]: set[str]() for line in lines if line.startswith("# TYPE pullquote")}
    for line in lines:
        if found := re.match(r"(pullquote_\w+)(?:\{(.*)\})? ", line):
            families.setdefault(found[1], set()).update(re.findall(r'(\w+)="', found[2] or ""))
    for family in ("pullquote_inbox_updates", "pullquote_outbox_messages"):
        families[family].add("state")
    return families


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text("utf-8"))["groups"]
    return list(group["rules"])


def panels() -> list[dict[str, Any]]:
    return list(json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))["panels"])


EXPRESSIONS = [rule["expr"] for rule in rules()] + [target["expr"] for one in panels() for target in one["targets"]]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_dashboard_and_alerts_ask_only_for_what_is_measured(measurable: dict[str, set[str]], expression: str) -> None:
    for name in NAME.findall(expression):
        assert name in measurable, name
    labels = set().union(*(measurable[name] for name in NAME.findall(expression)))
    for name in re.findall(r'(\w+)[!=]~?"', expression):
        assert name in labels | {"job"}, name
    for group in re.findall(r"(?:by|without|ignoring) \(([^)]*)\)", expression):
        assert {one.strip() for one in group.split(",")} <= labels
    for opened, closed in ("()", "{}", "[]"):
        assert expression.count(opened) == expression.count(closed)


def test_every_alert_says_what_is_wrong_how_bad_it_is_and_where_the_way_out_stands() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
        for line in page.splitlines()
        if line.startswith("#")
    }
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"].endswith(".")
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert file == "docs/operations.md"
        assert anchor in anchors, anchor
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))


def test_the_page_names_every_step_that_is_measured_and_no_other() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    told = page.partition("`pullquote_step_seconds` tells")[2].partition("`pullquote_loop_lag")[0]
    code = "".join(path.read_text("utf-8") for path in (ROOT / "bot").glob("*.py"))
    measured_here = set(re.findall(r'step_seconds\.labels\("([a-z-]+)"\)', code))
    assert set(re.findall(r"`([a-z-]+)`", told)) == measured_here | set(STEPS)


def test_panels_do_not_overlap_and_have_a_unit() -> None:
    cells = [
        (x, y)
        for one in panels()
        for x in range(one["gridPos"]["x"], one["gridPos"]["x"] + one["gridPos"]["w"])
        for y in range(one["gridPos"]["y"], one["gridPos"]["y"] + one["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert all(x < 24 for x, _ in cells)
    assert all(one["fieldConfig"]["defaults"]["unit"] for one in panels())


def test_compose_runs_the_bot_alone_and_an_api_server_only_by_its_profile() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    assert [name for name, one in services.items() if "profiles" not in one] == ["bot"]
    bot = services["bot"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert bot["volumes"] == ["data:/data"]
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
    known = {"TELEGRAM_BOT_TOKEN"} | {f"PULLQUOTE_{name.upper()}" for name in BotSettings.model_fields}
    assert set(bot["environment"]) <= known


def test_many_bots_are_one_profile_and_the_proxy_passes_on_what_is_public_alone() -> None:
    from bot.pages import PATH

    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    profile = {name: one for name, one in services.items() if one.get("profiles") == ["postgresql"]}
    assert set(profile) == {"database", "bots", "proxy"}
    bots = profile["bots"]
    assert bots["deploy"]["replicas"] == 2
    assert (bots["read_only"], bots["cap_drop"], "ports" in bots) == (True, ["ALL"], False)
    known = {"TELEGRAM_BOT_TOKEN"} | {f"PULLQUOTE_{name.upper()}" for name in BotSettings.model_fields}
    assert set(bots["environment"]) <= known
    [public] = re.findall(r"@public path (.+)", (ROOT / "deploy" / "Caddyfile").read_text("utf-8"))
    assert public.split() == [bots["command"][-1].rpartition("}")[2], f"{PATH}*"]
    assert [name for name, one in profile.items() if "ports" in one] == ["proxy"]


def test_the_unit_stops_in_time_and_keeps_the_token_out_of_the_environment_file() -> None:
    unit = (ROOT / "deploy" / "pullquote.service").read_text("utf-8")
    said = dict(line.split("=", 1) for line in unit.splitlines() if re.match(r"[A-Z]\w+=", line))
    assert int(said["TimeoutStopSec"]) > 10, "a graceful stop takes ten seconds at most"
    assert said["KillSignal"] == "SIGTERM"
    assert said["NoNewPrivileges"] == "yes"
    assert said["LoadCredential"].startswith("token:")
    assert said["ExecStart"].endswith("pullquote serve'")
