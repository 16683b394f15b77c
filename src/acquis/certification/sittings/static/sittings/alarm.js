// @ts-check
// A sound for each alert that this invigilator has not met yet, if they want one. The choice is remembered
// by the browser; what was met is remembered by the tab, so that a page loaded anew misses nothing.

const CHOICE = "acquis.wall-sound";
const MET = "acquis.wall-met";
const TONES = [660, 990, 660];
const TONE_S = 0.16;
const STEP_S = 0.18;
const PATIENCE_MS = 700; // before saying that the browser waits for a touch of the page

const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-wall-sound]"));
const hint = /** @type {HTMLElement | null} */ (document.querySelector("[data-wall-mute]"));
/** @type {AudioContext | undefined} */
let context;
let owed = false; // a sound that the browser has not let through yet
let met = remembered();

/** What this tab has met: keys of alerts. @returns {Set<string>} */
function remembered() {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(MET) ?? "[]"));
  } catch {
    return new Set();
  }
}

function wanted() {
  try {
    return localStorage.getItem(CHOICE) === "1";
  } catch {
    return button?.getAttribute("aria-pressed") === "true";
  }
}

/** Ask the browser to let sound through; it does after a first touch of the page. */
function wake() {
  if (!wanted()) return;
  context ??= opened();
  if (context.state !== "running") void context.resume();
}

function opened() {
  const made = new AudioContext();
  made.addEventListener("statechange", () => {
    if (made.state === "running" && owed) play();
    tell();
  });
  return made;
}

function tell() {
  if (hint) hint.hidden = !wanted() || context === undefined || context.state === "running";
}

function play() {
  wake();
  if (context === undefined) return;
  owed = context.state !== "running";
  if (owed) return;
  const begin = context.currentTime;
  for (const [rank, frequency] of TONES.entries()) {
    const at = begin + rank * STEP_S;
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0.12, at);
    gain.gain.exponentialRampToValueAtTime(0.0005, at + TONE_S);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + TONE_S);
  }
}

/** Sound if one of these alerts is new; what is over may sound again later. @param {string[]} alerts */
export function alarm(alerts) {
  const fresh = alerts.some((key) => !met.has(key));
  met = new Set(alerts);
  try {
    sessionStorage.setItem(MET, JSON.stringify(alerts));
  } catch {
    // Remembered by this page only.
  }
  if (fresh && wanted()) play();
}

if (button) {
  button.setAttribute("aria-pressed", String(wanted()));
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    try {
      localStorage.setItem(CHOICE, on ? "1" : "0");
    } catch {
      // Chosen for this page only.
    }
    if (on) play();
    else owed = false;
    tell();
  });
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wake);
  wake();
  setTimeout(tell, PATIENCE_MS);
}
