// @ts-check
// A call promised to a customer is due: said on whatever page of the desk is open.

import { subscribe } from "../kernel/news.js";

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-call-reminder]"));
const line = place?.querySelector("p");
const words = place?.querySelector("[data-call-reminder-words]");

if (place && line && words) {
  subscribe([place.dataset.callReminder ?? ""], (news) => {
    const what = /** @type {{what?: string}} */ (news).what ?? "";
    if (!what.startsWith("call_back_")) return;
    const said = what === "call_back_soon" ? place.dataset.soon : what === "call_back_due" ? place.dataset.due : "";
    if (!said && !["call_back_taken", "call_back_cancelled"].includes(what)) return;
    words.textContent = said ?? "";
    line.hidden = !said;
  });
}
