"""Telegram, over python-telegram-bot: calls out (api), updates in (polling, incoming), the menus (menu)."""
