"""One function = one use case = one transaction. They return frozen views, never live rows."""
