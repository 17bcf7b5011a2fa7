"""What becomes of a visitor's tabs, and of what the browser keeps, from release to release."""

from pathlib import Path

import pytest

from builder.assemble import FORGETTER
from builder.serve import Handler
from builder.version import seal
from tests.browser import served
from tests.hosts import Clean, Varying
from tests.page.releases import DEAD, FAILED, PAGE, WELL, Releases, Visitor, date
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


@pytest.fixture
def releases(tmp_path):
    return Releases(tmp_path / "site")


@pytest.fixture
def visitor(browser, releases):
    """A visitor of the site, once the first release is published."""
    releases.publish("A")
    with served(releases.folder) as address:
        made = Visitor(browser, address)
        yield made
        made.context.close()


def test_a_newer_version_is_offered_and_every_tab_goes_on_with_its_own(releases, visitor):
    a = releases.version
    first = visitor.first_tab(a)
    second = visitor.tab("ja.html#picture=koala")
    b = releases.publish("B")
    first.update()
    eventually(first.is_offered)
    eventually(second.is_offered)
    first.page.reload()
    eventually(lambda: first.shows("A"))
    eventually(first.is_offered)
    loads = second.loads
    second.page.evaluate("history.replaceState(null, '', '#picture=pizza')")
    first.take()
    eventually(lambda: first.shows("B"))
    eventually(lambda: visitor.is_good(first, b))
    second.quiet()
    assert second.loads == loads
    assert second.late() == ["A", "A"]
    assert first.late() == ["B", "B"]
    assert not first.is_offered()
    assert second.is_offered()
    assert sorted(first.caches()) == sorted([visitor.name(a), visitor.name(b)])
    second.take()
    eventually(lambda: second.shows("B"))
    assert second.page.url.endswith("ja.html#picture=pizza")
    eventually(lambda: first.caches() == [visitor.name(b)])
    assert first.loads == 3
    assert first.complaints + second.complaints == []


def test_a_cache_goes_with_its_last_tab(releases, visitor):
    a = releases.version
    first, second, third = visitor.first_tab(a), visitor.tab(), visitor.tab("ja")
    b = releases.publish("B")
    visitor.take(first, "B")
    eventually(lambda: visitor.is_good(first, b))
    second.page.close()
    third.quiet()
    assert third.late() == ["A", "A"]
    c = releases.publish("C")
    first.update()
    eventually(first.is_offered)
    third.page.close()
    eventually(lambda: first.caches() == [visitor.name(b), visitor.name(c)])


def test_a_first_visit_is_kept_whole_even_where_the_next_release_comes_at_once(releases, visitor):
    first, slow = visitor.tab(), visitor.context.new_page()
    slow.route("**/boot.js", lambda route: route.fulfill(body=""))  # its page is not ready yet
    slow.goto(visitor.address)
    eventually(lambda: visitor.is_good(first, releases.version))
    releases.publish("B")
    visitor.take(first, "B")
    first.quiet()
    files = slow.locator("html").get_attribute("data-files")
    assert slow.evaluate("(at) => fetch(at).then((answer) => answer.text())", f"{files}late.txt") == "A"


@pytest.mark.parametrize("script", [FAILED, DEAD], ids=["engine", "page"])
def test_a_broken_release_is_replaced_by_the_mended_one_and_its_pages_alone_load_again(
    releases, visitor, script
):
    a = releases.version
    broken, good = visitor.first_tab(a), visitor.tab("ja")
    x = releases.publish("X", script)
    visitor.take(broken, "X")
    other = visitor.tab("?other#picture=koala")
    assert other.title == "X"
    other.page.reload()
    other.quiet()
    loads = good.loads, other.loads
    y = releases.publish("Y")
    broken.page.reload()
    eventually(lambda: broken.shows("Y"))
    eventually(lambda: other.shows("Y"))
    assert other.page.url == f"{visitor.address}?other#picture=koala"
    eventually(lambda: visitor.is_good(broken, y))
    good.quiet()
    assert (good.loads, other.loads) == (loads[0], loads[1] + 1)
    assert good.late() == ["A", "A"]
    eventually(lambda: visitor.name(x) not in good.caches())
    # The mended version is a good one: what comes after it waits to be taken.
    releases.publish("Z")
    broken.update()
    eventually(broken.is_offered)
    assert [broken.title, other.title, good.title] == ["Y", "Y", "A"]


def test_a_release_that_does_not_mend_is_replaced_too_but_never_by_a_failed_one(releases, visitor):
    tab = visitor.first_tab(releases.version)
    releases.publish("X", FAILED)
    visitor.take(tab, "X")
    releases.publish("Y", FAILED)
    tab.update()
    eventually(lambda: tab.shows("Y"))
    releases.publish("X", FAILED)
    tab.update()
    tab.quiet(2)
    assert tab.title == "Y"
    releases.publish("Z")
    tab.update()
    eventually(lambda: tab.shows("Z"))


def test_a_failed_page_of_a_good_version_is_offered_the_newer_one_and_not_led_to_it(releases, visitor):
    first = visitor.first_tab(releases.version)
    failing = visitor.context.new_page()
    failing.route("**/boot.js", lambda route: route.fulfill(body=FAILED, content_type="text/javascript"))
    releases.publish("B")
    failing.goto(visitor.address)
    failing.locator("[data-notice=update]").wait_for()
    first.quiet()
    # The engine fails again after another try, and the page looks again.
    c = releases.publish("C")
    failing.evaluate("document.documentElement.dataset.engine = 'starting'")
    failing.evaluate("document.documentElement.dataset.engine = 'failed'")
    eventually(lambda: visitor.name(c) in first.caches())
    assert [first.title, failing.locator("h1").inner_text()] == ["A", "A"]


def test_an_install_that_fails_leaves_nothing_and_the_next_begins_anew(releases, visitor):
    a = releases.version
    tab = visitor.first_tab(a)
    releases.publish("X", DEAD)
    visitor.take(tab, "X")
    y = releases.publish("Y")
    kept = [visitor.name(releases.version)]
    late = releases.take_back("late.txt")
    tab.update()
    tab.quiet()
    assert visitor.name(y) not in tab.caches()
    # What another install left when the browser was closed in its middle.
    asked = "([name, at]) => caches.open(name).then((cache) => cache.put(at, new Response('half')))"
    tab.page.evaluate(asked, [*kept, f"{visitor.address}{y}/late.txt"])
    (releases.folder / y / "late.txt").write_bytes(late)
    tab.page.reload()
    eventually(lambda: tab.shows("Y"))
    eventually(lambda: visitor.is_good(tab, y))
    assert tab.late() == ["Y", "Y"]
    eventually(lambda: tab.caches() == kept)


@pytest.mark.parametrize("wrong", ["file", "page", "other page", "html"])
def test_no_mixture_of_two_releases_is_kept(releases, visitor, wrong):
    a = releases.version
    tab = visitor.first_tab(a)
    old = (releases.folder / "ja.html").read_bytes()
    b = releases.publish("B")
    folder = releases.folder
    if wrong == "file":
        (folder / b / "late.txt").write_text("A")
    elif wrong == "page":
        (folder / "ja.html").write_bytes(old)
    elif wrong == "other page":
        (folder / "ja.html").write_text("<!doctype html><title>Please log in</title>")
    else:
        (folder / b / "late.txt").write_text("<!doctype html><title>Not here</title>")
    tab.update()
    tab.quiet()
    assert tab.caches() == [visitor.name(a)]
    assert not tab.is_offered()
    releases.publish("B")
    # A host may add something of its own to a page.
    with (folder / "ja.html").open("a") as page:
        page.write("<!-- served by a host -->")
    visitor.take(tab, "B")


def test_a_browser_without_room_for_a_version_keeps_the_one_it_has(releases, visitor):
    a = releases.version
    tab = visitor.first_tab(a)
    devtools = visitor.context.new_cdp_session(tab.page)
    limit = {"origin": visitor.address.rstrip("/"), "quotaSize": 1_000_000}
    devtools.send("Storage.overrideQuotaForOrigin", limit)
    releases.publish("B", large=bytes(3_000_000))
    tab.update()
    tab.quiet()
    assert tab.caches() == [visitor.name(a)]
    assert not tab.is_offered()
    tab.page.reload()
    assert tab.late() == ["A", "A"]
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": limit["origin"]})
    visitor.take(tab, "B")


BLOCKS = {
    "refused": "ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('blocked'));"
    "ServiceWorkerContainer.prototype.getRegistration = () => Promise.reject(new Error('blocked'));",
    "missing": "delete Navigator.prototype.serviceWorker;",
}


@pytest.mark.parametrize("script", [WELL, FAILED], ids=["well", "failed"])
@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_browser_that_keeps_nothing_has_nothing_to_complain_of(releases, visitor, script, block):
    releases.publish("A", script)
    visitor.context.add_init_script(block)
    tab = visitor.tab()
    tab.quiet()
    assert tab.complaints == []
    assert not tab.is_offered()
    assert tab.caches() == []


def test_where_the_browsers_caches_fail_the_network_answers(releases, visitor):
    tab = visitor.first_tab(releases.version)
    worker = releases.folder / "sw.js"
    releases.publish("B")
    source = worker.read_text().replace('addEventListener("install"', '(() => {})("install"')
    worker.write_text(f"caches.match = () => Promise.reject(new Error('broken'));\n{source}")
    seal(releases.folder)
    date(releases.folder)
    tab.update()
    eventually(tab.is_offered)
    tab.take()
    eventually(lambda: tab.shows("B"))
    assert tab.late() == ["B", "B"]


def test_sites_of_the_same_host_leave_each_other_alone(browser, tmp_path):
    (tmp_path / "index.html").touch()
    ours, theirs = Releases(tmp_path / "one"), Releases(tmp_path / "one/two")
    with served(tmp_path) as address:
        ours.publish("A")
        visitor = Visitor(browser, f"{address}one/", "/one/")
        tab = visitor.first_tab(ours.version)
        theirs.publish("sister")
        sister = Visitor(browser, f"{address}one/two/", "/one/two/")
        sister.context.close()
        sister.context = visitor.context
        beside = sister.first_tab(theirs.version)
        tab.page.evaluate("Promise.all(['mine', '/one', '/'].map((name) => caches.open(name)))")
        untouched = {"mine", "/one", "/", sister.name(theirs.version)}
        kept = theirs.folder.rename(tmp_path / "kept")
        for title in ("B", "C"):
            ours.publish(title)
            visitor.take(tab, title)
        eventually(lambda: set(tab.caches()) == untouched | {visitor.name(ours.version)})
        kept.rename(theirs.folder)
        (ours.folder / "sw.js").write_bytes(FORGETTER.read_bytes())
        tab.update()
        eventually(lambda: set(tab.caches()) == untouched)
        assert beside.late() == ["sister", "sister"]
        assert beside.loads == 1
        visitor.context.close()


def test_a_host_with_clean_addresses_has_the_same_history(browser, tmp_path):
    (tmp_path / "index.html").touch()
    releases = Releases(tmp_path / "site")
    a = releases.publish("A")
    with served(tmp_path, Clean) as above:
        visitor = Visitor(browser, f"{above}site/", "/site/")
        first, second = visitor.first_tab(a), visitor.tab("ja?a=1#picture=koala")
        assert second.page.url == f"{visitor.address}ja?a=1#picture=koala"
        releases.publish("X", FAILED)
        visitor.take(second, "X")
        releases.publish("Y")
        second.update()
        eventually(lambda: second.shows("Y"))
        assert second.page.url == f"{visitor.address}ja?a=1#picture=koala"
        assert first.late() == ["A", "A"]
        assert first.loads == 1
        for path in ("index", "index.html", "ja.html", "ja"):
            assert visitor.tab(path).title == "Y"
        visitor.context.close()


@pytest.mark.parametrize("host", [Handler, Varying])
def test_a_kept_file_is_found_without_a_network_however_it_is_asked_for(browser, releases, host):
    version = releases.publish("A")
    with served(releases.folder, host) as address:
        visitor = Visitor(browser, address)
        visitor.first_tab(version).page.close()
    tab = visitor.tab()
    found = tab.page.evaluate(
        "(path) => fetch(path, { headers: { Accept: 'text/plain' } }).then((answer) => answer.text())",
        f"{version}/late.txt",
    )
    assert found == "A"
    visitor.context.close()


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
        first.quiet()
        eventually(lambda: first.page.evaluate(WAITS))
        assert first.caches() == [visitor.name(version) for version in (a, waits, b)]
        assert [first.title, second.title] == ["A", "A"]
        first.page.evaluate(TAKE_OVER)
        eventually(lambda: first.shows("B"))
        eventually(lambda: visitor.is_good(first, b))
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
        tab.quiet(2)
        assert tab.loads == loads
        assert tab.caches() == []
        assert not tab.is_offered()
        tab.page.goto("about:blank")
        tab.page.goto(address)
        assert tab.title == "B"
        visitor.context.close()
