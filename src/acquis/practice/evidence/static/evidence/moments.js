// @ts-check
// Moments of a candidate's file: recordings are heard where they stand, from and to the moments set in
// them; a position that is heard becomes an end of a passage.

import { untilBack } from "../kernel/keeping.js";
import { say } from "../kernel/words.js";
import { adoptPlayers } from "../phone/player.js";
import { adoptTranscripts } from "./transcript.js";

function adopt() {
  adoptTranscripts(document);
  adoptPlayers(document);
}

adopt();
document.addEventListener("htmx:afterSettle", adopt);

/** @param {HTMLElement} button */
function listen(button) {
  const named = button.dataset.listenRecording;
  const recording = named
    ? button.closest(".evidence")?.querySelector(`[data-recording="${CSS.escape(named)}"]`)
    : button.closest("[data-recording]");
  recording?.dispatchEvent(
    new CustomEvent("acquis:listen", {
      detail: { from: Number(button.dataset.listenAt ?? 0), to: Number(button.dataset.listenTo ?? NaN) },
    }),
  );
}

/** @param {HTMLElement} button */
function takePosition(button) {
  const form = button.closest("form");
  const place = button.closest("[data-place]");
  const seek = /** @type {HTMLInputElement | null} */ (place?.querySelector("[data-recording] [data-seek]"));
  const field = /** @type {HTMLInputElement | null} */ (form?.elements.namedItem(button.dataset.takePosition ?? ""));
  if (!seek || !field) return;
  const seconds = Number(seek.value);
  field.value = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  field.focus();
}

/* ---- What the server does not answer is said beside what was pressed; what is typed stays ---- */
const HERE = ".evidence, .attach, .serves";

/** @param {Event} event */
function sayUnanswered(event) {
  const { elt, xhr } = /** @type {CustomEvent} */ (event).detail;
  if (!(elt instanceof HTMLElement) || !elt.closest(HERE) || (event.type === "htmx:responseError" && xhr.status < 500)) return;
  if (elt instanceof HTMLFormElement && elt.querySelector("textarea")) return void untilBack(elt);
  const note = document.createElement("p");
  note.className = "kept-here";
  note.setAttribute("role", "alert");
  note.setAttribute("data-unanswered", "");
  note.textContent = say("no-answer");
  elt.after(note);
}
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) document.addEventListener(name, sayUnanswered);

document.addEventListener("htmx:beforeRequest", (event) => {
  const next = /** @type {HTMLElement} */ (event.target).nextElementSibling;
  if (next?.matches("[data-unanswered]")) next.remove();
});

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const at = /** @type {HTMLElement | null} */ (target.closest("[data-listen-at]"));
  const take = /** @type {HTMLElement | null} */ (target.closest("[data-take-position]"));
  if (at) listen(at);
  if (take) takePosition(take);
});
