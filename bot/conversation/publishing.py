"""A channel's posts as articles, where its administrators have turned that on."""

from __future__ import annotations

from bot.conversation.library import QuoteLibrary
from bot.conversation.state import ChatState
from bot.conversation.turn import Job, TakePost, Turn
from bot.incoming import Message as Said
from index.article import ArticleId
from index.errors import NotFound
from index.readers.telegram_export import post_id

CHANNELS = -(10**12)
"""The Bot API's id of a channel is this, less the channel's own id: core.telegram.org/api/bots/ids."""


def published(library: QuoteLibrary, state: ChatState, said: Said) -> Turn:
    """A post that is new or was edited becomes an article, or a new snapshot of the one that it is; one that was edited
    to nothing is withdrawn. Posts from before that was turned on are left alone, unless they are articles already."""
    article = article_of(said.chat.id, said.message_id)
    is_known = _knows(library, article)
    is_new = state.posts_after is not None and said.message_id > state.posts_after
    if said.post is None or not (is_known or (is_new and said.text.strip())):
        return Turn((), state)
    job = Job(said.key, said.chat.id, "", "")
    post, source = said.post, said.chat.title or "Telegram"
    return Turn((), state, (TakePost(job, article, said.text, source, post.url, post.day.isoformat(), post.author),))


def article_of(chat: int, post: int) -> ArticleId:
    """The article that a channel's post is, or would be: the same as in an export of the channel."""
    return post_id(CHANNELS - chat if chat < CHANNELS else chat, post)


def _knows(library: QuoteLibrary, article: ArticleId) -> bool:
    try:
        library.article(article)
    except NotFound:
        return False
    return True
