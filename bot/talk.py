"""From a stored update to what follows from it: translate, look up, ask, respond, render."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa
import structlog

from bot import conversation, metrics
from bot.conversation.setup import Setup
from bot.conversation.state import ChatState
from bot.conversation.turn import AddFile, AddLink, Effect, Forget, Judged, Recheck, Remove, TakePost, Turn
from bot.conversation.watchbook import Watchbook
from bot.errors import ApiRefused, ApiUnreachable
from bot.inbox import Outcome
from bot.incoming import Channel, Incoming, InlineQuery, Message, Press
from bot.jobs import Jobs
from bot.outbox import Api, outgoing
from bot.render import telegram as render
from bot.reply import Block, Content, Edit, Reply, Span, Typing
from bot.reply import Message as Said
from bot.states import States
from bot.store import alerts, chats, judgements, outbox, shown, watches, whole_chat
from bot.store.outbox import Outgoing
from bot.store.shown import ShownQuote
from bot.store.updates import Update
from bot.telegram.incoming import Translator, lane_of, migration
from bot.together import Together
from bot.watches.alert import Declined
from bot.words import language, words
from index.article import Answer, Question, SentenceId
from index.store.engine import reading

log = structlog.get_logger()

TYPING_AFTER, TYPING_AGAIN = 0.5, 4.5
"""Telegram shows "typing…" for five seconds."""
TYPING_AT_ONCE = 4
"""Calls for "typing…" on their way. Where more chats wait, a courtesy must not cost the answers their time."""
ADMINISTRATORS = ("creator", "administrator")

Write = Callable[[sa.Connection], None]


@dataclass(frozen=True, slots=True)
class Talk:
    """The bot's side of every chat. An instance is the inbox's `Process`."""

    engine: sa.Engine
    api: Api
    library: conversation.QuoteLibrary
    together: Together
    jobs: Jobs
    setup: Setup
    watchbook: Watchbook | None = None
    states: States = field(default_factory=States)
    _typing: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, update: Update) -> Outcome:
        moved = migration(update.body)
        if moved is not None:
            old, new = moved
            return Outcome(writes=[lambda connection: whole_chat.move(connection, old, new)])
        incoming, state = await asyncio.to_thread(self._read, update)
        if incoming is None:
            return Outcome()
        if conversation.needs_admin(incoming, state, self.setup):
            incoming = await self._with_standing(incoming)
        # The time of arrival: an update that is processed again after a crash must come to the same replies.
        now = datetime.fromtimestamp(update.received_at, UTC)
        question = conversation.question(state, incoming, now, self.setup)
        answer = None if question is None else await self._answer(question, incoming)
        incoming = await self._with_channel(incoming)
        with metrics.step_seconds.labels("composing").time():
            turn = await asyncio.to_thread(
                conversation.respond, self.library, state, incoming, now, self.setup, answer, self.watchbook
            )
        return self._outcome(incoming, state, turn, update)

    async def reassure(self, update: Update) -> list[Outgoing]:
        """What to say while a question has to wait: the inbox's `Reassure`."""
        incoming, state = await asyncio.to_thread(self._read, update)
        if not isinstance(incoming, Message):
            return []
        now = datetime.fromtimestamp(update.received_at, UTC)
        if conversation.question(state, incoming, now, self.setup) is None:
            return []
        said = words(language(state.lang, incoming.user.language_code if incoming.user else None)).say("ask.waiting")
        reply_to = incoming.message_id if incoming.chat.is_shared else None
        content = Content((Block((Span(said),)),))
        note = Said(f"{incoming.key}.waiting", incoming.chat.id, content, incoming.chat.topic, reply_to)
        return _rows([note], update.received_at)

    async def apologise(self, update: Update) -> list[Outgoing]:
        """What to say where an update can't be answered for a fault of ours: the inbox's first apology."""
        incoming, state = await asyncio.to_thread(self._read, update)
        now = datetime.fromtimestamp(update.received_at, UTC)
        reply = None if incoming is None else conversation.apology(state, incoming, now, self.setup)
        return [] if reply is None else _rows([reply], update.received_at)

    async def apologise_barely(self, update: Update) -> list[Outgoing]:
        """The same without understanding the update, which may be what failed; only in private is it sure that someone
        waits."""
        message = update.body.get("message") or {}
        chat = message.get("chat") or {}
        if chat.get("type") != "private":
            return []
        code = (message.get("from") or {}).get("language_code")
        return _rows([conversation.bare_apology(update.key, int(chat["id"]), code)], update.received_at)

    def _read(self, update: Update) -> tuple[Incoming | None, ChatState]:
        with reading(self.engine) as connection:
            translator = Translator(self.setup.bot_id, partial(outbox.key_of, connection))
            incoming = translator.translate(update.body)
            if incoming is None:
                return None, ChatState()
            stored = chats.state(connection, conversation.chat_of(incoming))
            incoming = with_shown(connection, incoming)
        return incoming, self.states.read(stored)

    async def _with_standing(self, incoming: Incoming) -> Incoming:
        """The event with `is_admin` looked up. Raises ApiUnreachable: then it waits."""
        if not isinstance(incoming, Message | Press) or incoming.chat is None:
            return incoming
        try:
            return replace(incoming, is_admin=await self._is_admin(incoming, incoming.chat.id))
        except ApiRefused as error:
            log.info("who administers a chat can't be told", chat=incoming.chat.id, error=str(error))
            if error.code == 429 or error.code >= 500:
                raise ApiUnreachable(str(error)) from error
            return replace(incoming, is_admin=False)

    async def _is_admin(self, incoming: Message | Press, chat: int) -> bool:
        if incoming.user is None:
            # Someone writes as a channel: the chat's linked channel speaks for its administrators.
            found = await self.api.call("getChat", {"chat_id": chat})
            return isinstance(incoming, Message) and bool(found.get("linked_chat_id") == incoming.sender_chat)
        member = await self.api.call("getChatMember", {"chat_id": chat, "user_id": incoming.user.id})
        return str(member["status"]) in ADMINISTRATORS

    async def _with_channel(self, incoming: Incoming) -> Incoming:
        """The event with the channel that it names looked up. Raises ApiUnreachable: then it waits."""
        name = conversation.names_channel(incoming, self.setup)
        if name is None or not isinstance(incoming, Message) or incoming.user is None:
            return incoming
        try:
            chat = await self.api.call("getChat", {"chat_id": f"@{name}"})
            if chat["type"] != "channel":
                return incoming
            member, own = [
                await self.api.call("getChatMember", {"chat_id": chat["id"], "user_id": user})
                for user in (incoming.user.id, self.setup.bot_id)
            ]
        except ApiRefused as error:
            if error.code == 429 or error.code >= 500:
                raise ApiUnreachable(str(error)) from error
            log.info("a channel can't be looked up", error=str(error))
            return incoming
        posts = own["status"] == "administrator" and own.get("can_post_messages") is not False
        found = Channel(int(chat["id"]), str(chat["title"]), str(member["status"]) in ADMINISTRATORS, posts)
        return replace(incoming, channel=found)

    async def _answer(self, question: Question, incoming: Incoming) -> Answer:
        """The library's answer, with "typing…" shown while it takes long."""
        typing = asyncio.create_task(self._show_typing(incoming))
        try:
            return await self.together.ask(question)
        finally:
            typing.cancel()

    async def _show_typing(self, incoming: Incoming) -> None:
        shown_as = conversation.typing(incoming)
        if shown_as is None:
            return
        await asyncio.sleep(TYPING_AFTER)
        while True:
            if len(self._typing) < TYPING_AT_ONCE:
                # On its own: the answer may come at any moment, and a call that is broken off costs a connection.
                call = asyncio.create_task(self._call_typing(shown_as))
                self._typing.add(call)
                call.add_done_callback(self._typing.discard)
            await asyncio.sleep(TYPING_AGAIN)

    async def _call_typing(self, shown_as: Typing) -> None:
        for call in render.calls(shown_as):
            try:
                await self.api.call(call.method, call.params)
            except (ApiRefused, ApiUnreachable) as error:
                log.debug("typing was not shown", error=str(error))

    def _outcome(self, incoming: Incoming, state: ChatState, turn: Turn, update: Update) -> Outcome:
        now, chat = update.received_at, conversation.chat_of(incoming)
        writes: list[Write] = [] if turn.state == state else [_save(chat, self.states.written(turn.state), now)]
        topic = 0 if isinstance(incoming, InlineQuery) or incoming.chat is None else incoming.chat.topic or 0
        writes.append(lambda connection: chats.can_reach(connection, lane_of(update.body), topic))
        after: list[Callable[[], None]] = []
        for effect in turn.effects:
            writes += self._written(effect, now)
            if isinstance(effect, Declined):
                after.append(metrics.watches_refused.labels(effect.reason).inc)
            if isinstance(effect, AddFile | AddLink | Remove | Recheck | TakePost):
                after.append(partial(self.jobs.begin, effect))
        writes.append(partial(shown.add, quotes=_shown(turn.replies, now)))
        with metrics.step_seconds.labels("render").time():
            rows = _rows(turn.replies, now)
        return Outcome(rows, writes, after)

    def _written(self, effect: Effect, now: float) -> list[Write]:
        """What an effect writes in the commit that answers its event."""
        match effect:
            case Forget(chat):
                return [lambda connection: whole_chat.forget(connection, chat)]
            case Judged(chat, user, sentence, question, useful, at):
                judged = (chat, user, sentence, question, useful, at.timestamp())
                return [lambda connection: judgements.judge(connection, *judged)]
            case AddFile() | AddLink() | Remove() | Recheck() | TakePost():
                return [self.jobs.keep(effect, now)]
            case Declined():
                return []
            case _:
                return [partial(watches.carry_out, effect=effect)]


def with_shown(connection: sa.Connection, incoming: Incoming) -> Incoming:
    """The event with the quotes of the message that it replies to, where that is one of the bot's: of an alert or a
    digest what it told, of any other all that it showed."""
    if not isinstance(incoming, Message) or incoming.reply_to is None or not incoming.reply_to.from_self:
        return incoming
    earlier = incoming.reply_to
    keys = [f"m{earlier.message_id}", *([earlier.key] if earlier.key else [])]
    found = [alert.sentence for alert in alerts.in_message(connection, earlier.key)] if earlier.key else []
    shows = found or map(SentenceId, shown.of_message(connection, incoming.chat.id, keys))
    return replace(incoming, reply_to=replace(earlier, shows=tuple(shows)))


def _save(chat: int, state: str, now: float) -> Write:
    return lambda connection: chats.save(connection, chat, state, now)


def _rows(replies: Sequence[Reply], now: float) -> list[Outgoing]:
    return [outgoing(call, now) for reply in replies for call in render.calls(reply)]


def _shown(replies: Sequence[Reply], now: float) -> list[ShownQuote]:
    """The quotes that these replies put into chats."""
    found: list[ShownQuote] = []
    for reply in replies:
        content: Content | None = reply.content if isinstance(reply, Said | Edit) else None
        if content is None or not isinstance(reply, Said | Edit):
            continue
        target = reply.target if isinstance(reply, Edit) else reply.key
        key = target if isinstance(target, str) else f"m{target}"
        found += [ShownQuote(reply.chat, key, one.sentence, one.snapshot, now) for one in content.shows]
    return found
