// @ts-check
// The candidate's room: follows the server's state, shows one sheet at a time, keeps the tab titles true.

import { act, subscribe } from "../kernel/news.js";

const room = /** @type {HTMLElement | null} */ (document.querySelector("[data-room]"));

/** The state of the exam, over the open socket or else by a request; null when nobody tells. */
async function look() {
  if (!room?.dataset.roomState) return null;
  try {
    const told = await act("room.look", { sitting: Number(room.dataset.roomSitting) });
    if (!told.refused) return told;
  } catch {
    // No socket, or no answer there.
  }
  let answer;
  try {
    answer = await fetch(room.dataset.roomState, { headers: { Accept: "application/json" } });
  } catch {
    return null; // the link is down: the next look will tell
  }
  return answer.ok && !answer.redirected ? answer.json() : null; // signed out: what is typed says so
}

/** Ask the server which moment it is; another one than shown is another page. */
async function compare() {
  const state = await look();
  if (!room || !state) return;
  if (state.now && state.ends_at) {
    document.dispatchEvent(new CustomEvent("acquis:clock", { detail: state }));
  }
  const called = Boolean(document.querySelector(".room-called"));
  if (state.mark !== room.dataset.roomMark || (called && !state.call)) location.reload();
}

if (room?.dataset.roomTopic) {
  subscribe([room.dataset.roomTopic], compare);
  setInterval(compare, 10_000);
  // A lid that opens again, a cut that ends: the clock of this computer may have stood still meanwhile.
  for (const name of ["pageshow", "online"]) window.addEventListener(name, () => void compare());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void compare();
  });
}

/* One sheet at a time; without this script they follow one another. */
for (const tabs of document.querySelectorAll("[data-tabs]")) {
  const buttons = [...tabs.querySelectorAll('[role="tab"]')];
  /** @param {Element} chosen */
  const choose = (chosen) => {
    for (const button of buttons) {
      const on = button === chosen;
      button.setAttribute("aria-selected", String(on));
      button.setAttribute("tabindex", on ? "0" : "-1");
      const sheet = document.getElementById(button.getAttribute("aria-controls") ?? "");
      if (sheet) sheet.hidden = !on;
    }
  };
  for (const [index, button] of buttons.entries()) {
    button.addEventListener("click", () => choose(button));
    button.addEventListener("keydown", (event) => {
      const key = /** @type {KeyboardEvent} */ (event).key;
      const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
      if (!step) return;
      const next = buttons[(index + step + buttons.length) % buttons.length];
      choose(next);
      /** @type {HTMLElement} */ (next).focus();
    });
  }
  if (buttons.length) choose(buttons[0]);
}

/* A part begun on the invigilator's wall: the dossier opens by itself. */
/** @type {HTMLFormElement | null} */ (document.querySelector("form[data-auto-submit]"))?.requestSubmit();
