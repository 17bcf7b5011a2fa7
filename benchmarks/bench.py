"""How fast the page is, in headless Chromium and once in Firefox, against what the project aims at.

python -m benchmarks.bench [--visits N]

Times depend on the machine and on what else it does; compare figures of one run only.
"""

import argparse
import sys

from benchmarks import at_mark, firefox, growth, memory, views, visits
from benchmarks.figures import MEANINGS, Figures, table
from benchmarks.timing import medians, values
from pycnn import default_model
from tests.browser import chromium, served

ROUNDS = 9  # of the forward pass on CPython


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the page in headless Chromium and in Firefox.")
    parser.add_argument("--visits", type=int, default=5, help="first visits of each kind (default: 5)")
    options = parser.parse_args()
    figures, elsewhere = Figures(), Figures()
    with served() as address:
        with chromium() as browser:
            checked = at_mark.check(browser, address)
            for number in range(options.visits):
                say(f"visits, round {number + 1} of {options.visits}")
                visits.visit(browser, address, figures)
                visits.visit_without_service_worker(browser, address, figures)
                visits.visit_twice(browser, address, figures)
            say("views")
            views.visit(browser, address, figures)
            versions = [f"Chromium {browser.version}"]
        say("memory")
        counted = memory.measure(address, figures)
        if path := firefox.firefox_path():
            say("Firefox")
            versions.append(firefox.measure(path, address, elsewhere))
        else:
            versions.append("No Firefox is installed, so nothing was measured in it.")
    say("the forward pass")
    figures.note("forward pass on CPython", native_forward())
    print(table(figures, elsewhere))
    print("\n".join(["", *versions, checked, *counted, "", MEANINGS, growth.table()]))


def say(what: str) -> None:
    """Tell who waits what is measured now, apart from the figures."""
    print(f"Measuring {what}", file=sys.stderr, flush=True)


def native_forward() -> float:
    network = default_model()
    picture = abs(values(*network.input_shape))
    return medians({"forward": lambda: network.forward(picture)}, ROUNDS)["forward"]


if __name__ == "__main__":
    main()
