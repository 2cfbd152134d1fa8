#!/usr/bin/env python3
"""Writes the tables of Tests/OrchestrateTests/Schedules that croniter (PyPI), the library of Airflow, answers for.

    pip install croniter tzdata && scripts/croniter-tables.py

DaylightTable.swift: times around changes of the clocks, in zones that change them in unusual ways. Beside croniter's own
answer stands that of Leat's rules (docs/pipelines.md, "When the clocks change"), computed here in another way than there:
by asking croniter for times of the wall clock, and zoneinfo for what they mean. They may differ only where a wall clock
skips a time or shows it twice, which is checked here.

CatchupTable.swift: which data intervals follow, by the rules of Airflow's CronDataIntervalTimetable.
"""

import pathlib
import random
from datetime import datetime, timedelta, timezone
from importlib import metadata
from zoneinfo import ZoneInfo

from croniter import croniter

UTC = timezone.utc
FOLDER = pathlib.Path(__file__).parent.parent / "Tests/OrchestrateTests/Schedules"
EXPRESSIONS = [
    "30 2 * * *", "0 2 * * *", "0 0 * * *", "30 0 * * *", "0,30 1-3 * * *", "0 */6 * * *", "15 3 * * 0", "0 3 * * sun",
    "*/15 * * * *", "0 * * * *", "30 * * * *", "0 0 1 * *", "45 1,2 * * *", "0 23 * * *", "5 0-22/2 * * *",
]
# A zone and a year in which something is to be seen there.
ZONES = [
    ("Europe/Berlin", 2024), ("America/New_York", 2025), ("Australia/Lord_Howe", 2024), ("America/St_Johns", 2023),
    ("America/Sao_Paulo", 2017), ("Asia/Beirut", 2022), ("Africa/Casablanca", 2024), ("Europe/Dublin", 2024),
    ("Antarctica/Troll", 2024), ("Pacific/Apia", 2011), ("Asia/Kathmandu", 2024), ("Asia/Tehran", 2021),
]


def changes(zone, year):
    """The moments of a year at which the offset of a zone changes."""
    moment = datetime(year, 1, 1, tzinfo=UTC)
    while moment.year == year:
        after = moment + timedelta(minutes=30)
        if moment.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield after
        moment = after


def follows_real_time(expression):
    return expression.split()[1] in ("*", "*/1", "0-23")


def times(expression, zone, begin, end):
    """All moments from begin to end that Leat's rules name."""
    found = set()
    if follows_real_time(expression):
        minutes = croniter.expand(expression)[0][0]
        moment = begin.replace(second=0, microsecond=0)
        while moment <= end:
            if minutes == ["*"] or moment.astimezone(zone).minute in minutes:
                found.add(moment)
            moment += timedelta(minutes=1)
    else:
        wall = croniter(expression, begin.astimezone(zone).replace(tzinfo=None) - timedelta(days=3))
        while True:
            # fold=0: of two the first; what is left out is moved on by the length of the gap.
            moment = wall.get_next(datetime).replace(tzinfo=zone, fold=0).astimezone(UTC)
            if moment > end:
                break
            found.add(moment)
    return sorted(moment for moment in found if begin <= moment <= end)


def own(expression, zone, start):
    """Croniter's own next four times."""
    iterator = croniter(expression, start.astimezone(zone))
    return [iterator.get_next(datetime).astimezone(UTC) for _ in range(4)]


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else "-"


def daylight(randomness):
    differing = 0
    for name, year in ZONES:
        zone = ZoneInfo(name)
        moments = list(changes(zone, year)) or [datetime(year, 3, 31, tzinfo=UTC)]
        for change in moments[:4]:
            for expression in randomness.sample(EXPRESSIONS, 6):
                start = change - timedelta(minutes=randomness.choice([1, 20, 61, 125, 600, 1500]))
                span = timedelta(days=2 if follows_real_time(expression) else 130)
                ours = [t for t in times(expression, zone, start, start + span) if t > start][:4]
                theirs = own(expression, zone, start)
                if ours != theirs:
                    differing += 1
                    near = [m for m in ours + theirs if any(abs(m - c) < timedelta(hours=49) for c in moments)]
                    assert near, (expression, name, start)
                yield "|".join(
                    [expression, name, text(start), *map(text, ours), "=" if ours == theirs else " ".join(map(text, theirs))])
    print(f"daylight: croniter differs in {differing} cases")


class Timetable:
    """Airflow's rules for data intervals, over the times of an expression."""

    def __init__(self, expression, zone):
        self.times = times(
            expression, zone, datetime(2023, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC))

    def after(self, moment):
        return next(t for t in self.times if t > moment)

    def before(self, moment):
        return next(t for t in reversed(self.times) if t < moment)

    def aligned(self, moment):
        return next(t for t in self.times if t >= moment)

    def latest(self, earliest, now):
        last = self.before(now)
        start = last if self.after(last) == now else self.before(last)
        return start if earliest is None else max(start, self.aligned(earliest))

    def interval(self, last, start, end, catchup, now):
        earliest = start
        if not catchup:
            earliest = self.latest(start, now)
        elif start is not None:
            earliest = self.aligned(start)
        if last is None:
            begin = earliest
        else:
            ended = max(t for t in self.times if t <= last[1])
            begin = ended if earliest is None else max(ended, earliest)
        if begin is None or (end is not None and begin > end):
            return None
        return begin, self.after(begin)


def catchup(randomness):
    for number in range(120):
        name = randomness.choice(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
        zone = ZoneInfo(name)
        expression = randomness.choice(["0 2 * * *", "30 2 * * *", "0 */6 * * *", "0 0 * * mon", "0 0 1 * *", "0 */4 * * *"])
        table = Timetable(expression, zone)
        # Half of them near a change of the clocks.
        base = randomness.choice([datetime(2024, 3, 31, tzinfo=UTC), datetime(2024, 10, 27, tzinfo=UTC)])
        if number % 2:
            base = datetime(2024, randomness.randint(1, 12), randomness.randint(1, 28), tzinfo=UTC)
        start = base - timedelta(minutes=randomness.randint(0, 4 * 1440))
        now = base + timedelta(minutes=randomness.randint(0, 4 * 1440))
        if number % 7 == 0:
            now = table.aligned(now)
        end = start + timedelta(minutes=randomness.randint(0, 6 * 1440)) if number % 3 == 0 else None
        is_caught_up = number % 4 < 2
        last, intervals = None, []
        if number % 5 == 0:
            before = table.before(start - timedelta(days=1))
            last = (table.before(before), before)
        first = last
        for _ in range(3):
            last = table.interval(last, start, end, is_caught_up, now)
            intervals.append(last)
            if last is None:
                break
        cells = [expression, name, text(start), text(end), "catchup" if is_caught_up else "latest", text(now)]
        cells.append(f"{text(first[0])} {text(first[1])}" if first else "-")
        cells += [f"{text(i[0])} {text(i[1])}" if i else "-" for i in intervals]
        yield "|".join(cells)


def write(name, comment, lines):
    body = "\n".join("        " + line for line in lines)
    comment = "\n".join("/// " + line if line else "///" for line in comment.strip().split("\n"))
    source = f'{comment}\nenum {name} {{\n    static let lines = """\n{body}\n        """\n}}\n'
    (FOLDER / f"{name}.swift").write_text(source)


version = metadata.version("croniter")
write(
    "DaylightTable",
    f"""
Times around changes of the clocks, made by scripts/croniter-tables.py with croniter {version}.

Expression, zone, start, the next four times by Leat's rules, and croniter's own ones: `=` where they are the same.
""",
    list(daylight(random.Random(6))),
)
write(
    "CatchupTable",
    f"""
Data intervals by the rules of Airflow's timetables, made by scripts/croniter-tables.py with croniter {version}.

Expression, zone, start date, end date, whether all are made up for, the present, the last interval, the following ones.
""",
    list(catchup(random.Random(7))),
)
