"""Cares for the running engine: says what takes long, and has another one started when this one is gone."""

from pyscript import document, window
from pyscript.ffi import create_proxy

from ui.dom import on
from ui.engine_link import EngineError
from ui.engine_recovery import Recovery
from ui.engine_watch import DEAD, LONG, SILENT, Watch
from ui.figures import percent
from ui.reasons import reason

TICK = 500  # milliseconds from look to look, while anything is asked
CALM = 3_000  # milliseconds from change to change of a sentence that counts: it is also read out
AIMING = 2_000  # milliseconds for which a visitor who goes on pointing keeps the notice of long work away


class EngineCare:
    """The watcher of an EngineLink. `state` is the ComingBack that knows what another engine begins with."""

    def __init__(self, words, notices, link, state):
        self._words = words
        self._notices = notices
        self._link = link
        self._state = state
        self._watch = Watch()
        self._recovery = Recovery()
        self._is_running = False
        self._said = None  # what the notice says of the watch: LONG, SILENT or None
        self._sentence = ""
        self._told = 0  # when the sentence was written
        self._is_long = None  # since when there would be long work to tell of
        self._after = None  # what to say once another engine has computed the picture
        self._is_due = False  # is that to be said now?
        self._done = ""  # what was said so last
        self._restarts = 0
        self._timer = None
        self._tick = create_proxy(self._look)
        link.watcher = self
        self.refuses = self._recovery.refuses
        on(document, "visibilitychange", self._woke_or_slept)

    # What the link tells

    def ready(self):
        """The engine has started; what was asked meanwhile waits from now on."""
        self._is_running = True
        self._watch.begin_anew(_now())
        self._keep_looking()

    def asked(self, number, request, about):
        self._watch.asked(number, request, about, _now())
        self._keep_looking()

    def heard(self, number, news):
        self._watch.heard(number, news.doing, news.name, news.done, news.total, _now())

    def answered(self, number):
        self._recovery.answered(self._watch.answered(number, _now()))
        if not self._watch.waits:
            self._rest()

    def ended(self):
        """There is no engine any more."""
        self._is_running = False
        self._watch.forget()
        self._rest()

    def died(self, cause):
        """The engine can answer nothing more: start another one, unless that would go on for ever."""
        self._recover(self._words("engine.died", reason=reason(self._words, EngineError(cause))))

    def drawn(self):
        """The engine has computed the picture, and the page has drawn its maps."""
        self._recovery.drawn()

    def back(self):
        """The picture is on the page with all that goes with it."""
        self._is_due = self._after is not None
        if self._said is None:
            self._say_after()

    def not_back(self):
        """The engine runs and cannot compute the picture, of which more is said elsewhere."""
        self._after = None
        if self._said is None:
            self._notices.clear("engine")

    # Another engine

    def begin_anew(self):
        """The visitor has an engine started: whatever killed one before may be tried again."""
        self._recovery.begin_anew()
        self._after = None

    def start_again(self):
        """The visitor wants another engine; all of the state comes back."""
        self.begin_anew()
        self._after = ""
        self._restart(self._words("engine.starting_again"))

    def _stop(self):
        """The visitor wants an end of what takes so long: what is being computed is not asked for again."""
        self.begin_anew()
        self._state.give_up(self._watch.oldest())
        self._after = self._words("engine.stopped")
        self._restart(self._words("engine.stopping"))

    def _recover(self, why):
        at = self._watch.oldest()
        starts, again = self._recovery.died(at, self._state.other_picture() is not None)
        left_out = self._state.leave_out(at) if again else ""
        if starts:
            doing, done = self._words("engine.restarting"), left_out or self._words("engine.is_back")
            self._after = self._words("sentences", first=why, second=done)
            self._restart(self._words("sentences", first=why, second=doing))
        else:
            self._after = None
            self._link.end(why)
            self._state.stopped()
            sentence = self._words("sentences", first=why, second=self._words("engine.died_again"))
            again = self._words("engine.restart"), "restart", self.start_again
            self._notices.say("engine", sentence, actions=[again])

    def _restart(self, sentence):
        self._is_due = False
        self._restarts += 1
        document.documentElement.dataset.restarts = str(self._restarts)
        self._state.start()
        self._notices.say("engine", sentence, alert=False)

    # Looking

    def _keep_looking(self):
        if self._is_running and self._timer is None and self._watch.waits and not document.hidden:
            now = _now()
            self._watch.look(now, now + TICK)
            self._timer = window.setTimeout(self._tick, TICK)

    def _look(self, *_):
        self._timer = None
        now = _now()
        found = self._watch.look(now, now + TICK)
        if found == DEAD:
            self._recover(self._words("engine.was_silent"))
            return
        self._say(found)
        self._keep_looking()

    def _rest(self):
        """Nothing is asked: nobody has to look."""
        window.clearTimeout(self._timer)
        self._timer = None
        self._say(None)

    def _woke_or_slept(self, _):
        window.clearTimeout(self._timer)
        self._timer = None
        if not document.hidden:
            self._watch.begin_anew(_now())
            self._keep_looking()

    # Saying

    def _say(self, found):
        if found is None:
            self._is_long = None
        elif self._said is None:
            if found == LONG and self._is_held_back():
                return
            self._keep_what_was_done()
        before, self._said = self._said, found
        if found == LONG:
            self._say_long(before)
        elif found == SILENT and before != SILENT:
            wait = self._words("engine.wait"), "wait", self._wait
            again = self._words("engine.restart"), "restart", self.start_again
            self._notices.say("engine", self._words("engine.silent"), actions=[wait, again])
        elif found is None and before:
            self._notices.clear("engine")
            self._say_after()

    def _say_long(self, before):
        sentence, now = self._doing(), _now()
        if before != LONG:
            stop = self._words("engine.stop"), "stop", self._stop
            self._notices.say("engine", sentence, alert=False, actions=[stop])
        elif sentence != self._sentence and now - self._told >= CALM:
            self._notices.change("engine", sentence)
        else:
            return
        self._sentence, self._told = sentence, now

    def _is_held_back(self):
        """Would a notice now move what the visitor is about to click? It does not wait for long."""
        now = _now()
        if self._is_long is None:
            self._is_long = now
        return window.isAiming() and now - self._is_long < AIMING

    def _keep_what_was_done(self):
        """What is said of another engine comes back after the long work that takes its place."""
        if self._done and self._notices.is_saying("engine", self._done):
            self._after, self._is_due = self._done, True

    def _say_after(self):
        """Say what was done, if that is due; after what the visitor did there is nothing to say."""
        if not self._is_due:
            return
        self._is_due = False
        sentence, self._after = self._after, None
        if sentence:
            self._done = sentence
            self._notices.say("engine", sentence, alert=False)
        else:
            self._notices.clear("engine")

    def _wait(self):
        self._watch.wait(_now())
        self._say(LONG)

    def _doing(self):
        """What the engine is doing, at what, and how far it is."""
        doing, name, done, total = self._watch.doing()
        if doing == "read" and name:
            told = self._words("engine.reading." + name)
        else:
            told = self._words("engine.doing." + doing)
            if name:
                told = self._words("engine.at", doing=told, name=name)
        if total:
            told = self._words("engine.share", doing=told, percent=percent(done / total))
        return self._words("engine.long", doing=told)


def _now():
    return window.performance.now()
