"""The house rules as a list to tick off. Who leaves one open is not stopped: the card says it.

Pure.
"""

from collections.abc import Sequence
from hashlib import sha256

from bot.texts import Texts
from handlers.slack import blocks
from handlers.slack.blocks import OPTION, Block
from handlers.slack.incoming import Answers

IN_A_GROUP = 10
MOST_RULES = 50
"""So many leave room for the rest of the form."""


def fields(t: Texts, rules: Sequence[str], confirmed: Sequence[str]) -> list[Block]:
    """Ten to a group, as Slack takes them; a rule that no option holds stands above its group."""
    numbered = list(enumerate(rules[:MOST_RULES], start=1))
    return [
        block
        for start in range(0, len(numbered), IN_A_GROUP)
        for block in _group(t, numbered[start : start + IN_A_GROUP], len(numbered), confirmed)
    ]


def _group(
    t: Texts, group: Sequence[tuple[int, str]], all_of_them: int, confirmed: Sequence[str]
) -> list[Block]:
    """group: each rule with its number."""
    options = {rule: _option(n, rule) for n, rule in group}
    ticked = [option for rule, option in options.items() if rule in confirmed]
    element: Block = {"type": "checkboxes", "options": list(options.values())}
    element |= {"initial_options": ticked} if ticked else {}
    (first, _), (last, _) = group[0], group[-1]
    label = t("House rules")
    if all_of_them > IN_A_GROUP:
        label = t("House rules {first} to {last}", first=first, last=last)
    hint = t("Tick what you have seen to. What you leave open does not stop you.")
    return [
        *blocks.said("\n".join(f"{n}. {rule}" for n, rule in group if not _fits(rule))),
        blocks.field(_name(first - 1), label, element, optional=True, hint=hint),
    ]


def confirmed(answers: Answers, rules: Sequence[str]) -> tuple[str, ...]:
    """Those that are ticked and still hold."""
    groups = range(0, len(rules), IN_A_GROUP)
    ticked = {value for start in groups for value in answers.choices(_name(start))}
    return tuple(rule for rule in rules if _value(rule) in ticked)


def _name(start: int) -> str:
    return f"house_rules:{start}"


def _value(rule: str) -> str:
    """A name for it that stays when the list changes while somebody fills in the form."""
    return sha256(rule.encode()).hexdigest()[:20]


def _option(n: int, rule: str) -> Block:
    if not _fits(rule):
        return blocks.option(f"{n}. {rule}", _value(rule))
    text, more = _in_two(rule)
    made = blocks.option(text, _value(rule))
    return made | ({"description": blocks.plain(more)} if more else {})


def _fits(rule: str) -> bool:
    return all(blocks.fits(part, OPTION) for part in _in_two(rule))


def _in_two(rule: str) -> tuple[str, str]:
    """An option's text, and the line below it: cut at a blank."""
    if blocks.fits(rule, OPTION):
        return rule, ""
    blank = rule.rfind(" ", 1, OPTION)
    return (rule[:blank], rule[blank + 1 :]) if blank > 0 else (rule, "")
