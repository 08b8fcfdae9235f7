"""Samenspraak: social media made together, in Slack and in Telegram."""
