"""The panel of the guided path: writes a step, takes the visitor's answers, and says if they are right."""

from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from ui.dom import by_id, keep_in_sight, on
from ui.figures import typed_number
from ui.path.step import chosen, pieces
from ui.words import escape

SHEET = "(max-width: 1099px)"  # there the style sheet docks the panel to the lower edge
UNKNOWN = "…"  # stands for a number that is not there yet


class Panel:
    """Calls back `on_go(number)` for a step, `on_leave()`, `on_return()` to the step's place, and
    `on_answer(guess)`, a number, that of a choice, or None for a visitor who wants to be shown.
    """

    def __init__(self, words, classes, on_go, on_leave, on_return, on_answer):
        self._words = words
        self._classes = classes
        self._on_go = on_go
        self._on_answer = on_answer
        self._section = by_id("path")
        self._heading = by_id("path-title")
        self._question = by_id("path-question")
        self._number = 0
        self._on_retry = None  # what the visitor may try again
        on(by_id("path-leave"), "click", lambda _: on_leave())
        on(by_id("path-return"), "click", lambda _: on_return())
        on(by_id("path-back"), "click", lambda _: on_go(self._number - 1))
        on(by_id("path-next"), "click", lambda _: on_go(self._number + 1))
        on(by_id("path-continue"), "click", lambda _: on_go(self._number))
        on(by_id("path-anew"), "click", lambda _: on_go(1))
        on(by_id("path-steps"), "click", self._picked)
        on(by_id("path-fold"), "click", lambda _: self._fold(self._section.dataset.folded == "false"))
        on(by_id("path-retry"), "click", lambda _: self._on_retry())
        on(by_id("path-reveal"), "click", lambda _: on_answer(None))
        on(self._question, "submit", self._checked)
        on(self._section, "keydown", lambda event: self._key_pressed(event, on_leave))
        window.ResizeObserver.new(create_proxy(self._resized)).observe(self._section)

    # What it shows

    def offer(self, number, title, count):
        """Ask a visitor who comes back whether to go on from where they left."""
        self._open()
        self._number = number
        by_id("path-offer").hidden, by_id("path-step").hidden = False, True
        self._heading.textContent = self._words("path.offer")
        says = self._words("path.offer.says", number=number, count=count, title=title)
        by_id("path-offered").textContent = says
        by_id("path-at").textContent = self._words("path.name")
        self.focus_heading()

    def show(self, number, steps):
        """Show a step as far as it is known; its numbers follow. `number` counts from 1."""
        self._open()
        self._number = number
        self._step = step = steps[number - 1]
        by_id("path-offer").hidden, by_id("path-step").hidden = True, False
        by_id("path-at").textContent = self._words("path.at", number=number, count=len(steps))
        by_id("path-steps").innerHTML = "".join(self._entry(at + 1, one) for at, one in enumerate(steps))
        by_id("path-list").open = False
        self._heading.textContent = step.title
        by_id("path-tried").textContent = step.tries
        by_id("path-article").setAttribute("data-article", step.article)
        by_id("path-article").setAttribute("href", "#article-" + step.article)
        by_id("path-back").disabled = number == 1
        last = number == len(steps)
        by_id("path-next").textContent = self._words("path.finish" if last else "path.next")
        self._ask(step.question)
        self.fill(None)

    def fill(self, facts):
        """Write the step's texts with their numbers; without facts, with gaps for them."""
        by_id("path-says").innerHTML = self._html(self._step.text(facts), facts)
        if self._step.question:
            by_id("path-asked").innerHTML = self._html(self._step.question.asked, facts)
        for button in ("path-check", "path-reveal"):
            by_id(button).disabled = facts is None
        self.wait("")
        if facts:
            said = [by_id(name).textContent for name in ("path-says", "path-tried")]
            by_id("path-live").textContent = " ".join(said)

    def wait(self, sentence):
        """Say why the numbers are not there yet."""
        by_id("path-waiting").textContent = sentence
        by_id("path-retry").hidden = True

    def fail(self, sentence, on_retry):
        """Say why the numbers could not be computed, and let the visitor try again."""
        self.wait(sentence)
        self._on_retry = on_retry
        by_id("path-retry").hidden = False

    def judge(self, guess, facts):
        """Say what the answer is, why, and if the visitor was right."""
        question = self._step.question
        answer = question.answer(facts)
        if question.number:
            text = self._number_html(question.number, facts)
        else:
            text = escape(question.options[answer])
        exact = question.number is None or self._step.numbers[question.number][0] == "count"
        if guess is None:
            verdict, verb = "shown", self._words.html("path.answer", answer=text)
        elif question.is_right(guess, facts, exact):
            verdict, verb = "right", self._words.html("path.right", answer=text)
        else:
            verdict, verb = "wrong", self._words.html("path.wrong", answer=text)
        why = self._html(chosen(question.why, facts), facts)
        self._say(verdict, f"<strong>{verb}</strong> {why}")
        keep_in_sight(by_id("path-body"), by_id("path-verdict"))

    def forget_verdict(self):
        self._say("none", "")

    def close(self):
        self._section.hidden = True
        document.documentElement.removeAttribute("data-path")

    def focus_heading(self):
        self._heading.focus(to_js({"preventScroll": True}))

    def focus_check(self):
        by_id("path-check").focus(to_js({"preventScroll": True}))

    # Parts

    def _open(self):
        self._section.hidden = False
        document.documentElement.dataset.path = "open"
        self._fold(False)
        by_id("path-body").scrollTop = 0

    def _fold(self, folded):
        self._section.dataset.folded = "true" if folded else "false"
        by_id("path-fold").textContent = self._words("path.unfold" if folded else "path.fold")
        by_id("path-fold").setAttribute("aria-expanded", "false" if folded else "true")

    def _entry(self, number, step):
        current = ' aria-current="step"' if number == self._number else ""
        text = escape(self._words("path.entry", number=number, title=step.title))
        return f'<li><button type="button" data-step="{number}"{current}>{text}</button></li>'

    def _ask(self, question):
        self._question.hidden = question is None
        self.forget_verdict()
        if question is None:
            return
        by_id("path-typed").hidden = not question.number
        by_id("path-guess").value = ""
        by_id("path-options").innerHTML = "".join(
            f'<label><input type="radio" name="path-option" value="{index}"> {escape(option)}</label>'
            for index, option in enumerate(question.options)
        )

    def _html(self, text, facts):
        return "".join(
            self._number_html(piece, facts) if is_number else escape(piece)
            for is_number, piece in pieces(text)
        )

    def _number_html(self, name, facts):
        if facts is None:
            return f'<span class="figure">{UNKNOWN}</span>'
        value = facts[name]
        if not isinstance(value, list):
            return self._figure(name, value)
        return self._words.html_listed([self._figure(name, item) for item in value], "list.numbers")

    def _figure(self, name, value):
        text = escape(self._step.written(name, value, self._classes))
        look = "" if self._step.numbers[name][0] == "best" else ' class="figure"'  # that is a class's name
        return f'<span{look} data-value="{value}" data-quote="{name}">{text}</span>'

    def _say(self, verdict, html):
        by_id("path-verdict").dataset.verdict = verdict
        by_id("path-verdict").innerHTML = html

    # The visitor

    def _picked(self, event):
        button = event.target.closest("button[data-step]")
        if button:
            self._on_go(int(button.dataset.step))

    def _checked(self, event):
        event.preventDefault()
        question = self._step.question
        if question.number:
            whole = self._step.numbers[question.number][0] == "count"
            guess = typed_number(by_id("path-guess").value, whole)
        else:
            picked = self._question.querySelector("input:checked")
            guess = int(picked.value) if picked else None
        if guess is None:
            missing = self._words("path.no_number" if question.number else "path.no_choice")
            self._say("missing", escape(missing))
        else:
            self._on_answer(guess)

    def _key_pressed(self, event, on_leave):
        if event.key != "Escape":
            return
        event.preventDefault()  # the open view's Escape is another one
        if by_id("path-list").open:
            by_id("path-list").open = False
            by_id("path-list").firstElementChild.focus()
        else:
            on_leave()

    def _resized(self, *_):
        """Tell the style sheet what a sheet at the lower edge covers."""
        covered = self._section.offsetHeight if window.matchMedia(SHEET).matches else 0
        document.documentElement.style.setProperty("--path-covers", f"{covered}px")
