"""Telegram: the follower's side."""
