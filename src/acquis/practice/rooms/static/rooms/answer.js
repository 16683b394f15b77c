// @ts-check
// The oral answer: recorded a few seconds at a time. Each piece is kept on this computer until the server
// has acknowledged it, and sent in order; after a cut, a reload or a crash the pieces left are sent first.

import { MicrophoneRefused, openMicrophone } from "../phone/line.js";

const PIECE_MS = 3000;
const FIRST_RETRY = 1000;
const LAST_RETRY = 15_000;
const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const place = /** @type {HTMLElement} */ (document.querySelector("[data-answer]"));
const phase = place.dataset.answer ?? "";
const start = /** @type {HTMLButtonElement} */ (place.querySelector("[data-answer-start]"));
const stop = /** @type {HTMLButtonElement} */ (place.querySelector("[data-answer-stop]"));

/** @typedef {{phase: string, take: string, number: number, kind: string, sound: Blob | null, pieces: number}} Piece */

/** @param {string} name @param {Record<string, string>} [values] */
function word(name, values = {}) {
  const words = /** @type {HTMLTemplateElement | null} */ (place.querySelector("template[data-words]"));
  const text = words?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
  return Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, value), text);
}

/** @param {string} name @param {string} text */
function say(name, text) {
  const target = place.querySelector(`[data-answer-${name}]`);
  if (target && target.textContent !== text) target.textContent = text;
}

/* ---- What waits, on this computer ---- */

/** @type {Piece[]} in the order in which it was said; a piece without sound says that its take is over */
const queue = [];

/** @type {Promise<IDBDatabase | undefined>} */
const shelf = new Promise((resolve) => {
  try {
    const opened = indexedDB.open("acquis-answers", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("pieces", { keyPath: ["phase", "take", "number"] });
    opened.onsuccess = () => resolve(opened.result);
    opened.onerror = () => resolve(undefined);
  } catch {
    resolve(undefined); // refused: the memory of this page remains
  }
});

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} act @returns {Promise<any>} */
async function onShelf(mode, act) {
  const base = await shelf;
  if (!base) return undefined;
  return new Promise((resolve) => {
    const asked = act(base.transaction("pieces", mode).objectStore("pieces"));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(undefined);
  });
}

/** @param {Piece} piece */
function add(piece) {
  queue.push(piece);
  void onShelf("readwrite", (store) => store.put(piece));
  void send();
}

/* ---- Sending, one after the other ---- */

let sending = false;
let keptAt = "";

async function send() {
  if (sending) return;
  sending = true;
  let wait = FIRST_RETRY;
  while (queue.length) {
    const piece = queue[0];
    const told = await (piece.sound ? sendPiece(piece) : sendEnd(piece));
    if (told) {
      queue.shift();
      wait = FIRST_RETRY;
      void onShelf("readwrite", (store) => store.delete([piece.phase, piece.take, piece.number]));
    } else {
      tell(true);
      await new Promise((resume) => {
        setTimeout(resume, wait);
        window.addEventListener("online", resume, { once: true });
      });
      wait = Math.min(wait * 2, LAST_RETRY);
    }
    tell(false);
  }
  sending = false;
  tell(false);
  document.dispatchEvent(new Event("acquis:answer-kept"));
}

/** @param {string} address @param {FormData | URLSearchParams} body */
async function post(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { "X-CSRFToken": document.body.dataset.csrf ?? "", Accept: "application/json" },
    signal: AbortSignal.timeout(20_000),
  });
  const data = await answer.json().catch(() => ({}));
  return { ok: answer.ok, refused: answer.status === 422, data };
}

/** @param {Piece} piece whether it needs no more sending */
async function sendPiece(piece) {
  const body = new FormData();
  body.set("take", piece.take);
  body.set("number", String(piece.number));
  body.set("media_type", piece.kind);
  body.set("piece", /** @type {Blob} */ (piece.sound), "piece");
  try {
    const { ok, refused, data } = await post(place.dataset.url ?? "", body);
    if (ok) keptAt = new Date(data.received_at).toLocaleTimeString(document.documentElement.lang);
    if (refused) say("trouble", data.detail ?? "");
    return ok || refused;
  } catch {
    return false;
  }
}

/** @param {Piece} piece */
async function sendEnd(piece) {
  try {
    const body = new URLSearchParams({ take: piece.take, pieces: String(piece.pieces) });
    const { ok, refused } = await post(place.dataset.endUrl ?? "", body);
    return ok || refused;
  } catch {
    return false;
  }
}

/** @param {boolean} cut */
function tell(cut) {
  const records = recorder?.state === "recording";
  if (cut && records) say("said", word("waiting", { count: String(queue.length) }));
  else if (records && keptAt) say("said", word("recording", { time: keptAt }));
  else if (!records && queue.length) say("said", word("sending"));
  else if (!records && keptAt) say("said", word("kept"));
}

/* ---- Recording ---- */

/** @type {MediaRecorder | undefined} */
let recorder;

async function record() {
  say("trouble", "");
  let microphone;
  try {
    microphone = await openMicrophone();
  } catch (fault) {
    say("trouble", word(fault instanceof MicrophoneRefused ? fault.word : "microphone-failed"));
    return;
  }
  const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one)) ?? "";
  const take = crypto.randomUUID();
  let number = 0;
  recorder = new MediaRecorder(microphone, { mimeType: kind, audioBitsPerSecond: 32_000 });
  recorder.addEventListener("dataavailable", (event) => {
    if (!event.data.size) return;
    number += 1;
    add({ phase, take, number, kind, sound: event.data, pieces: 0 });
  });
  recorder.addEventListener("stop", () => {
    for (const track of microphone.getTracks()) track.stop();
    start.hidden = false;
    stop.hidden = true;
    add({ phase, take, number: number + 1, kind, sound: null, pieces: number });
  });
  recorder.start(PIECE_MS);
  start.hidden = true;
  stop.hidden = false;
  stop.focus();
}

start.addEventListener("click", () => void record());
start.disabled = false; // nothing hears a press before this script
stop.addEventListener("click", () => recorder?.stop());
window.addEventListener("beforeunload", (event) => {
  if (queue.length || recorder?.state === "recording") event.preventDefault();
});
document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.hasAttribute("data-autosave-flush") || (!queue.length && recorder?.state !== "recording")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (recorder?.state === "recording") recorder.stop();
    const submitter = /** @type {SubmitEvent} */ (event).submitter;
    document.addEventListener("acquis:answer-kept", () => setTimeout(() => form.requestSubmit(submitter), 0), { once: true });
  },
  { capture: true },
);

/* What a page that went away left: its takes are over. */
void onShelf("readonly", (store) => store.getAll()).then((/** @type {Piece[] | undefined} */ left) => {
  const mine = (left ?? []).filter((one) => one.phase === phase);
  const known = new Set(queue.map((one) => `${one.take}/${one.number}`));
  const fresh = mine.filter((one) => !known.has(`${one.take}/${one.number}`));
  const takes = new Set(fresh.map((one) => one.take));
  for (const take of takes) {
    const pieces = fresh.filter((one) => one.take === take);
    if (pieces.every((one) => one.sound)) {
      const last = Math.max(...pieces.map((one) => one.number));
      pieces.push({ phase, take, number: last + 1, kind: "", sound: null, pieces: last });
    }
    queue.unshift(...pieces);
  }
  if (queue.length) void send();
});
