// @ts-check
// The page of an invited customer: tries the camera, waits at the door, then is in the call.

import { CallRefused, CustomerCall } from "../phone/customer.js";
import { MicrophoneRefused, openMicrophone } from "../phone/line.js";
import { Stage } from "../phone/stage.js";

const POLL_MS = 2000;
const LONG_MS = 60_000; // of waiting, after which the page says so
const RETRY_MS = 2000;

const page = /** @type {HTMLElement} */ (document.querySelector("[data-visio]"));
const stage = /** @type {Stage} */ (Stage.of(page.querySelector("[data-stage]")));
const address = page.dataset.address ?? "";
/** @param {string} name */
const word = (name) =>
  /** @type {HTMLTemplateElement} */ (document.getElementById("visio-words")).content.querySelector(
    `[data-word="${name}"]`,
  )?.textContent ?? "";
/** @param {string} name */
const part = (name) => /** @type {HTMLElement} */ (page.querySelector(`[data-part="${name}"]`));
/** @type {CustomerCall | undefined} */
let call;
let muted = false;
let waitingSince = 0;
let seen = true;
/** @type {MediaStream | undefined} */
let mirror;
/** @type {AudioContext | undefined} */
let ear;

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

/** @param {string} text */
function sentence(text) {
  if (part("sentence").textContent !== text) part("sentence").textContent = text;
}

/** @param {string} state */
function show(state) {
  page.dataset.state = state;
  part("try").hidden = !["early", "open"].includes(state);
  part("doors").hidden = state !== "open";
  part("waiting").hidden = state !== "waiting";
  part("call").hidden = state !== "inside";
  if (word(state)) sentence(word(state));
}

/** @param {string} act */
async function post(act) {
  const answer = await fetch(`${address}${act}/`, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf ?? "" },
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new CallRefused(body.detail ?? ""), { status: answer.status });
  return body;
}

/* ---- Before ---- */

async function tryDevices() {
  trouble("");
  endTrial();
  const sound = await openMicrophone();
  mirror = sound;
  await stage.open(`try-${page.dataset.pk}`);
  stage.root.hidden = true;
  const video = /** @type {HTMLVideoElement} */ (part("mirror"));
  video.hidden = !stage.track;
  video.srcObject = stage.track ? new MediaStream([stage.track]) : null;
  part("tried").textContent = stage.track ? word("tried") : `${stage.trouble} ${word("tried-unseen")}`;
  page.dataset.tried = stage.track ? "seen" : "unseen";
  part("level").hidden = false;
  ear = new AudioContext();
  const analyser = ear.createAnalyser();
  ear.createMediaStreamSource(sound).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const measure = () => {
    if (!mirror) return;
    analyser.getFloatTimeDomainData(samples);
    const loudest = Math.max(...samples.map(Math.abs));
    /** @type {HTMLMeterElement} */ (part("meter")).value = Math.min(100, Math.round(loudest * 200));
    setTimeout(measure, 150);
  };
  measure();
}

function endTrial() {
  for (const track of mirror?.getTracks() ?? []) track.stop();
  mirror = undefined;
  void ear?.close();
  ear = undefined;
  stage.close();
  part("mirror").hidden = part("level").hidden = true;
  part("tried").textContent = "";
}

/** @param {boolean} withCamera */
async function come(withCamera) {
  trouble("");
  seen = withCamera;
  endTrial();
  // The browser asks now, not when the door opens: whoever refuses learns it before they wait.
  for (const track of (await openMicrophone()).getTracks()) track.stop();
  const told = await post("arriver");
  waitingSince = Date.now();
  follow(told);
}

/** @param {{door: string, waits: boolean, leg: string}} told */
function follow(told) {
  if (told.leg) {
    enter(told.leg);
    return;
  }
  if (!told.waits) {
    show(told.door);
    return;
  }
  show("waiting");
  if (Date.now() - waitingSince > LONG_MS) sentence(word("long"));
  setTimeout(() => void stay(), POLL_MS);
}

async function stay() {
  if (page.dataset.state !== "waiting") return;
  try {
    follow(await post("attendre"));
  } catch (fault) {
    if (/** @type {any} */ (fault).status) {
      explain(fault);
      show("closed");
    } else setTimeout(() => void stay(), POLL_MS); // the network; asked again in a moment
  }
}

/* ---- In the call ---- */

/** @param {string} leg */
function enter(leg) {
  show("inside");
  call = new CustomerCall(leg, {
    iceServers: JSON.parse(page.dataset.iceServers ?? "[]"),
    camera: () => stage.track,
    onPicture: (place, track) => stage.see(place, track),
    onState: told,
    onLine: (state) => {
      page.dataset.line = state;
      part("line").textContent = word(`line-${state}`);
      if (state === "lost") setTimeout(() => void again(), RETRY_MS);
    },
    onLevel: (_heard, _sent, speaks) => {
      page.dataset.heard = speaks ? "1" : "0";
    },
  });
  void connect(leg);
}

/** @param {string} leg */
async function connect(leg) {
  if (!seen) {
    stage.leg = leg;
    stage.wanted = false;
  }
  await stage.open(leg);
  try {
    const connecting = call?.connect();
    if (call?.line) stage.carry(call.line);
    await connecting;
    call?.mute(muted);
  } catch (fault) {
    explain(fault);
  }
}

async function again() {
  if (!call || call.state?.state === "ended" || page.dataset.line !== "lost") return;
  call.line?.close();
  call.line = undefined;
  await connect(call.key);
}

/** @param {import("../phone/customer.js").CustomerState} state */
function told(state) {
  if (state.state === "ended") {
    call?.stop();
    stage.close();
    show("ended");
    sentence(word(`ended-${state.ending}`) || word("ended"));
    return;
  }
  page.dataset.since = state.answered_at ?? "";
  page.dataset.held = state.held ? "1" : "0";
  if (state.held) sentence(word("held"));
  else if (state.adviser) sentence(word("active").replace("%(adviser)s", state.adviser));
  part("supervised").hidden = !state.supervised;
  part("recording").hidden = !["announced", "on", "paused"].includes(state.recording);
  part("paused").hidden = state.recording !== "paused";
  part("opposed").hidden = state.recording !== "opposed";
}

/** @type {Record<string, () => Promise<unknown> | void>} */
const ACTS = {
  try: tryDevices,
  come: () => come(true),
  "come-unseen": () => come(false),
  leave: async () => follow(await post("partir")),
  "hang-up": () => call?.hangUp(),
  oppose: () => call?.oppose(),
  camera: () => stage.toggleCamera(),
  screen: () => stage.toggleScreen(),
  mute: () => {
    muted = !muted;
    call?.mute(muted);
    part("mute").setAttribute("aria-pressed", String(muted));
  },
};

page.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-do]");
  const act = ACTS[button?.getAttribute("data-do") ?? ""];
  if (!act) return;
  Promise.resolve(act()).catch(explain);
});

setInterval(() => {
  const since = page.dataset.since;
  const timer = part("timer");
  timer.hidden = !since || page.dataset.state !== "inside";
  if (!since) return;
  const seconds = Math.max(0, Math.round((Date.now() - new Date(since).getTime()) / 1000));
  timer.textContent = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}, 500);

if (!window.RTCPeerConnection || !navigator.mediaDevices?.getUserMedia) {
  show("closed");
  trouble(window.RTCPeerConnection ? word("microphone-insecure") : word("unsupported"));
} else if (page.dataset.state === "inside") {
  void post("attendre").then(follow).catch(explain); // the page was loaded anew during the call
} else {
  show(page.dataset.state ?? "open");
  const opens = new Date(page.dataset.opens ?? "").getTime() - Date.now();
  if (opens > 0 && opens < 2 ** 31) setTimeout(() => page.dataset.state === "early" && show("open"), opens);
}
