"""The colleagues' side: what comes from Slack → action → answer; and notices → Slack."""
