"""A page whose engine a test has in its hands, see held_worker.js."""

from pathlib import Path

from playwright.sync_api import expect

from tests.page.visit import START, eventually

HOLD = Path(__file__).with_name("held_worker.js").read_text(encoding="utf-8")
PATIENCE = 20_000  # milliseconds; how long what takes no time may take on a busy machine


class Held:
    """`seen` is a visit that has not gone to the site yet; every engine dies at the request `dies_at`."""

    def __init__(self, seen, address, *, fragment="", clock=True, dies_at=""):
        self.seen, self.page = seen, seen.page
        seen.misses_a_file = True  # the engine complains in the console of what happens to it
        self.page.add_init_script(HOLD)
        if dies_at:
            self.page.add_init_script(f"engine.meets.{dies_at} = 'error'; engine.always.add('{dies_at}');")
        seen.address = address
        self.page.goto(address + fragment)
        if not dies_at:
            seen.wait_until_drawn()
            self.wait_until_idle()
        if clock:
            self.page.clock.install()  # it knows no marks, which a visit waits for

    @property
    def notice(self):
        return self.seen.notice("engine")

    def meets(self, request, what, *, always=False):
        """Let the next request of a kind meet something, or all that follow."""
        self.page.evaluate(
            """([request, what, always]) => {
              engine.meets[request] = what;
              if (always) engine.always.add(request);
            }""",
            [request, what, always],
        )

    def meets_nothing_more(self):
        self.page.evaluate("engine.meets = {}; engine.always.clear()")

    def replay(self, on=True):
        """Let engines be started that answer as the first one has."""
        self.page.evaluate("(on) => { engine.replays = on; }", on)

    def tell(self, *news):
        self.page.evaluate("(news) => engine.all.at(-1).tell(...news)", list(news))

    def fail(self, kind="error"):
        self.page.evaluate("(kind) => engine.all.at(-1).fail(kind)", kind)

    def asked(self):
        """The requests since this was asked last."""
        return self.page.evaluate("engine.asked.splice(0)")

    def wait_until_asked(self, request):
        eventually(lambda: request in self.page.evaluate("engine.asked"), PATIENCE / 1000)

    def restarts(self):
        return int(self.page.locator("html").get_attribute("data-restarts"))

    def wait_until_restarted(self, times):
        """Until there is another engine, and it has shown the picture and answered all that was asked."""
        page = self.page.locator(f"html[data-restarts='{times}'][data-engine=ready]")
        page.wait_for(state="attached", timeout=START)
        self.wait_until_idle()

    def wait_until_idle(self):
        idle = "engine.asked.includes('show') && !engine.all.at(-1).open.size"
        eventually(lambda: self.page.wait_for_timeout(50) or self.page.evaluate(idle), START / 1000)

    def run(self, seconds):
        """Let the page's clock run, in steps that give what is on its way the time to come."""
        for _ in range(int(seconds / 0.5)):
            self.page.clock.run_for(500)

    def say(self, text):
        expect(self.notice.locator("[data-says]")).to_have_text(text, timeout=PATIENCE)

    def says_nothing(self):
        expect(self.notice).to_be_hidden(timeout=PATIENCE)
