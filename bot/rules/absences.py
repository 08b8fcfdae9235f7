"""Absences: which days can be named."""

from datetime import date, timedelta

from bot.rules.refusals import InvalidForm, Refusal

LONGEST = timedelta(days=366)


def check_days(first_day: date, last_day: date, today: date) -> None:
    """Raises InvalidForm for first_day, last_day."""
    errors: dict[str, Refusal] = {}
    if last_day < first_day:
        errors["last_day"] = Refusal("The last day comes after the first, or is the same day.")
    elif last_day < today:
        errors["last_day"] = Refusal("This day is over. Choose one that is still to come.")
    elif last_day - first_day > LONGEST:
        errors["last_day"] = Refusal(
            "That is more than a year. Ask an administrator to name another owner instead."
        )
    if errors:
        raise InvalidForm(errors)
