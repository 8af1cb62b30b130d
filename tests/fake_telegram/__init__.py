"""A Bot API server of its own process: the real server's semantics and words, on loopback, with a hand on every wire.

Sources: core.telegram.org/bots/api, and the code of the real server (github.com/tdlib/telegram-bot-api and /td).
What differs from it on purpose: waits are shorter (webhook retries), and ids count from small numbers.

    world.py    users, chats, members, topics, messages: what is so
    text.py     how Telegram cleans a text and checks its entities
    markup.py   how it checks buttons
    methods.py  the Bot API's methods (messages); chat_methods.py (the others)
    updates.py  the queue of updates: getUpdates, webhooks
    faults.py   refusals, drops and stalls, on demand
    control.py  what users do, and what they see; for tests
    app.py      the server; client.py the tests' end of it
"""
