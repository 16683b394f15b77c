from datetime import datetime

from acquis.accounts.models import User, Workspace
from acquis.practice.demo.desk.casework import fill_cases
from acquis.practice.demo.desk.exchanges import declare_ways, fill_exchanges
from acquis.practice.demo.desk.stage import Stage
from acquis.practice.demo.desk.week import fill_week


def fill_desk(*, desk: Workspace, advisers: list[User], supervisor: User, at: datetime) -> None:
    """Leave on a furnished desk what a week of work leaves, by the acts of the product alone.

    `advisers` are three: who looks first, then two colleagues. Every date is counted back from
    `at`. Nobody is left a wrap-up, and who looks first has room for more.
    """
    first, *colleagues = advisers
    stage = Stage(desk, first, colleagues, supervisor, at)
    ways = declare_ways(stage)
    cases = fill_cases(stage)
    fill_exchanges(stage, ways)
    fill_week(stage, cases)
