"""Owning up: when an article changes or loses what was quoted, every chat that was quoted it hears of it, once."""
