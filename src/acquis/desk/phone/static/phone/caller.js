// @ts-check
// The page of a customer: rings at a desk, or shows a call of the desk and lets it be answered.

import { CallRefused, CustomerCall } from "./customer.js";
import { MicrophoneRefused } from "./line.js";

const page = /** @type {HTMLElement} */ (document.querySelector("[data-caller]"));
const words = /** @type {HTMLTemplateElement} */ (document.getElementById("caller-words"));
/** @param {string} name */
const word = (name) => words.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
/** @param {string} name */
const part = (name) => /** @type {HTMLElement} */ (page.querySelector(`[data-part="${name}"]`));
/** @type {RTCIceServer[]} */
const iceServers = JSON.parse(page.dataset.iceServers ?? "[]");
/** @type {CustomerCall | undefined} */
let call;
let muted = false;

/** @param {string} text */
function trouble(text) {
  part("trouble").hidden = !text;
  part("trouble-text").textContent = text;
}

/** @param {unknown} fault */
function explain(fault) {
  if (fault instanceof MicrophoneRefused) trouble(word(fault.word));
  else if (fault instanceof CallRefused && fault.message) trouble(fault.message);
  else trouble(word("failed"));
}

/** @param {import("./customer.js").CustomerState} state */
function sentence(state) {
  if (state.state === "ringing") {
    return state.direction === "out" && state.leg === "ringing" ? word("incoming") : word("ringing");
  }
  if (state.state === "voicemail") return word("voicemail");
  if (state.state === "ended") return word(`ended-${state.ending}`) || word("ended");
  if (state.held) return word("held");
  return state.adviser ? word("active").replace("%(adviser)s", state.adviser) : word("waiting");
}

/** @param {import("./customer.js").CustomerState} state */
function show(state) {
  const asked = state.direction === "out" && state.leg === "ringing" && state.state === "ringing";
  page.dataset.state = asked ? "incoming" : state.state;
  const said = sentence(state);
  if (part("sentence").textContent !== said) part("sentence").textContent = said;
  part("form").hidden = state.state !== "ended" || !page.dataset.placeUrl;
  part("call").hidden = false;
  part("answer").hidden = !asked;
  part("controls").hidden = asked || state.state === "ended";
  part("message").hidden = !state.may_leave_message;
  part("supervised").hidden = !state.supervised || state.state === "ended";
  part("recording").hidden = !["announced", "on", "paused"].includes(state.recording) || state.state !== "active";
  part("paused").hidden = state.recording !== "paused";
  part("opposed").hidden = state.recording !== "opposed";
  part("keypad").hidden = state.state !== "active";
  page.dataset.since = state.answered_at ?? "";
  page.dataset.recording = state.recording;
  // The desk returns a call that was missed: it rings here.
  if (state.returned && call?.key !== state.returned) hold(new CustomerCall(state.returned, options));
}

/** @type {ConstructorParameters<typeof CustomerCall>[1]} */
const options = {
  iceServers,
  onState: show,
  onLine: (state) => {
    page.dataset.line = state;
    part("line").textContent = word(`line-${state}`);
  },
  onLevel: (heard, sent, speaks) => {
    page.dataset.heard = speaks ? "1" : "0";
    /** @type {HTMLMeterElement} */ (part("heard")).value = heard;
    /** @type {HTMLMeterElement} */ (part("sent")).value = sent;
  },
};

/** @param {CustomerCall} fresh */
function hold(fresh) {
  call?.stop();
  call = fresh;
  page.dataset.leg = fresh.key;
}

/** @param {HTMLFormElement} form */
async function place(form) {
  trouble("");
  const fields = Object.fromEntries(
    [...new FormData(form).entries()].map(([name, value]) => [name, String(value)]),
  );
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  button.disabled = true;
  try {
    hold(await CustomerCall.place(page.dataset.placeUrl ?? "", fields, options));
    part("form").hidden = true;
    part("call").hidden = false;
    await call?.connect();
  } catch (fault) {
    const errors = /** @type {any} */ (fault).errors;
    if (errors) trouble(Object.values(errors).flat().join(" "));
    else explain(fault);
    if (fault instanceof MicrophoneRefused) await call?.hangUp().catch(() => undefined);
  }
  button.disabled = false;
}

page.addEventListener("submit", (event) => {
  event.preventDefault();
  void place(/** @type {HTMLFormElement} */ (event.target));
});

/** @type {Record<string, () => Promise<unknown> | void>} */
const ACTS = {
  answer: () => call?.answer(),
  "hang-up": () => call?.hangUp(),
  oppose: () => call?.oppose(),
  message: () => call?.leaveMessage(),
  mute: () => {
    muted = !muted;
    call?.mute(muted);
    const button = part("mute");
    button.setAttribute("aria-pressed", String(muted));
  },
};

page.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-do], [data-key]");
  if (!button) return;
  const act = ACTS[button.getAttribute("data-do") ?? ""];
  const key = button.getAttribute("data-key");
  trouble("");
  Promise.resolve(act ? act() : call?.press(key ?? "")).catch(explain);
});

setInterval(() => {
  const since = page.dataset.since;
  const shown = part("timer");
  shown.hidden = !since || page.dataset.state !== "active";
  if (!since) return;
  const seconds = Math.max(0, Math.round((Date.now() - new Date(since).getTime()) / 1000));
  shown.textContent = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}, 500);

if (page.dataset.leg) hold(new CustomerCall(page.dataset.leg, options));
