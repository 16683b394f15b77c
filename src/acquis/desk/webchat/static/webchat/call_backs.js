// @ts-check
// The list of calls to make stays true by itself.

import { follow } from "../conversations/follow.js";

/** @param {Element} list */
const words = (list) => list.textContent?.replace(/\s+/g, " ");

follow(async () => {
  const shown = document.getElementById("call-backs");
  const address = shown?.getAttribute("data-call-backs");
  if (!shown || !address || shown.contains(document.activeElement)) return;
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
  if (!answer.ok) throw new Error(String(answer.status));
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.querySelector("#call-backs");
  // Nothing moves unless something changed; each rendering draws other tokens.
  if (fresh && words(fresh) !== words(shown)) shown.replaceWith(fresh);
});
