// @ts-check
// Shows the time left of every [data-clock]; the server's clock rules.
//
//   data-ends-at, data-now   instants in ISO 8601, written by the server
//   data-clock-url           optional: answers {"now": iso, "ends_at": iso}, asked every minute and
//                            whenever the page comes back, so that time given back appears
//
// At the end the element sends « acquis:time-over ». `document` hears « acquis:clock » with
// {now, ends_at} from whoever learns a newer end.

import { figures, secondsLeft, urgency, warningCrossed, words } from "./countdown.js";
import { say } from "./words.js";

const RESYNC_MS = 60_000;

class Clock {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {number | null} */
    this.last = null;
    this.hear(element.dataset.now ?? "", element.dataset.endsAt ?? "");
    this.tick();
  }

  /** @param {string} now @param {string} endsAt */
  hear(now, endsAt) {
    this.clock = {
      endsAt: Date.parse(endsAt),
      serverNow: Date.parse(now),
      heardAt: performance.now(),
    };
  }

  tick() {
    const left = secondsLeft(/** @type {any} */ (this.clock), performance.now());
    if (left === this.last) return;
    const crossed = warningCrossed(this.last, left);
    const shown = words(left, { hour: say("hour"), minute: say("minute"), second: say("second") });
    this.write("[data-clock-figures]", figures(left));
    this.write("[data-clock-words]", shown);
    this.element.dataset.urgency = urgency(left);
    if (crossed !== null) {
      this.write(
        "[data-clock-announcement]",
        crossed === 0 ? say("time-over") : say("time-left", { time: shown }),
      );
    }
    if (left === 0 && this.last !== 0) {
      this.element.dispatchEvent(new CustomEvent("acquis:time-over", { bubbles: true }));
    }
    this.last = left;
  }

  /** @param {string} selector @param {string} text */
  write(selector, text) {
    const target = this.element.querySelector(selector);
    if (target && target.textContent !== text) target.textContent = text;
  }

  async resync() {
    const url = this.element.dataset.clockUrl;
    if (!url) return;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { now, ends_at: endsAt } = await answer.json();
      this.hear(now, endsAt);
      this.tick();
    } catch {
      // Cut off: the clock goes on from what it last heard.
    }
  }
}

/** @type {Map<HTMLElement, Clock>} */
const clocks = new Map();

function gather() {
  for (const element of clocks.keys()) if (!element.isConnected) clocks.delete(element);
  for (const element of document.querySelectorAll("[data-clock]")) {
    const place = /** @type {HTMLElement} */ (element);
    if (!clocks.has(place)) clocks.set(place, new Clock(place));
  }
}
const each = (/** @type {(clock: Clock) => void} */ act) => clocks.forEach((clock) => act(clock));

gather();
setInterval(() => each((clock) => clock.tick()), 250);
setInterval(() => each((clock) => clock.resync()), RESYNC_MS);
document.addEventListener("htmx:afterSettle", gather);
document.addEventListener("acquis:clock", (event) => {
  const { now, ends_at: endsAt } = /** @type {CustomEvent} */ (event).detail;
  each((clock) => {
    clock.hear(now, endsAt);
    clock.tick();
  });
});
for (const name of ["pageshow", "online"]) {
  window.addEventListener(name, () => each((clock) => clock.resync()));
}
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) each((clock) => clock.resync());
});
