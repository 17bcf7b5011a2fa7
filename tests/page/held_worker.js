// Takes hold of the engine's workers, for a page under test. `engine.all` are those that were made. What the next
// request of a kind meets stands in `engine.meets`: kind -> "nothing" (it is never passed on), "error", "messageerror",
// "died", "broken", "end" (the worker is terminated). While `engine.replays` is on, new workers are none: they
// answer what a real one has answered before.
window.engine = { all: [], meets: {}, asked: [], replays: false, answers: new Map(), always: new Set() };

const Real = window.Worker;
const keyOf = ({ request, parts }) =>
  JSON.stringify([request, parts.map((part) => (typeof part === "string" ? part : [part.length, part.reduce((a, b) => (a * 31 + b) | 0, 7)]))]);

window.Worker = class {
  constructor(...given) {
    this.kinds = new Map(); // the number of a request -> its kind
    this.keys = new Map();
    this.open = new Set();
    window.engine.all.push(this);
    this.isOver = false;
    if (window.engine.replays) {
      setTimeout(() => this.hear({ ready: true }));
      return;
    }
    this.real = new Real(...given);
    this.real.onmessage = ({ data }) => {
      const key = this.keys.get(data.id);
      if (key && !data.news) window.engine.answers.set(key, structuredClone(data));
      this.hear(data);
    };
    this.real.onerror = (event) => this.onerror?.(event);
    this.real.onmessageerror = (event) => this.onmessageerror?.(event);
  }

  hear(data) {
    if (!data.news) this.open.delete(data.id);
    if (!this.isOver) this.onmessage?.(new MessageEvent("message", { data }));
  }

  postMessage(message, transfer) {
    const { id, request } = message;
    window.engine.asked.push(request);
    this.kinds.set(id, request);
    this.open.add(id);
    const meets = window.engine.meets[request];
    if (!window.engine.always.has(request)) delete window.engine.meets[request];
    if (meets) return this.meet(meets, id);
    const key = keyOf(message);
    if (this.real) {
      this.keys.set(id, key);
      this.real.postMessage(message, transfer);
    } else {
      const answer = window.engine.answers.get(key);
      if (!answer) throw new Error(`no real engine was asked ${key}`);
      setTimeout(() => this.hear({ ...structuredClone(answer), id }));
    }
  }

  meet(what, id) {
    const [oldest] = this.open;
    if (what === "end") this.real?.terminate();
    else if (what === "nothing" || this.isOver) return;
    else if (this.open.size && oldest !== id) setTimeout(() => this.meet(what, id), 10); // one after the other
    else if (what === "error") setTimeout(() => this.fail("error"));
    else if (what === "messageerror") setTimeout(() => this.fail("messageerror"));
    else if (what === "died") setTimeout(() => this.hear({ died: "Error: out of memory" }));
    else if (what === "broken") setTimeout(() => this.hear({ id, broken: "MemoryError" }));
  }

  fail(kind) {
    if (!this.isOver) this[`on${kind}`]?.(kind === "error" ? new ErrorEvent(kind, { message: "out of memory" }) : new MessageEvent(kind));
  }

  // News of the oldest request that is not answered.
  tell(doing, name, done, total) {
    const [id] = this.open;
    this.hear({ id, news: { doing, name, done, total } });
  }

  terminate() {
    this.isOver = true;
    this.real?.terminate();
  }
};
window.engine.post = window.Worker.prototype.postMessage;
