"""kill -9 at any moment: every question is answered, in order, and a kill costs one duplicate at most."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest

from tests.end_to_end.conftest import QUESTION, SENTENCE, Start
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import Json, Telegram


@dataclass
class Chaos:
    """Groups that ask (there an answer is a reply, which tells the question it belongs to) and a bot that dies."""

    telegram: Telegram
    bot: Bot
    random: random.Random
    chats: list[int]
    user: int
    asked: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    async def ask(self, count: int) -> None:
        for _ in range(count):
            chat = min(self.random.sample(self.chats, 3), key=lambda chat: len(self.asked[chat]))
            message = await self.telegram.say(chat, f"/ask {QUESTION}", user=self.user)
            self.asked[chat].append(message["message_id"])

    async def live_and_die(self) -> None:
        """A life of the bot, cut off after a few calls to Telegram and at a random moment of what follows them."""
        calls = len(await self.telegram.calls("sendMessage"))
        self.bot.start()
        await self.telegram.calls("sendMessage", calls + self.random.randint(1, 5), timeout=60)
        for _ in range(self.random.randrange(8)):
            await self.telegram.state()
        self.bot.kill()

    async def answers(self) -> dict[int, list[int]]:
        """chat -> the questions that its messages answer, in order. A note that it takes long is not an answer."""
        answered: dict[int, list[int]] = {}
        for chat in self.chats:
            said: list[Json] = []
            while not set(self.asked[chat]) <= set(answered.setdefault(chat, [])):
                said = await self.telegram.said(chat, len(said) + 1, timeout=120)
                answered[chat] = [
                    message["reply_to_message"]["message_id"] for message in said if SENTENCE in message["text"]
                ]
        return answered


async def chaos(telegram: Telegram, bot: Bot, kills: int, chats: int, questions: int, seed: int) -> tuple[int, int]:
    """Runs it and checks the promise; returns how many messages came twice and how many were lost."""
    user = await telegram.user(1)
    groups = [
        await telegram.chat(-1000 - number, "supergroup", {user: "creator", "bot": "member"}) for number in range(chats)
    ]
    run = Chaos(telegram, bot, random.Random(seed), groups, user)
    for number in range(kills):
        await run.ask((questions * (number + 1)) // kills - (questions * number) // kills)
        await run.live_and_die()
    bot.start()
    answered = await run.answers()
    assert bot.stop() == 0
    answered = await run.answers()
    counts = {chat: Counter(answers) for chat, answers in answered.items()}
    lost = sum(question not in counts[chat] for chat in groups for question in run.asked[chat])
    twice = sum(count - 1 for counter in counts.values() for count in counter.values())
    for chat in groups:
        assert list(dict.fromkeys(answered[chat])) == run.asked[chat], "the order of a chat"
    return twice, lost


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_every_question_is_answered_though_the_bot_is_killed(
    own_telegram: Telegram, start: Start, webhook: bool
) -> None:
    kills = 3
    bot = start(webhook=webhook, run=False)
    twice, lost = await chaos(own_telegram, bot, kills, chats=5, questions=24, seed=1)
    assert lost == 0
    assert twice <= kills


@pytest.mark.soak
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_hundred_kills_while_twenty_chats_ask_five_hundred_questions(
    own_telegram: Telegram, start: Start, webhook: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = start(webhook=webhook, run=False)
    twice, lost = await chaos(own_telegram, bot, kills=100, chats=20, questions=500, seed=2)
    with capsys.disabled():
        print(f"\n100 kills, 500 questions, webhook={webhook}: {lost} lost, {twice} came twice")
    assert lost == 0
    assert twice <= 100
