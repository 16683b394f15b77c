// @ts-check
// The wall stays true by itself: fetched again at each news of the desk, and now and then besides.

import { follow } from "../conversations/follow.js";

follow(async () => {
  const wall = document.getElementById("wall");
  if (!wall || document.activeElement?.closest("#wall a, #wall abbr, #wall form")) return;
  if (wall.querySelector("details[open]")) return; // somebody decides
  const answer = await fetch(wall.dataset.wall ?? "", {
    headers: { "HX-Request": "true" },
    redirect: "manual",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = /** @type {HTMLElement | null} */ (holder.content.querySelector("#wall"));
  if (!fresh || fresh.innerHTML === wall.innerHTML) return;
  wall.replaceWith(fresh);
  const waiting = Number(fresh.dataset.waiting ?? 0);
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (waiting) document.title = `(${waiting}) ${document.title}`;
});
