// @ts-check
// One text on its way to the server: nothing typed is lost, nothing is sent twice with two meanings.
//
// A version that was sent may have arrived although its answer did not: it is sent again, unchanged
// and under its own name and number, until it is answered; only then does the next version leave. Between
// two answers, newer keystrokes replace each other. What is unanswered lies in `store`.

/** Wait after the last keystroke, and at most since the first unsent one. */
export const QUIET_MS = 600;
export const LONGEST_MS = 1000;
const BACKOFF_MS = [1000, 2000, 4000, 8000, 15_000];
/** After a cut every page sends at once: each shortens its wait by up to this share. */
const SPREAD = 0.4;

/**
 * @typedef {{seq: number, text: string, client: string}} Version
 * @typedef {{kind: "saved", seq: number, savedAt: string, late: boolean}
 *   | {kind: "conflict", seq: number, text: string, savedAt: string}
 *   | {kind: "refused", message: string}
 *   | {kind: "unreachable"} | {kind: "failed", signedOut?: boolean}} Answer
 * @typedef {"saved" | "saving" | "offline" | "retrying" | "conflict" | "late" | "refused"} State
 * @typedef {{load: () => {sent: Version | null, text: string | null, seq: number} | null,
 *   keep: (kept: {sent: Version | null, text: string | null, seq: number}) => void,
 *   forget: () => void}} Store
 */

export class Outgoing {
  /**
   * @param {{seq: number, stamp: () => string, send: (version: Version) => Promise<Answer>, store: Store,
   *   changed: (state: State, detail: {savedAt?: string, since?: number, message?: string}) => void,
   *   conflict: (theirs: {text: string, seq: number}, mine: string) => void,
   *   now?: () => number,
   *   wait?: (act: () => void, ms: number) => any, cancel?: (timer: any) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.now = parts.now ?? Date.now;
    this.wait = parts.wait ?? ((act, ms) => setTimeout(act, ms));
    this.cancel = parts.cancel ?? ((timer) => clearTimeout(timer));
    /** The last number that the server acknowledged. */
    this.seq = parts.seq;
    /** @type {Version | null} */
    this.sent = null;
    /** @type {string | null} */
    this.text = null;
    this.flying = false;
    this.held = false; // a conflict waits for a choice
    this.failures = 0;
    /** @type {number | null} */
    this.cutSince = null;
    this.firstUnsentAt = 0;
    /** @type {any} */
    this.timer = null;
  }

  /**
   * What the device kept from before and the server does not show: the text to show; it leaves at once.
   *
   * @param {string} shown what the page came with
   */
  recover(shown) {
    const kept = this.parts.store.load();
    if (!kept) return null;
    if ((kept.text ?? kept.sent?.text) === shown) {
      this.parts.store.forget();
      return null;
    }
    this.sent = kept.sent;
    this.text = kept.text;
    // The number it left from, not the page's: if another window went ahead meanwhile, the server
    // must see that these two texts did not know each other.
    this.seq = kept.sent ? kept.sent.seq - 1 : kept.seq;
    this.flush();
    return this.text ?? this.sent?.text ?? null;
  }

  get pending() {
    return this.sent !== null || this.text !== null;
  }

  /** @param {string} text */
  write(text) {
    if (this.text === null) this.firstUnsentAt = this.now();
    this.text = text;
    this.keep();
    if (this.held) return;
    if (this.cutSince === null) this.parts.changed("saving", {});
    if (this.flying || this.failures) return;
    this.planSoon();
  }

  /** Send now what waits. */
  flush() {
    if (this.held || this.flying || !this.pending) return;
    this.plan(null);
    void this.leave();
  }

  /** The person chose between two texts after a conflict. @param {string} text @param {number} seq */
  settle(text, seq, mine = false) {
    this.held = false;
    this.sent = null;
    this.seq = seq;
    this.text = mine ? text : null;
    if (mine) {
      this.keep();
      this.flush();
    } else {
      this.parts.store.forget();
      this.parts.changed("saved", { savedAt: new Date(this.now()).toISOString() });
    }
  }

  async leave() {
    if (!this.sent) {
      if (this.text === null) return;
      this.sent = { seq: this.seq + 1, text: this.text, client: this.parts.stamp() };
      this.text = null;
      this.keep();
    }
    this.flying = true;
    const answer = await this.parts.send(this.sent);
    this.flying = false;
    this.heed(answer);
  }

  /** @param {Answer} answer */
  heed(answer) {
    if (answer.kind === "unreachable" || answer.kind === "failed") {
      this.cutSince ??= this.now();
      const delay = BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)];
      this.failures += 1;
      this.parts.changed(answer.kind === "unreachable" ? "offline" : "retrying", {
        since: this.cutSince,
        signedOut: answer.kind === "failed" && Boolean(answer.signedOut),
      });
      this.plan(delay * (1 - SPREAD * Math.random()));
      return;
    }
    this.failures = 0;
    this.cutSince = null;
    const sent = /** @type {Version} */ (this.sent);
    if (answer.kind === "saved") {
      this.seq = answer.seq;
      this.sent = null;
      this.parts.changed(answer.late ? "late" : "saved", { savedAt: answer.savedAt });
      if (this.text === null) this.parts.store.forget();
      else {
        this.keep();
        this.parts.changed("saving", {});
        this.planSoon();
      }
    } else if (answer.kind === "conflict") {
      const mine = this.text ?? sent.text;
      if (answer.text === mine) return this.settle(mine, answer.seq);
      this.held = true;
      this.text = mine;
      this.sent = null;
      this.keep();
      this.parts.changed("conflict", {});
      this.parts.conflict({ text: answer.text, seq: answer.seq }, mine);
    } else {
      // Refused for good: kept on the device; the next keystroke asks again.
      this.text ??= sent.text;
      this.sent = null;
      this.keep();
      this.parts.changed("refused", { message: answer.message });
    }
  }

  keep() {
    this.parts.store.keep({ sent: this.sent, text: this.text, seq: this.seq });
  }

  planSoon() {
    const spent = this.now() - this.firstUnsentAt;
    this.plan(Math.max(0, Math.min(QUIET_MS, LONGEST_MS - spent)));
  }

  /** @param {number | null} ms null plans nothing */
  plan(ms) {
    if (this.timer !== null) this.cancel(this.timer);
    this.timer = null;
    if (ms === null) return;
    this.timer = this.wait(() => {
      this.timer = null;
      void this.leave();
    }, ms);
  }
}
