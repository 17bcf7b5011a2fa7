"""No task fails without anybody hearing of it."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ui import tasks

WEB = Path(__file__).parents[2] / "web"


class OtherError(Exception):
    pass


def run(main):
    """What a coroutine gives, in a thread of its own: a browser of other tests may have a loop in this."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(main())).result()


@pytest.mark.parametrize("error", [OtherError("no"), OSError("gone"), KeyError("unit"), RuntimeError()])
def test_what_a_task_raises_reaches_its_handler(error):
    async def fail():
        await asyncio.sleep(0)
        raise error

    async def main():
        heard = []
        tasks.run(fail(), heard.append)
        await asyncio.sleep(0.01)
        return heard

    assert run(main) == [error]


def test_a_task_that_ends_well_tells_nobody():
    async def main():
        done, heard = [], []

        async def work():
            done.append(True)

        tasks.run(work(), heard.append)
        await asyncio.sleep(0.01)
        return done, heard

    assert run(main) == ([True], [])


def test_nobody_begins_a_task_in_another_way():
    begun = {
        path.relative_to(WEB).as_posix()
        for path in (WEB / "ui").rglob("*.py")
        if re.search(r"create_task|ensure_future|gather|run_until", path.read_text(encoding="utf-8"))
    }
    assert begun <= {"ui/tasks.py", "ui/main.py"}  # main.py has nobody yet who could hear
