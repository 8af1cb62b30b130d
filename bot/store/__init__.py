"""What the bot must not forget: updates, messages to send, chats. One file per table; times are seconds since 1970."""
