"""Every sentence that a person reads, in the reader's language (gettext catalogues, Babel).

The English sentence in the code is the key. Marks that the extraction knows:
`t("…", name=…)`, `t.n("one …", "{n} …", n)`, `N_("…")` for a sentence that is translated later,
and the first argument of `Refusal("…")` and `Mistake("…")`.
"""

import gettext
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "nl": "Nederlands"}
"""The languages of the interface, each by its own name."""

LOCALES = Path(__file__).parent / "locales"


def N_(sentence: str) -> str:  # noqa: N802 - gettext's customary name for "translate later"
    return sentence


class Texts:
    """The sentences of one language. Call it: `t("Hello {name}", name="Anna")`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = _catalogue(language)
        # Dutch and British English agree on 24 hours and on the day before the month.
        self._locale = {"en": "en_GB", "nl": "nl_NL"}[language]

    def __call__(self, sentence: str, **values: object) -> str:
        found = self._catalogue.gettext(sentence) if sentence else ""
        return found.format_map(values) if values else found

    def n(self, one: str, many: str, n: int, **values: object) -> str:
        """The form that fits `n`; `{n}` in the sentence stands for it."""
        return self._catalogue.ngettext(one, many, n).format_map({"n": self.number(n), **values})

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """'Monday 2 March, 10:00', as it is read in `zone`."""
        there = at.astimezone(zone)
        return f"{self.day(there.date())}, {there:%H:%M}"

    def day(self, day: date) -> str:
        return str(dates.format_date(day, "EEEE d MMMM", locale=self._locale))

    def full_month(self, day: date) -> str:
        """'March 2027', of a day in it."""
        return str(dates.format_date(day, "LLLL yyyy", locale=self._locale))

    def weekdays(self) -> list[str]:
        """'Mon', 'Tue', …, Monday first."""
        names = dates.get_day_names("abbreviated", "stand-alone", locale=self._locale)
        return [str(names[number]) for number in range(7)]

    def full_day(self, day: date) -> str:
        """'Monday 2 March 2026': of a day that is far away."""
        return f"{self.day(day)} {day.year}"

    def short_day(self, day: date) -> str:
        """'2 March'."""
        return str(dates.format_date(day, "d MMMM", locale=self._locale))

    def month(self, day: date) -> str:
        """'March': the month of that day."""
        return str(dates.format_date(day, "LLLL", locale=self._locale))

    def ordinal(self, n: int) -> str:
        """'4th'. Babel knows only which kind of ending it is."""
        endings = {"en": {"one": "st", "two": "nd", "few": "rd"}}.get(self.language, {})
        other = {"en": "th", "nl": "e"}[self.language]
        return f"{n}{endings.get(Locale.parse(self._locale).ordinal_form(n), other)}"

    def full_date(self, day: date) -> str:
        """'31 December 2026': a day that is far away."""
        return str(dates.format_date(day, "d MMMM y", locale=self._locale))

    def day_of_year(self, day: date) -> str:
        """'31 December': in whichever year."""
        return str(dates.format_date(day, "d MMMM", locale=self._locale))

    def weekday(self, number: int) -> str:
        """0 is Monday."""
        return str(dates.get_day_names("wide", locale=self._locale)[number])

    def month_name(self, number: int) -> str:
        """1 is January."""
        return str(dates.get_month_names("wide", locale=self._locale)[number])

    def duration(self, length: timedelta) -> str:
        """'3 days', '2 hours': rounded to one unit, as one would say it."""
        return str(dates.format_timedelta(length, locale=self._locale))

    def number(self, value: float) -> str:
        return str(numbers.format_decimal(value, locale=self._locale))

    def percent(self, share: float) -> str:
        """`share` is a fraction: 0.4 reads '40%'."""
        return str(numbers.format_percent(share, locale=self._locale))

    def listing(self, items: Iterable[str]) -> str:
        """'a, b and c'."""
        return str(lists.format_list(list(items), locale=self._locale))

    def either(self, items: Iterable[str]) -> str:
        """'a, b or c'."""
        return str(lists.format_list(list(items), style="or", locale=self._locale))


@cache
def texts_in(language: str) -> Texts:
    return Texts(language)


def language_from(locale: str | None, fallback: str) -> str:
    """The interface language for a reader's own setting ('nl-NL', 'nl', None)."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else fallback


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Compiled in memory from the .po file, so that no compiled file can be out of step."""
    path = LOCALES / language / "LC_MESSAGES" / "samenspraak.po"
    if not path.exists():  # the language that the code is written in
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
