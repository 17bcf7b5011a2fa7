"""The watch over the running engine, by a made-up clock, and what follows when the engine dies."""

import pytest
from ui.engine_recovery import Recovery
from ui.engine_watch import DEAD, LATE, LONG, SILENT, Watch

TICK = 500


class Clock:
    """Looks at a watch as the page does, every half second; `said` is what came of it, each once in a row."""

    def __init__(self):
        self.watch = Watch()
        self.now = 1_000_000
        self.said = [None]

    def look(self):
        found = self.watch.look(self.now, self.now + TICK)
        if found != self.said[-1]:
            self.said.append(found)
        return found

    def run(self, seconds):
        for _ in range(int(seconds * 1000 / TICK)):
            self.now += TICK
            self.look()
        return self.said[-1]

    def jump(self, seconds):
        self.now += int(seconds * 1000)

    def ask(self, number, request="show", about="koala"):
        self.watch.asked(number, request, about, self.now)

    def answer(self, number):
        self.watch.answered(number, self.now)

    def hear(self, number, *news):
        self.watch.heard(number, *(news or ("forward", "conv_1_1", 1, 4)), self.now)


@pytest.fixture
def clock():
    return Clock()


def test_nothing_is_said_of_an_engine_that_nobody_asks(clock):
    assert clock.run(3600) is None
    clock.ask(1)
    assert clock.run(1.5) is None
    clock.answer(1)
    clock.run(3600)
    assert clock.said == [None]


def test_silence_is_long_then_silence_then_death(clock):
    clock.ask(1)
    assert clock.run(1.5) is None
    assert clock.run(0.5) == LONG
    assert clock.run(7.5) == LONG
    assert clock.run(0.5) == SILENT
    assert clock.run(19.5) == SILENT
    assert clock.run(0.5) == DEAD


def test_with_news_it_is_only_long_however_long_it_takes(clock):
    clock.ask(1)
    for _ in range(100):
        clock.run(9)
        clock.hear(1)
    assert clock.said == [None, LONG]
    assert clock.watch.doing() == ("forward", "conv_1_1", 1, 4)
    clock.answer(1)
    assert clock.run(1) is None


def test_a_queue_is_no_hang(clock):
    """Each answer, and news of any request, is a sign of life for all that wait."""
    for number in range(10):
        clock.ask(number)
    for number in range(9):
        clock.run(5)
        clock.hear(number, "view", "", 0, 0)
        clock.run(5)
        clock.answer(number)
    assert clock.said == [None, LONG]
    assert clock.watch.oldest() == ("show", "koala")
    clock.run(30)
    assert clock.said == [None, LONG, SILENT, DEAD]


def test_answers_and_news_of_what_is_not_asked_say_nothing(clock):
    clock.ask(1)
    clock.run(9)
    clock.hear(99)
    assert clock.watch.doing() == ("forward", "", 0, 0)
    assert clock.run(1) == SILENT


def test_what_is_being_done_is_no_longer_told_once_it_is_answered(clock):
    clock.ask(1)
    clock.ask(2, "open", "conv_1_1 3")
    clock.hear(1)
    clock.answer(1)
    assert clock.watch.doing() == ("view", "", 0, 0)
    assert clock.watch.oldest() == ("open", "conv_1_1 3")


def test_waiting_begins_the_silence_anew(clock):
    clock.ask(1)
    assert clock.run(29) == SILENT
    clock.watch.wait(clock.now)
    assert clock.run(9.5) == LONG
    assert clock.run(0.5) == SILENT
    assert clock.run(20) == DEAD


def test_news_after_silence_end_it(clock):
    clock.ask(1)
    assert clock.run(12) == SILENT
    clock.hear(1)
    assert clock.run(0.5) == LONG


def test_the_clock_stands_still_while_the_page_sleeps(clock):
    clock.ask(1)
    clock.run(9.5)
    clock.jump(3600)
    clock.watch.begin_anew(clock.now)
    assert clock.run(1.5) is None
    assert clock.run(8) == LONG
    assert clock.run(0.5) == SILENT


def test_a_look_that_comes_far_too_late_counts_as_sleep(clock):
    clock.ask(1)
    clock.run(5)
    clock.jump(60)  # the machine slept, and no event told of it
    assert clock.look() is None
    assert clock.run(9.5) == LONG
    assert clock.run(20.5) == DEAD


def test_a_look_that_comes_a_little_late_does_not(clock):
    clock.ask(1)
    clock.run(6)
    clock.jump((TICK + LATE) / 1000)
    assert clock.look() == SILENT


def test_a_pause_in_which_nothing_was_asked_is_no_sleep_of_the_next_request(clock):
    clock.ask(1)
    clock.run(3)
    clock.answer(1)
    clock.jump(3600)  # nobody looks while nothing is asked
    clock.ask(2)
    assert clock.run(1.5) is None
    assert clock.run(0.5) == LONG


def test_a_new_engine_owes_no_answer(clock):
    clock.ask(1)
    clock.run(20)
    clock.watch.forget()
    assert not clock.watch.waits
    assert clock.watch.oldest() is None
    assert clock.run(60) is None


SHOW, VIEW = ("show", "koala"), ("open", "conv_1_1 3")


def test_an_engine_that_died_is_started_again():
    recovery = Recovery()
    for at in (None, SHOW, VIEW, None, SHOW):
        assert recovery.died(at, True) == (True, False)
        recovery.drawn()


def test_an_engine_that_dies_before_it_has_drawn_anything_is_not_started_for_ever():
    recovery = Recovery()
    assert recovery.died(None, True) == (True, False)
    assert recovery.died(None, True) == (False, False)
    recovery.begin_anew()
    assert recovery.died(None, True) == (True, False)


def test_a_picture_that_kills_twice_gives_way_to_another_once():
    recovery = Recovery()
    assert recovery.died(SHOW, True) == (True, False)
    assert recovery.died(SHOW, True) == (True, True)
    assert recovery.died(("show", "pizza"), True) == (False, False)


def test_a_picture_that_kills_twice_ends_it_where_there_is_no_other():
    recovery = Recovery()
    assert recovery.died(SHOW, False) == (True, False)
    assert recovery.died(SHOW, False) == (False, True)


def test_a_view_that_kills_twice_is_not_opened_a_third_time():
    recovery = Recovery()
    assert recovery.died(VIEW, True) == (True, False)
    recovery.answered(SHOW)
    recovery.drawn()
    assert recovery.died(VIEW, True) == (True, True)


def test_what_was_answered_in_between_may_kill_another_time():
    recovery = Recovery()
    recovery.died(VIEW, True)
    recovery.drawn()
    recovery.answered(VIEW)
    assert recovery.died(VIEW, True) == (True, False)


def test_numbers_that_kill_twice_are_not_asked_for_again_until_the_visitor_starts_the_engine():
    recovery = Recovery()
    for again in (False, True):
        assert not recovery.refuses("quote")
        assert recovery.died(("quote", ""), True) == (True, again)
        recovery.drawn()
    assert recovery.refuses("quote")
    assert not recovery.refuses("play")
    recovery.begin_anew()
    assert not recovery.refuses("quote")


def test_what_the_visitor_asks_for_is_never_refused():
    recovery = Recovery()
    for _ in range(3):
        recovery.died(("decode", ""), True)
        recovery.drawn()
    assert not recovery.refuses("decode")
