"""Pure: what may happen and what follows. No I/O; `now` is passed in."""
