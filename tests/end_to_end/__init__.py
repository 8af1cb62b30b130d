"""`pullquote serve` as a real process, against the fake Telegram as another, over real sockets."""
