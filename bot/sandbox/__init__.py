"""Slack and Telegram on loopback, speaking their wire protocols, and the tour through both."""
