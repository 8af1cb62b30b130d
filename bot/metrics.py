"""What is counted and measured, for /metrics (Prometheus)."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

registry = CollectorRegistry()

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

updates_accepted = Counter("pullquote_updates_accepted", "Updates stored in the inbox.", registry=registry)
updates_done = Counter("pullquote_updates_done", "Updates processed, by outcome.", ["outcome"], registry=registry)
updates_waiting = Gauge("pullquote_updates_waiting", "Updates accepted and not processed yet.", registry=registry)
answer_seconds = Histogram(
    "pullquote_answer_seconds",
    "From an update's arrival to its replies in the outbox.",
    buckets=SECONDS,
    registry=registry,
)
questions_together = Histogram(
    "pullquote_questions_together",
    "Questions asked of the library at once.",
    buckets=(1, 2, 4, 8, 16, 32),
    registry=registry,
)
questions = Counter(
    "pullquote_questions",
    "Questions asked of the library, by outcome: answered, silent, failed.",
    ["outcome"],
    registry=registry,
)
step_seconds = Histogram(
    "pullquote_step_seconds",
    "Steps of a question (or of those asked together): waiting for the library, asking it, and in that embed, vectors, "
    "words and cross-encoder; composing the reply, and render for Telegram; send, a call of the Bot API.",
    ["step"],
    buckets=SECONDS,
    registry=registry,
)
calls_done = Counter(
    "pullquote_calls", "Calls to the Bot API, by method and outcome.", ["method", "outcome"], registry=registry
)
messages_waiting = Gauge("pullquote_messages_waiting", "Rows of the outbox that wait.", registry=registry)
send_seconds = Histogram(
    "pullquote_send_seconds", "From a row's creation to its delivery.", buckets=SECONDS, registry=registry
)
loop_lag_seconds = Histogram(
    "pullquote_loop_lag_seconds",
    "How late the event loop wakes up.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1),
    registry=registry,
)

alerts = Counter(
    "pullquote_alerts",
    "New sentences that answer a watch, by what became of them: sent, repeated (collapsed into an alert that says the "
    "same), corrected (told by a correction), or held for a digest: digest, quiet, many, away, unreachable.",
    ["outcome"],
    registry=registry,
)
digests = Counter("pullquote_digests", "Digests sent.", registry=registry)
alert_edits = Counter("pullquote_alert_edits", "Alerts edited to name other articles that say so.", registry=registry)
watches_refused = Counter(
    "pullquote_watches_refused",
    "Watches not taken, by reason: known, too_many, full, too_often, channel.",
    ["reason"],
    registry=registry,
)
match_seconds = Histogram(
    "pullquote_match_seconds",
    "Matching one stretch of new sentences with all watches.",
    buckets=SECONDS,
    registry=registry,
)


def observe_step(name: str, seconds: float) -> None:
    """Counts a step of a question."""
    step_seconds.labels(name).observe(seconds)
