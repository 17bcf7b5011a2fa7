"""An engine whose answers a test can spoil or hold back."""

# `faulty.failing` are requests that fail with what a Python traceback ends with; `faulty.held` are sent when
# `faulty.release()` is called.
FAULTY = """
const Sound = window.Worker;
window.faulty = {
  failing: new Set(),
  held: new Set(),
  waiting: [],
  release() {
    this.held.clear();
    for (const send of this.waiting.splice(0)) send();
  },
};
window.Worker = class extends Sound {
  postMessage(message, transfer) {
    const send = () => {
      if (!faulty.failing.has(message.request)) return super.postMessage(message, transfer);
      const data = { id: message.id, broken: "ValueError: <JsProxy 468> of nothing" };
      setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })));
    };
    if (faulty.held.has(message.request)) faulty.waiting.push(send);
    else send();
  }
};
"""


def visit_faulty(visit, address, fragment="", failing=(), wait="drawn", **options):
    """Open the site with such an engine."""
    seen = visit("about:blank", at="", wait=None, **options)
    seen.misses_a_file = True  # what fails is also written to the console
    seen.page.add_init_script(FAULTY)
    seen.page.add_init_script(f"for (const one of {list(failing)!r}) faulty.failing.add(one);")
    seen.address = address
    seen.page.goto(address + fragment)
    if wait:
        getattr(seen, f"wait_until_{wait}")()
    return seen


def fail(seen, *requests):
    """From now on these requests fail, and no others."""
    seen.page.evaluate("(names) => (faulty.failing = new Set(names))", list(requests))


def hold(seen, *requests):
    seen.page.evaluate("(names) => (faulty.held = new Set(names))", list(requests))


def release(seen):
    seen.page.evaluate("faulty.release()")
