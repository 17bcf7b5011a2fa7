"""What becomes of what the browser kept before versions had folders, and of a site to be forgotten."""

from pathlib import Path

import pytest

from builder.assemble import FORGETTER
from builder.version import seal
from tests.browser import served
from tests.page.releases import PAGE, Visitor, date
from tests.page.visit import eventually

FLAT_WORKER = Path(__file__).with_name("flat_sw.js")
# What pages of that time did: one whose engine was ready loads the newer version by itself.
FLAT_KEEPING = """
navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
if (location.search === "?ready") {
  navigator.serviceWorker.oncontrollerchange = () => location.reload();
}
"""
TAKE_OVER = "navigator.serviceWorker.getRegistration().then((one) => one.waiting.postMessage('take over'))"
WAITS = "navigator.serviceWorker.getRegistration().then((one) => !one.installing && Boolean(one.waiting))"


def publish_flat(folder, title):
    """Publish a release of the time when all files lay beside the pages."""
    folder.mkdir(exist_ok=True)
    page = PAGE.replace("v-0000000000000000/", "").replace("TITLE", title)
    contents = {
        "index.html": page,
        "ja.html": page,
        "boot.js": FLAT_KEEPING,
        "late.txt": title,
        "worker.js": 'onmessage = async () => postMessage(await (await fetch("late.txt")).text())',
        "sw.js": FLAT_WORKER.read_text(),
    }
    listed = [path for path in contents if path != "sw.js"]
    version = (title.lower() * 64)[:64]
    contents["files.js"] = f"self.site = {{ version: '{version}', files: {listed} }};"
    for path, content in contents.items():
        (folder / path).write_text(content)
    date(folder)
    return version


def test_tabs_of_the_time_before_versions_had_folders_go_on_until_they_close(browser, releases):
    a = publish_flat(releases.folder, "A")
    with served(releases.folder) as address:
        visitor = Visitor(browser, address)
        first = visitor.tab("?ready")
        eventually(lambda: first.caches() == [visitor.name(a)])
        first.page.evaluate("navigator.serviceWorker.ready.then(() => {})")
        first.page.reload()
        second = visitor.tab()
        waits = publish_flat(releases.folder, "E")
        first.update()
        eventually(lambda: first.page.evaluate(WAITS))
        assert first.caches() == [visitor.name(a), visitor.name(waits)]
        b = releases.publish("B")
        first.update()
        eventually(lambda: first.page.evaluate(WAITS))
        assert first.caches() == [visitor.name(version) for version in (a, waits, b)]
        assert [first.title, second.title] == ["A", "A"]
        first.page.evaluate(TAKE_OVER)
        eventually(lambda: first.shows("B"))
        visitor.wait_until_good(first, b)
        assert second.loads == 1
        assert second.late() == ["A", "A"]
        second.page.close()
        first.page.reload()  # pages of that time do not tell that they are left
        eventually(lambda: first.caches() == [visitor.name(b)])
        visitor.context.close()


@pytest.mark.parametrize("is_flat", [False, True])
def test_a_site_that_is_to_be_forgotten_leaves_nothing_and_its_pages_load_once(browser, releases, is_flat):
    version = publish_flat(releases.folder, "A") if is_flat else releases.publish("A")
    with served(releases.folder) as address:
        visitor = Visitor(browser, address)
        tab = visitor.tab()
        eventually(lambda: tab.caches() == [visitor.name(version)])
        tab.page.evaluate("navigator.serviceWorker.ready.then(() => {})")
        releases.publish("B")
        (releases.folder / "sw.js").write_bytes(FORGETTER.read_bytes())
        seal(releases.folder)
        date(releases.folder)
        tab.update()
        eventually(lambda: tab.caches() == [])
        tab.page.reload()
        eventually(lambda: tab.shows("B"))
        loads = tab.loads
        tab.quiet()
        assert tab.loads == loads
        assert tab.caches() == []
        assert not tab.is_offered()
        tab.page.goto("about:blank")
        tab.page.goto(address)
        assert tab.title == "B"
        visitor.context.close()
