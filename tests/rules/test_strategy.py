"""The strategy file: every mistake at once, each with its line."""

import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.sandbox
from bot.rules.strategy import Mistake, Publish, StrategyMistakes, read
from bot.rules.strategy_file import document

EXAMPLES = Path(bot.sandbox.__file__).parent / "strategy"
SOURCES = {path.name: path.read_text() for path in sorted(EXAMPLES.glob("*.toml"))}
ENGLISH = SOURCES["leestafel.en.toml"]

SMALL = """\
[organisation]
name = "Bieb"

[[platform]]
key = "telegram"
name = "Telegram"
publish = "telegram"
purpose = "Talk"
cadence = 3
max_length = 4096
owners = ["U01OWNER"]

[[pillar]]
key = "information"
name = "Information"
share = 1

[[slot]]
platform = "telegram"
pillar = "information"
title = "Book tip"
rule = "FREQ=WEEKLY;BYDAY=MO"
time = 10:00:00
"""


def mistakes_in(source: str) -> tuple[Mistake, ...]:
    with pytest.raises(StrategyMistakes) as raised:
        read(source)
    return raised.value.mistakes


def words(mistake: Mistake) -> str:
    return mistake.sentence.format_map(mistake.values)


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_the_examples_are_right(source: str) -> None:
    strategy = read(source)
    assert [platform.key for platform in strategy.platforms] == [
        "telegram",
        "instagram",
        "facebook",
        "newsletter",
    ]
    assert strategy.platforms[0].publish is Publish.TELEGRAM
    assert [pillar.share for pillar in strategy.pillars] == [0.4, 0.2, 0.2, 0.2]
    assert [call.key for call in strategy.calls] == ["winter"]


def test_the_examples_say_the_same_in_two_languages() -> None:
    english, dutch = (read(source) for source in SOURCES.values())
    for part in ("platforms", "target_groups", "pillars", "goals", "calls", "topics"):
        keys = [[each.key for each in getattr(s, part)] for s in (english, dutch)]
        assert keys[0] == keys[1]
    moments = [[(s.platform, s.pillar, s.rule, s.time) for s in x.slots] for x in (english, dutch)]
    assert moments[0] == moments[1]
    assert english.pillars != dutch.pillars


@pytest.mark.parametrize("source", [*SOURCES.values(), SMALL])
def test_the_lines_are_read_as_tomllib_reads_the_whole(source: str) -> None:
    whole: dict[str, Any] = {}
    for table in document(source).tables[1:]:
        values = {key: value.value for key, value in table.values.items()}
        if table.repeated:
            whole.setdefault(table.name, []).append(values)
        else:
            whole[table.name] = values
    assert whole == tomllib.loads(source)


def test_values_arrive_as_they_are_meant() -> None:
    strategy = read(
        SMALL.replace('name = "Bieb"', 'name = """\n  De [x]\n[[slot]]"""')
        + """
[[goal]]
key = "more"
name = "More"
metric = "followers"
baseline = 1
target = 2.5
deadline = 2027-12-31
[[call]]
key = "winter"
question = "Which book?"
closes = 2027-03-01T18:00:00
[[house_rule]]
text = 'Plain "words"'
"""
    )
    assert strategy.organisation.name == "De [x]\n[[slot]]"
    assert strategy.platforms[0].owners == ("U01OWNER",)
    assert strategy.platforms[0].max_images == 10
    assert strategy.slots[0].time == time(10)
    assert strategy.goals[0].deadline == date(2027, 12, 31)
    assert strategy.goals[0].target == 2.5
    assert strategy.calls[0].closes == datetime.fromisoformat("2027-03-01T18:00")
    assert strategy.house_rules[0].text == 'Plain "words"'


@pytest.mark.parametrize(
    ("right", "wrong", "line", "says"),
    [
        ('name = "Bieb"', "name = Bieb", 2, "between quotation marks"),
        ('name = "Bieb"', 'name = "Bieb', 2, "quotation marks"),
        ('name = "Bieb"', 'name "Bieb"', 2, "key = value"),
        ('name = "Bieb"', "name = 3", 2, "name is a text"),
        ('name = "Bieb"', 'name = " "', 2, "name is empty"),
        ('name = "Bieb"', f'name = "{"x" * 76}"', 2, "76 characters"),
        ('name = "Bieb"', 'name = "Bieb"\nname = "Bob"', 3, "first is in line 2"),
        ('name = "Bieb"\n', "", 1, "name is missing in this organisation"),
        ("[organisation]", "[[organisation]]", 1, "[organisation]"),
        ("[organisation]", "[organization]", 1, "Did you mean organisation?"),
        ("[[platform]]", "[platform]", 4, "[[platform]]"),
        ("[[platform]]", "[[platform]", 4, "stands between brackets"),
        ('key = "telegram"', 'key = "Tele Gram"', 5, '"tele-gram"'),
        ('"telegram"\npurpose', '"by mail"\npurpose', 7, '"by hand"'),
        ("purpose =", "purpos =", 8, "Did you mean purpose?"),
        ("purpose =", "purpos =", 4, "purpose is missing"),
        ("cadence = 3", 'cadence = "3"', 9, "without quotation marks"),
        ("cadence = 3", "cadence = nan", 9, "from 0 to 200"),
        ("cadence = 3", "cadence = true", 9, "is a number"),
        ("max_length = 4096", "max_length = 5000", 10, "4096 characters at most"),
        ("max_length = 4096", f"max_length = 1{'0' * 5000}", 10, ""),
        ("max_length = 4096", "max_length = 4096\nmax_images = 11", 11, "from 0 to 10"),
        ("max_length = 4096", 'max_length = 4096\ncount = "words"', 11, '"graphemes", "mastodon"'),
        ("max_length = 4096", "max_length = 4096\ncount = 3", 11, "is one of these"),
        ("max_length = 4096", 'max_length = 4096\ncount = "x"', 11, "Telegram counts characters"),
        ('["U01OWNER"]', "[]", 11, "one owner"),
        ('["U01OWNER"]', '["anna"]', 11, "anna"),
        ('["U01OWNER"]', '"U01OWNER"', 11, "is a list"),
        ('["U01OWNER"]', '["U01OWNER"', 11, "not closed"),
        ('["U01OWNER"]', '[\n"U01OWNER"\n"U02OWNER"]', 13, "comma"),
        ("share = 1", "share = 0.9", 16, "add up to 0.9"),
        ("share = 1", "share = 2", 16, "from 0 to 1"),
        ('platform = "telegram"', 'platform = "telegrm"', 19, "Did you mean telegram?"),
        ('pillar = "information"', 'pillar = "sport"', 20, "no pillar with the key sport"),
        ("BYDAY=MO", "BYDAY=MA", 22, "BYDAY=MA"),
        ("10:00:00", "10:00", 23, "10:00:00"),
        ("10:00:00", "9:00", 23, "09:00:00"),
        ("10:00:00", '"10:00"', 23, "is a time, without quotation marks"),
        ("10:00:00", "25:00:00", 23, "23:59:59"),
        ("[organisation]", "x = 1\n[organisation]", 1, "above the first table"),
    ],
)
def test_a_mistake_is_told_with_its_line(right: str, wrong: str, line: int, says: str) -> None:
    assert right in SMALL
    found = mistakes_in(SMALL.replace(right, wrong, 1))
    assert any(each.line == line and says in words(each) for each in found), found


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ('[[pillar]]\nkey = "information"\nname = "x"\nshare = 0', 26, "in line 14"),
        ('[organisation]\nname = "x"', 25, "one organisation"),
        (SMALL[SMALL.index("[[slot]]") :], 28, "Book tip is there already, in line 21"),
        ("[[goal]]\ndeadline = 2027-12-31T10:00:00", 26, "is a date"),
        ("[[goal]]\ndeadline = 1027-12-31", 26, "year"),
        ("[[call]]\ncloses = 2027-12-31", 26, "is a date with a time"),
        ('[[call]]\nkey = "wínter"', 26, "small letters"),
        ("[platform.telegram]\nx = 1", 25, "[platform.telegram]"),
        ('[[topic]]\nwords = ["…"]', 26, "no letter or digit"),
        ("[[topic]]\nwords = []", 26, "is a list of words"),
        ('[[topic]]\nowner = ["U1"]', 26, "one Slack user id"),
        ('[[topic]]\nkey = "x"', 25, "words is missing"),
    ],
)
def test_a_mistake_in_what_is_added(more: str, line: int, says: str) -> None:
    found = mistakes_in(f"{SMALL}\n{more}\n")
    assert any(each.line == line and says in words(each) for each in found), found


def test_a_policy_that_nobody_can_meet_is_told_at_its_line() -> None:
    owners = 'owners = ["U01OWNER"]\n'
    with_deputy = owners + 'deputies = ["U02OWNER", "U01OWNER"]\n'
    found = mistakes_in(SMALL.replace(owners, with_deputy + "approvals = 3\n"))
    assert [each.line for each in found] == [13]
    assert "3 approvals cannot be had: 2 decide here" in words(found[0])
    for wrong in ("0", "true", '"some"', "1.5"):
        (mistake,) = mistakes_in(SMALL.replace(owners, f"{owners}approvals = {wrong}\n"))
        assert "a whole number from 1" in words(mistake)
    assert read(SMALL.replace(owners, with_deputy + "approvals = 2\n")).platforms[0].approvals == 2
    for_all = SMALL.replace(owners, owners + 'approvals = "all"\n')
    assert read(for_all).platforms[0].approvals == "all"
    assert read(SMALL).platforms[0].approvals == 1


def test_one_slip_is_one_mistake() -> None:
    for right, wrong in [
        ("time = 10:00:00", "time = 10:00"),
        ('["U01OWNER"]', '["U01OWNER"'),
        ('key = "telegram"', 'key = "Telegram"'),
        ("[[platform]]", "[[platform]"),
        ("share = 1", "share = many"),
    ]:
        assert len(mistakes_in(SMALL.replace(right, wrong, 1))) == 1


def test_all_mistakes_come_at_once_and_in_order() -> None:
    broken = SMALL.replace("cadence = 3", "cadence = x").replace("10:00:00", "10:00")
    broken = broken.replace("share = 1", "share = 0.5").replace("purpose", "purpse")
    assert [each.line for each in mistakes_in(broken)] == [4, 8, 9, 16, 23]


@pytest.mark.parametrize("source", ["", "\n\n", "# nothing yet\n"])
def test_an_empty_file_says_what_it_lacks(source: str) -> None:
    assert [words(each) for each in mistakes_in(source)] == [
        "The strategy file has no [organisation]. Add one.",
        "The strategy file has no [[platform]]. Add one.",
    ]


def test_files_from_windows_are_read() -> None:
    assert read("\ufeff" + SMALL.replace("\n", "\r\n")) == read(SMALL)


def check_any(source: str) -> None:
    """Whatever the file says: a strategy, or mistakes in lines that it has."""
    mistakes: tuple[Mistake, ...] = ()
    try:
        assert read(source).platforms
    except StrategyMistakes as wrong:
        mistakes = wrong.mistakes
    for mistake in mistakes:
        assert 1 <= mistake.line <= source.count("\n") + 1
        assert words(mistake)


@given(st.data())
def test_a_slip_of_the_finger_never_breaks_the_reading(data: st.DataObject) -> None:
    source = ENGLISH
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(source)))
        length = data.draw(st.integers(0, 12))
        typed = data.draw(
            st.text(st.sampled_from("[]{}\"'=#\n\\.,:-_ 0129aeUTZ\t\0é☃"), max_size=6)
        )
        source = source[:start] + typed + source[start + length :]
    check_any(source)


@given(st.data())
def test_moved_and_lost_lines_never_break_the_reading(data: st.DataObject) -> None:
    lines = ENGLISH.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        line = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
        if data.draw(st.booleans()):
            lines.insert(data.draw(st.integers(0, len(lines))), line)
    check_any("\n".join(lines))


VALUES = st.one_of(
    st.integers(-(10**400), 10**400).map(str),
    st.floats().map(lambda number: repr(number).replace("+", "")),
    st.sampled_from(
        [
            *("true", '""', '"telegram"', '"☃"', "[]", "[[1]]", '["U1", 2]', "{}", "{a.b = 1}"),
            *("0001-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00", "23:59:59.999999"),
            *('"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"', '"FREQ=DAILY;INTERVAL=999"', "[" * 5000),
        ]
    ),
)


@given(st.data())
def test_any_value_at_any_key_is_kept_or_explained(data: st.DataObject) -> None:
    lines = ENGLISH.splitlines()
    keys = [number for number, line in enumerate(lines) if " = " in line and line[0] != "#"]
    for number in data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=5)):
        lines[number] = lines[number].partition(" = ")[0] + " = " + data.draw(VALUES)
    check_any("\n".join(lines))
