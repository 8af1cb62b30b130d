"""Replies into what a front-end shows: Bot API calls, or a terminal."""
