"""The tour again, with a bot that is killed at random moments: `python -m tests.crash`."""
