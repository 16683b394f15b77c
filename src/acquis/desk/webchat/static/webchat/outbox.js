// @ts-check
// What the visitor wrote and the server has not yet: kept on the device, sent one after the other, each
// under its own key until it is answered. Nothing is lost by a cut, nothing is doubled by a repetition.

const RETRY_MS = [1000, 2000, 4000, 8000];

/** @typedef {{key: string, body: string, at: string}} Waiting */

/** What this browser keeps for one site; storage may be refused, then the page alone remembers. */
export class Memory {
  /** @param {string} site */
  constructor(site) {
    this.name = `acquis.chat.${site}`;
    /** @type {Record<string, any>} */
    this.values = {};
    try {
      this.values = JSON.parse(localStorage.getItem(this.name) ?? "{}");
    } catch {
      this.values = {};
    }
  }

  /** @param {Record<string, any>} values */
  keep(values) {
    Object.assign(this.values, values);
    try {
      localStorage.setItem(this.name, JSON.stringify(this.values));
    } catch {
      // Refused: the page alone remembers.
    }
  }
}

export class Outbox {
  /**
   * @param {{memory: Memory, send: (waiting: Waiting) => Promise<void>, changed: () => void,
   *   refused: (waiting: Waiting, reason: string) => void, link: (working: boolean) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
    /** @type {Waiting[]} */
    this.waiting = parts.memory.values.waiting ?? [];
    this.flying = false;
    this.failures = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    window.addEventListener("online", () => this.flush());
  }

  /** @param {string} body */
  add(body) {
    this.waiting.push({ key: crypto.randomUUID(), body, at: new Date().toISOString() });
    this.keep();
    this.flush();
  }

  /** The server has these already. @param {Set<string>} keys */
  settle(keys) {
    const left = this.waiting.filter((one) => !keys.has(one.key));
    if (left.length === this.waiting.length) return;
    this.waiting = left;
    this.keep();
  }

  keep() {
    this.parts.memory.keep({ waiting: this.waiting });
    this.parts.changed();
  }

  flush() {
    clearTimeout(this.timer);
    if (!this.flying && this.waiting.length) void this.leave();
  }

  async leave() {
    this.flying = true;
    while (this.waiting.length) {
      const first = this.waiting[0];
      try {
        await this.parts.send(first);
        this.failures = 0;
        this.parts.link(true);
        this.settle(new Set([first.key]));
      } catch (error) {
        const refusal = /** @type {Refused} */ (error);
        if (refusal instanceof Refused && !refusal.passing) {
          this.settle(new Set([first.key]));
          this.parts.refused(first, refusal.message);
          continue;
        }
        this.parts.link(refusal instanceof Refused);
        const delay = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
        this.failures += 1;
        this.timer = setTimeout(() => this.flush(), delay);
        break;
      }
    }
    this.flying = false;
  }
}

/** The server answered and said no. `passing` when the same request may pass later. */
export class Refused extends Error {
  /** @param {string} message @param {number} status @param {string} code */
  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
    this.passing = status === 429;
  }
}
