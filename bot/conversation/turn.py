"""What comes of an event: replies, the chat's new state, and effects for the serving loop to carry out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.state import ChatState
from bot.reply import Reply
from bot.watches.alert import Declined, WatchEffect
from index.article import ArticleId, SentenceId
from index.revise import Revision


@dataclass(frozen=True, slots=True)
class Job:
    """Work whose progress is told by editing one message: `message` is that message's outbox key, "" where nobody is
    told."""

    key: str
    chat: int
    message: str
    lang: str


@dataclass(frozen=True, slots=True)
class AddFile:
    """Read the file with this Telegram file id and add its articles."""

    job: Job
    file_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AddLink:
    """Fetch the address and add what it holds."""

    job: Job
    url: str


@dataclass(frozen=True, slots=True)
class Remove:
    job: Job
    article: ArticleId


@dataclass(frozen=True, slots=True)
class Recheck:
    """Ask the source of a sentence whether it still says so."""

    job: Job
    sentence: SentenceId


@dataclass(frozen=True, slots=True)
class TakePost:
    """A channel's post is an article, as it stands now; without `text` it is one no longer. `day` is ISO 8601."""

    job: Job
    article: ArticleId
    text: str
    source: str
    url: str | None
    day: str
    author: str | None


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete everything that is stored about this chat."""

    chat: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A thumb under an answer. `question` only where its own asker pressed; `useful` None takes the judgement back."""

    chat: int
    user: int
    sentence: SentenceId
    question: str | None
    useful: bool | None
    at: datetime


Effect = AddFile | AddLink | Remove | Recheck | TakePost | Forget | Judged | Declined | WatchEffect


@dataclass(frozen=True, slots=True)
class Turn:
    replies: tuple[Reply, ...]
    state: ChatState
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The file or page of that name is being read."""

    name: str


@dataclass(frozen=True, slots=True)
class Adding:
    """`done` of `total` articles; `total` 0 while it is not known."""

    done: int
    total: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """How many articles were added, changed, already there and refused; `title` where it was exactly one; `reasons`:
    why some were refused, a line each, as few as a reader wants."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    title: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    title: str


@dataclass(frozen=True, slots=True)
class Failed:
    """`reason` is one line, as the library's errors have it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What became of the sentence at its source."""

    revision: Revision


Step = Reading | Adding | Done | Removed | Rechecked | Failed
