// @ts-check
// The candidate's file: recordings that are heard where they stand, from the moments noted in them.

import { adoptPlayers } from "../phone/player.js";

adoptPlayers(document);

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement | null} */ (
    /** @type {Element} */ (event.target).closest("[data-listen-at]")
  );
  const recording = button?.closest("[data-recording]");
  const seek = /** @type {HTMLInputElement | null} */ (recording?.querySelector("[data-seek]"));
  const play = /** @type {HTMLButtonElement | null} */ (recording?.querySelector("[data-play]"));
  if (!button || !seek || !play) return;
  seek.value = button.dataset.listenAt ?? "0";
  seek.dispatchEvent(new Event("input"));
  if (play.getAttribute("aria-pressed") !== "true") play.click();
});
