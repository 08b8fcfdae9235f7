"""The tour: the whole loop, played by named people on both sides."""

from bot.sandbox.tour.outcome import Outcome, summary
from bot.sandbox.tour.timetable import BEGINS
from bot.sandbox.tour.tour import Tour

__all__ = ["BEGINS", "Outcome", "Tour", "summary"]
