"""What the bot costs, measured against a named base in the same run: `python -m tests.benchmarks`."""
