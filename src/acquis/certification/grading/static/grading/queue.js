// @ts-check
// Marks on their way to the server, in order, each once. What is not acknowledged stays on the device.
//
// An entry names the version it was typed on (`seq`). The server answers a repetition (`id`) as it
// answered the first time, so that sending again after a lost answer changes nothing.

/**
 * @typedef {{id: string, criterion: string, verdict: string, observation: string, seq: number,
 *            notBefore: number, held?: "conflict" | "refused"}} Entry
 * @typedef {{kind: "saved", seq: number, savedAt: string, marked: number, total: number}
 *         | {kind: "conflict", seq: number, verdict: string, observation: string}
 *         | {kind: "refused", message: string}
 *         | {kind: "signed-out"} | {kind: "unreachable"}} Answer
 * @typedef {{load: () => Entry[], keep: (entries: Entry[]) => void}} Store
 */

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

export class MarkQueue {
  /**
   * @param {{
   *   store: Store,
   *   send: (entry: Entry) => Promise<Answer>,
   *   changed: (queue: MarkQueue, last: {entry: Entry, answer: Answer} | null) => void,
   *   now?: () => number,
   *   later?: (act: () => void, ms: number) => any,
   *   newId: () => string,
   * }} parts
   */
  constructor({ store, send, changed, newId, now = Date.now, later = (act, ms) => setTimeout(act, ms) }) {
    this.store = store;
    this.send = send;
    this.changed = changed;
    this.newId = newId;
    this.now = now;
    this.later = later;
    /** @type {Entry[]} */
    this.entries = store.load().map(({ held: _held, ...entry }) => ({ ...entry, notBefore: 0 }));
    /** @type {Entry | null} */
    this.inFlight = null;
    this.retryMs = 0;
    this.signedOut = false;
    /** @type {any} */
    this.timer = null;
  }

  get waiting() {
    return this.entries.filter((entry) => !entry.held).length;
  }

  get held() {
    return this.entries.filter((entry) => entry.held);
  }

  /** The last thing typed here for a criterion and not yet acknowledged.
   * @param {string} criterion */
  lastOf(criterion) {
    return this.entries.filter((entry) => entry.criterion === criterion).at(-1) ?? null;
  }

  /** Keep what was just typed; it leaves after `delay` ms.
   * @param {{criterion: string, verdict: string, observation: string, seq: number}} typed
   * @param {number} [delay] */
  push(typed, delay = 0) {
    const last = this.lastOf(typed.criterion);
    const notBefore = this.now() + delay;
    if (last && last !== this.inFlight) {
      // Not sent yet, or held by a conflict: the newer words replace the older ones in place.
      const tried = last.held || last.id === this.lastTried;
      Object.assign(last, { verdict: typed.verdict, observation: typed.observation, notBefore });
      if (tried && !last.held) last.id = this.newId();
    } else {
      this.entries.push({ ...typed, id: this.newId(), notBefore });
    }
    this.keep();
    this.changed(this, null);
    this.wake(delay);
  }

  /** Settle a conflict: send these words over the version that stands, or drop them.
   * @param {string} criterion @param {number} seq @param {boolean} own */
  settle(criterion, seq, own) {
    const held = this.entries.find((entry) => entry.criterion === criterion && entry.held);
    if (!held) return;
    if (own) Object.assign(held, { id: this.newId(), seq, held: undefined, notBefore: 0 });
    else this.entries.splice(this.entries.indexOf(held), 1);
    this.keep();
    this.changed(this, null);
    this.wake(0);
  }

  /** Try at once, whatever was planned. */
  flush() {
    for (const entry of this.entries) entry.notBefore = 0;
    this.retryMs = 0;
    this.wake(0);
  }

  keep() {
    this.store.keep(this.entries);
  }

  /** @param {number} ms */
  wake(ms) {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = this.later(() => {
      this.timer = null;
      void this.step();
    }, Math.max(ms, this.retryMs));
  }

  async step() {
    if (this.inFlight) return;
    const next = this.entries.find((entry) => !entry.held);
    if (!next) return;
    const wait = next.notBefore - this.now();
    if (wait > 0) return this.wake(wait);
    this.inFlight = next;
    this.lastTried = next.id;
    const sent = { ...next };
    /** @type {Answer} */
    let answer;
    try {
      answer = await this.send(sent);
    } catch {
      answer = { kind: "unreachable" };
    }
    this.inFlight = null;
    this.take(next, answer);
    this.keep();
    this.changed(this, { entry: sent, answer });
    if (this.waiting) this.wake(0);
  }

  /** @param {Entry} entry @param {Answer} answer */
  take(entry, answer) {
    this.signedOut = answer.kind === "signed-out";
    if (answer.kind === "unreachable" || answer.kind === "signed-out") {
      this.retryMs = Math.min(LAST_RETRY_MS, Math.max(FIRST_RETRY_MS, this.retryMs * 2));
      return;
    }
    this.retryMs = 0;
    if (answer.kind === "saved") {
      this.entries.splice(this.entries.indexOf(entry), 1);
      // What was typed meanwhile stands on the version just acknowledged.
      for (const later of this.entries) {
        if (later.criterion === entry.criterion) later.seq = answer.seq;
      }
      return;
    }
    entry.held = answer.kind;
    // Only the last words of this criterion wait for the person's choice.
    const last = this.lastOf(entry.criterion);
    if (last && last !== entry) {
      Object.assign(entry, { verdict: last.verdict, observation: last.observation });
      this.entries.splice(this.entries.indexOf(last), 1);
    }
  }
}
