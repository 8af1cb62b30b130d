"""A channel's posts as a source, over real sockets: turned on by its administrators, corrected and taken back there."""

from __future__ import annotations

from tests.fake_telegram.client import Telegram

QUESTION = "When does the night bus to Ness run?"
POST = "The night bus to Ness runs from half past eleven until four."
EDITED = "The night bus to Ness runs from midnight until four."


async def test_a_channels_posts_reach_those_who_wait_for_them_until_they_are_taken_back(telegram: Telegram) -> None:
    owner, reader = await telegram.user(120, "Olha", language_code="en"), await telegram.user(121, language_code="en")
    members = {owner: "creator", "bot": "administrator"}
    channel = await telegram.chat(-1001200000120, "channel", members, username="daily_ness", title="Daily Ness")
    await telegram.say(reader, f"/watch {QUESTION}")
    await telegram.said(reader, 1)
    await telegram.say(channel, "The night bus to Ness runs all night.", user=owner)
    await telegram.say(channel, "/settings", user=owner)
    (panel,) = await telegram.said(channel, 1)
    await telegram.answer(await telegram.press(channel, panel["message_id"], "📥 yes", user=owner))

    post = await telegram.say(channel, POST, user=owner)
    (alert,) = [one for one in await telegram.said(reader, 2, text=POST) if POST in one["text"]]
    assert "Daily Ness" in alert["text"]
    assert f"https://t.me/daily_ness/{post['message_id']}" in str(alert["entities"])

    await telegram.edit(channel, post["message_id"], EDITED)
    await telegram.said(reader, 3, text=EDITED)

    await telegram.say(channel, "/remove", user=owner, reply_to=post["message_id"])
    await telegram.said(channel, 2, text="Removed")
    await telegram.say(reader, QUESTION)
    heard = await telegram.said(reader, 4, text="Nothing in my sources answers that")
    assert not any("all night" in one["text"] for one in heard)
