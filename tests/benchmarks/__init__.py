"""What the bot costs, against a named base in the same run: `python -m tests.benchmarks`."""
