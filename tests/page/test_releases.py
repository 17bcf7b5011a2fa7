"""What becomes of a visitor's tabs, and of what the browser keeps, from release to release."""

import pytest
from playwright.sync_api import expect

from builder.assemble import FORGETTER
from builder.serve import Handler
from builder.version import seal
from tests.browser import served
from tests.hosts import Clean, Varying
from tests.page.releases import DEAD, FAILED, HANGING, WELL, Releases, Visitor, date
from tests.page.visit import eventually


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
    visitor.wait_until_good(first, b)
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
    visitor.wait_until_good(first, b)
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
    visitor.wait_until_good(first, releases.version)
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
    visitor.wait_until_good(broken, y)
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


def test_a_broken_page_that_stands_open_looks_for_the_mended_release_and_loads_with_its_state(
    releases, visitor
):
    tab = visitor.first_tab(releases.version)
    visitor.context.clock.install()
    for broken, script in (("V", FAILED), ("X", HANGING)):
        mended = f"{broken}, mended"
        releases.publish(broken, script)
        visitor.take(tab, broken)
        tab.page.evaluate("history.replaceState(null, '', '#picture=pizza')")
        tab.quiet(0.5)  # what it finds at once is nothing
        releases.publish(mended)
        visitor.context.clock.run_for(40_000)
        expect(tab.page.locator("h1")).to_have_text(mended)
        assert tab.page.url == f"{visitor.address}#picture=pizza"
        visitor.wait_until_good(tab, releases.version)


def test_a_version_that_is_published_again_waits_beside_its_tabs_and_works_without_a_network(
    browser, releases
):
    a = releases.publish("A")
    with served(releases.folder) as address:
        visitor = Visitor(browser, address)
        first, old = visitor.first_tab(a), visitor.tab()
        b = releases.publish("B")
        visitor.take(first, "B")
        visitor.wait_until_good(first, b)
        # Back to A, which waits; then its own tab is left, and so is a tab of the version that serves.
        other = visitor.tab()
        releases.publish("A")
        first.update()
        eventually(first.is_offered)
        old.page.close()
        other.page.close()
        first.quiet()
        assert sorted(first.caches()) == sorted([visitor.name(a), visitor.name(b)])
        # B again, before A was taken: nothing is left to wait for, and nobody's page loads.
        releases.publish("B")
        loads = first.loads
        first.update()
        eventually(lambda: first.caches() == [visitor.name(b)])
        eventually(lambda: not first.is_offered())
        assert (first.title, first.loads) == ("B", loads)
        releases.publish("A")
        visitor.take(first, "A")
        eventually(lambda: first.caches() == [visitor.name(a)])
    first.page.reload()
    assert first.title == "A"
    assert first.late() == ["A", "A"]
    visitor.context.close()


def test_three_versions_are_open_at_once_and_all_go_on_without_a_network(browser, releases):
    releases.publish("A")
    with served(releases.folder) as address:
        visitor = Visitor(browser, address)
        tabs = {"A": visitor.first_tab(releases.version)}
        for title in ("B", "C"):
            tabs[title] = visitor.tab()
            releases.publish(title)
            visitor.take(tabs[title], title)
            visitor.wait_until_good(tabs["A"], releases.version)
    for title, tab in tabs.items():
        assert tab.late() == [title, title]
    tabs["B"].page.reload()
    assert tabs["B"].title == "C"
    assert tabs["B"].late() == ["C", "C"]
    assert tabs["A"].loads == 1
    visitor.context.close()


def test_an_install_that_fails_leaves_nothing_and_the_next_begins_anew(releases, visitor):
    a = releases.version
    tab = visitor.first_tab(a)
    releases.publish("X", DEAD)
    visitor.take(tab, "X")
    y = releases.publish("Y")
    kept = [visitor.name(releases.version)]
    late = releases.take_back("late.txt")
    tab.update()
    assert visitor.name(y) not in tab.caches()
    # What another install left when the browser was closed in its middle.
    asked = "([name, at]) => caches.open(name).then((cache) => cache.put(at, new Response('half')))"
    tab.page.evaluate(asked, [*kept, f"{visitor.address}{y}/late.txt"])
    (releases.folder / y / "late.txt").write_bytes(late)
    tab.page.reload()
    eventually(lambda: tab.shows("Y"))
    visitor.wait_until_good(tab, y)
    assert tab.late() == ["Y", "Y"]
    eventually(lambda: tab.caches() == kept)


def test_no_mixture_of_two_releases_is_kept(releases, visitor):
    tab = visitor.first_tab(releases.version)
    kept = tab.caches()
    old = (releases.folder / "ja.html").read_text()
    new = releases.publish("B")
    page = (releases.folder / "ja.html").read_text()
    late = f"{new}/late.txt"
    other = "<!doctype html><title>Please log in</title>"
    cut = page.partition("<template")[0]
    for path, text in ((late, "A"), (late, other), ("ja.html", old), ("ja.html", other), ("ja.html", cut)):
        releases.publish("B")
        (releases.folder / path).write_text(text)
        tab.update()
        assert tab.caches() == kept
        assert not tab.is_offered()
    # A host may add something of its own to a page.
    releases.publish("B")
    (releases.folder / "ja.html").write_text(f"{page}<!-- served by a host -->")
    visitor.take(tab, "B")


def test_a_browser_without_room_for_a_version_keeps_the_one_it_has(releases, visitor):
    a = releases.version
    tab = visitor.first_tab(a)
    devtools = visitor.context.new_cdp_session(tab.page)
    limit = {"origin": visitor.address.rstrip("/"), "quotaSize": 1_000_000}
    devtools.send("Storage.overrideQuotaForOrigin", limit)
    releases.publish("B", large=bytes(3_000_000))
    tab.update()
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


def test_a_browser_that_keeps_nothing_has_nothing_to_complain_of(releases, visitor):
    tabs = []
    for script in (WELL, FAILED):
        releases.publish("A", script)
        tabs += [visitor.tab(before=block) for block in BLOCKS.values()]
    tabs[0].quiet()
    for tab in tabs:
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
