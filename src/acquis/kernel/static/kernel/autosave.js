// @ts-check
// Keeps what is typed in every [data-autosave-url], within a second.
//
//   data-autosave-url   receives POST, form-encoded: the field under its own name, and
//                         base_seq   the last number that was acknowledged here
//                         seq        base_seq + 1, the number this version would take
//                         client_id  « tab:number », the same each time one version is sent again
//   data-autosave-seq   the number of the version that the page came with (0 for none)
//   data-autosave-rich  the text is HTML: its words are shown when two windows disagree
//   data-autosave-act   the act that keeps it over the page's socket while one is open (news.js), with
//   data-autosave-with  what the act is given besides key, text, base_seq and client_id (JSON)
//
// The server answers JSON:
//   200 {"seq": n, "saved_at": iso, "late": bool}      for a version sent again too
//   409 {"seq": n, "text": "…", "saved_at": iso}       another window is ahead
//   422 {"message": "…"}                               refused; the text stays on the device
// An answer may carry "now" and "ends_at": the clock of the page then follows.
//
// A form with data-autosave-flush leaves only once everything typed is acknowledged.
// `document` hears « acquis:saved-state » with {state, savedAt, since, message}.

import { act, live } from "./news.js";
import { Outgoing } from "./outgoing.js";
import { say, wallTime } from "./words.js";

const TIMEOUT_MS = 10_000;
const TAB = crypto.getRandomValues(new Uint32Array(2)).join("");
let stamps = 0;
const GRAVITY = ["saved", "saving", "retrying", "offline", "late", "conflict", "refused"];

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */
/** @type {Map<Control, {line: Outgoing, state: string, detail: any}>} */
const lines = new Map();

/** @param {string} key @returns {import("./outgoing.js").Store} */
function deviceStore(key) {
  return {
    load() {
      try {
        return JSON.parse(localStorage.getItem(key) ?? "null");
      } catch {
        return null;
      }
    },
    keep(kept) {
      try {
        localStorage.setItem(key, JSON.stringify(kept));
      } catch {
        // Storage full or refused: the memory and the warning on leaving remain.
      }
    },
    forget() {
      try {
        localStorage.removeItem(key);
      } catch {
        // Nothing was kept either.
      }
    },
  };
}

/** @param {Control} control */
const read = (control) =>
  control instanceof HTMLInputElement && control.type === "checkbox"
    ? control.checked
      ? control.value
      : ""
    : control.value;

/** @param {Control} control @param {string} text */
function show(control, text) {
  if (control instanceof HTMLInputElement && control.type === "checkbox") {
    control.checked = text !== "";
  } else control.value = text;
  control.dispatchEvent(new Event("acquis:restored", { bubbles: true }));
}

/**
 * Over the open socket; null when the same version must go over HTTP.
 * @param {Control} control
 * @param {import("./outgoing.js").Version} version
 * @returns {Promise<import("./outgoing.js").Answer | null>}
 */
async function sendLive(control, version) {
  const name = control.dataset.autosaveAct;
  if (!name || !live()) return null;
  let data;
  try {
    data = await act(name, {
      ...JSON.parse(control.dataset.autosaveWith ?? "{}"),
      key: control.name,
      text: version.text,
      base_seq: version.seq - 1,
      client_id: version.client,
    });
  } catch {
    return null;
  }
  if (data.refused) return { kind: "refused", message: data.refused.detail ?? "" };
  if (data.now && data.ends_at) {
    document.dispatchEvent(new CustomEvent("acquis:clock", { detail: data }));
  }
  if (typeof data.text === "string") {
    return { kind: "conflict", seq: data.seq, text: data.text, savedAt: data.saved_at };
  }
  return { kind: "saved", seq: data.seq, savedAt: data.saved_at, late: Boolean(data.late) };
}

/**
 * @param {Control} control
 * @param {import("./outgoing.js").Version} version
 * @returns {Promise<import("./outgoing.js").Answer>}
 */
async function send(control, version) {
  const told = document.hidden ? null : await sendLive(control, version);
  if (told) return told;
  const body = new URLSearchParams({
    [control.name]: version.text,
    seq: String(version.seq),
    base_seq: String(version.seq - 1),
    client_id: version.client,
  });
  let answer;
  try {
    answer = await fetch(control.dataset.autosaveUrl ?? "", {
      method: "POST",
      body,
      redirect: "manual", // a redirection to the sign-in page is no acknowledgement
      keepalive: document.hidden && version.text.length < 30_000,
      headers: { "X-CSRFToken": document.body.dataset.csrf ?? "", Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return { kind: "unreachable" };
  }
  const data = await answer.json().catch(() => ({}));
  if (data.now && data.ends_at) {
    document.dispatchEvent(new CustomEvent("acquis:clock", { detail: data }));
  }
  if (answer.ok && typeof data.seq === "number") {
    return { kind: "saved", seq: data.seq, savedAt: data.saved_at, late: Boolean(data.late) };
  }
  if (answer.status === 409 && typeof data.text === "string") {
    return { kind: "conflict", seq: data.seq, text: data.text, savedAt: data.saved_at };
  }
  if (answer.status === 422 || answer.status === 413) {
    return { kind: "refused", message: data.message ?? data.detail ?? "" };
  }
  // Sent to the sign-in page, or a form of before signing in again: trying again changes nothing.
  const signedOut = answer.type === "opaqueredirect" || [401, 403].includes(answer.status);
  return { kind: "failed", signedOut };
}

function tell() {
  let worst = null;
  for (const entry of lines.values()) {
    if (!worst || GRAVITY.indexOf(entry.state) > GRAVITY.indexOf(worst.state)) worst = entry;
  }
  if (!worst?.state) return;
  const { state, detail } = worst;
  const at = detail.savedAt ?? detail.since;
  const time = at ? wallTime(new Date(at), state === "saved" || state === "late") : "";
  const word = state === "retrying" && detail.signedOut ? "signed-out" : state;
  const sentence = (state === "refused" && detail.message) || say(word, { time });
  for (const place of document.querySelectorAll("[data-saved-state]")) {
    /** @type {HTMLElement} */ (place).dataset.state = state;
    const text = place.querySelector("[data-saved-text]");
    // « Enregistrement… » at every pause would chatter in a screen reader: shown, not announced.
    place.setAttribute("aria-live", state === "saved" || state === "saving" ? "off" : "polite");
    if (text) text.textContent = sentence;
  }
  document.dispatchEvent(
    new CustomEvent("acquis:saved-state", { detail: { state, sentence, ...detail } }),
  );
}

/** The words of a text, to be read. @param {Control} control @param {string} text */
function readable(control, text) {
  if (!control.hasAttribute("data-autosave-rich")) return text;
  const page = new DOMParser().parseFromString(text, "text/html");
  return [...page.querySelectorAll("p, h3, h4, li")]
    .filter((block) => !block.querySelector("p"))
    .map((block) => block.textContent)
    .join("\n");
}

/** Both texts, whole, and the choice of the one that stays; nothing is lost by closing.
 * @param {Control} control @param {{text: string, seq: number}} theirs @param {string} mine */
function choose(control, theirs, mine) {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet sheet-wide";
  const column = (/** @type {string} */ title, /** @type {string} */ text, act, label) => {
    const part = document.createElement("section");
    const head = document.createElement("h3");
    head.textContent = title;
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.textContent = readable(control, text);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-primary";
    button.textContent = label;
    button.addEventListener("click", () => {
      act();
      dialog.close();
    });
    part.append(head, pre, button);
    return part;
  };
  const heading = document.createElement("h2");
  heading.id = `conflict-${control.id || control.name}`;
  heading.textContent = say("conflict-title");
  dialog.setAttribute("aria-labelledby", heading.id);
  const help = document.createElement("p");
  help.textContent = say("conflict-help");
  const texts = document.createElement("div");
  texts.className = "choice-texts";
  const line = lines.get(control)?.line;
  texts.append(
    column(say("conflict-mine"), mine, () => line?.settle(read(control), theirs.seq, true), say("keep-mine")),
    column(
      say("conflict-theirs"),
      theirs.text,
      () => {
        line?.settle(theirs.text, theirs.seq);
        show(control, theirs.text);
      },
      say("keep-theirs"),
    ),
  );
  dialog.append(heading, help, texts);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    dialog.remove();
    control.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * What was typed before this script was there. A page shown again is left alone: its browser may
 * have put back what it held before, which is not what somebody just typed.
 * @param {Control} control
 */
function typedBefore(control) {
  const [shown] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (shown?.type !== "navigate") return false;
  // Other controls may show something else than their mark-up says without anybody's hand.
  const isText = control instanceof HTMLTextAreaElement || (control instanceof HTMLInputElement && control.type === "text");
  return isText && control.value !== control.defaultValue;
}

/** @param {Control} control */
function follow(control) {
  const entry = { state: "", detail: {}, line: /** @type {any} */ (null) };
  entry.line = new Outgoing({
    seq: Number(control.dataset.autosaveSeq ?? 0),
    stamp: () => `${TAB}:${(stamps += 1)}`,
    store: deviceStore(`acquis.autosave:${control.dataset.autosaveUrl}#${control.name}`),
    send: (version) => send(control, version),
    changed: (state, detail) => {
      Object.assign(entry, { state, detail });
      control.dataset.autosaveSeq = String(entry.line?.seq ?? 0);
      tell();
    },
    conflict: (theirs, mine) => choose(control, theirs, mine),
  });
  lines.set(control, entry);
  const kept = entry.line.recover(read(control));
  if (kept !== null) show(control, kept);
  else if (typedBefore(control)) entry.line.write(read(control));
  control.addEventListener("input", () => entry.line.write(read(control)));
}

function gather() {
  for (const [control, { line }] of lines) {
    if (!control.isConnected && !line.pending) lines.delete(control);
  }
  for (const element of document.querySelectorAll("[data-autosave-url]")) {
    const control = /** @type {Control} */ (element);
    if (!lines.has(control)) follow(control);
  }
}

const flushAll = () => lines.forEach(({ line }) => line.flush());
const waiting = () => [...lines.values()].some(({ line }) => line.pending);

gather();
document.addEventListener("htmx:afterSettle", gather);
document.addEventListener("acquis:shown", gather); // a page that put a part in place by itself
window.addEventListener("online", flushAll);
document.addEventListener("visibilitychange", flushAll);
window.addEventListener("pagehide", flushAll);
window.addEventListener("beforeunload", (event) => {
  if (waiting()) event.preventDefault();
});
document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.hasAttribute("data-autosave-flush") || !waiting()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    flushAll();
    const submitter = /** @type {SubmitEvent} */ (event).submitter;
    const done = (/** @type {Event} */ news) => {
      if (/** @type {CustomEvent} */ (news).detail.state === "refused" || !waiting()) {
        document.removeEventListener("acquis:saved-state", done);
        // After this turn: the line clears what waits once it has told the page.
        if (!waiting()) setTimeout(() => form.requestSubmit(submitter), 0);
      }
    };
    document.addEventListener("acquis:saved-state", done);
  },
  { capture: true },
);
