"""A year in the life of a team, lived with a clock that jumps."""
