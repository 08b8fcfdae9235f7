"""Fixed moments out to a table, and in from one: all of its rows, or none."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.actions.approvals import people_of
from bot.actions.posts_file import key_named, keys_of
from bot.actions.slot_views import columns_of, state_of, today
from bot.actions.slots import add_within, change_within, follow
from bot.actions.strategy import LoadReport, report_of
from bot.actions.transaction import Transaction, action, query
from bot.rules import strategy
from bot.rules.calendar import LEAD, Skip
from bot.rules.refusals import InvalidForm, Refusal
from bot.rules.slots import check_draft, check_some_day_comes
from bot.rules.slots_file import Table, Values
from bot.rules.strategy_file import Mistake
from bot.rules.tables import RowMistakes, mistake_in
from storage.models import Pillar, Platform, Slot
from storage.queries import calendar as queries
from storage.queries.strategy import all_of

WHO = "the command line"


@query
def rows(tx: Transaction) -> tuple[strategy.Slot, ...]:
    """As the strategy has its platforms."""
    return tuple(
        strategy.Slot(
            platform=slot.platform_key,
            title=slot.title,
            rule=slot.rule,
            time=slot.time,
            pillar=slot.pillar_key,
            owner=slot.owner,
            lead=slot.lead,
            since=slot.since,
            skip=tuple(Skip(each) for each in slot.skip),
        )
        for slot, _ in queries.slots_in_order(tx.session)
    )


@action
def bring_in(tx: Transaction, table: Table) -> LoadReport:
    """Platform and title name a slot: one that is there is changed, from today on. One that was
    stopped comes again; those that the file does not name stay.

    Raises RowMistakes with all that is wrong; then nothing was changed.
    """
    work = _BringingIn(tx, table.mistakes)
    for number, values in table.slots:
        try:
            work.take(number, values)
        except InvalidForm as invalid:
            work.mistakes += [mistake_in(number, why) for why in invalid.errors.values()]
        except Refusal as refusal:
            work.mistakes.append(mistake_in(number, refusal))
    if work.mistakes:
        raise RowMistakes(sorted(work.mistakes, key=lambda mistake: mistake.line))
    follow(tx, work.changed)
    return report_of(work.tally)


class _BringingIn:
    def __init__(self, tx: Transaction, mistakes: Sequence[Mistake]) -> None:
        self.tx = tx
        self.platforms = keys_of(all_of(tx.session, Platform))
        self.pillars = keys_of(all_of(tx.session, Pillar))
        self.seen: dict[tuple[str, str], int] = {}
        self.mistakes = list(mistakes)
        self.changed: list[Slot] = []
        self.tally: Counter[str] = Counter()

    def take(self, number: int, row: Values) -> None:
        """Raises Refusal, InvalidForm."""
        tx, platform_key = self.tx, key_named(self.platforms, row["platform"])
        name = platform_key, row["title"]
        if name in self.seen:
            raise Refusal("This is the same as row {first}.", first=self.seen[name])
        self.seen[name] = number
        there = queries.slot_named(tx.session, *name)
        values = self._values(row, there)
        if there and there.active and state_of(values) == state_of(columns_of(there)):
            self.tally["unchanged"] += 1
            return
        self._check(tx.session.get_one(Platform, platform_key), values)
        if there and there.active:
            change_within(tx, WHO, there, values, today(tx))
            self.tally["changed"] += 1
        else:
            there = add_within(tx, WHO, there, platform_key, values)
            self.tally["added"] += 1
        self.changed.append(there)

    def _values(self, row: Values, there: Slot | None) -> dict[str, Any]:
        """What the file does not say stays; a slot that comes at other moments begins today."""
        usual: dict[str, Any] = {"pillar_key": None, "owner": None, "lead": LEAD, "skip": []}
        as_told = ("title", "rule", "time", "owner", "lead")
        told = {name: row[name] for name in as_told if name in row}
        if "pillar" in row:
            pillar = row["pillar"]
            told["pillar_key"] = key_named(self.pillars, pillar) if pillar else None
        if "skip" in row:
            told["skip"] = [each.value for each in row["skip"]]
        before = columns_of(there) if there and there.active else usual
        stays = all(before.get(name) == told[name] for name in ("rule", "time"))
        since = row.get("since") or (before["since"] if stays else today(self.tx))
        return {**before, **told, "since": since}

    def _check(self, platform: Platform, values: dict[str, Any]) -> None:
        people = people_of(self.tx, platform)
        check_draft(values["title"], values["lead"], None, values["since"], people)
        able = dict.fromkeys([*people.owners, *people.deputies])
        if values["owner"] and values["owner"] not in able:
            raise Refusal(
                "{owner} is no owner or deputy of {platform}. Name one of these: {people}.",
                owner=values["owner"],
                platform=people.name,
                people=", ".join(able),
            )
        skip = [Skip(each) for each in values["skip"]]
        check_some_day_comes(values["rule"], values["time"], values["since"], skip)
