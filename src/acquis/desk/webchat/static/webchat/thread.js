// @ts-check
// The messages as the visitor sees them. What is already shown stays where it is: a screen reader
// hears each message once.

import { say, wallTime } from "../kernel/words.js";

/**
 * @typedef {{name: string, size: number, url: string, picture: string}} SentFile
 * @typedef {{title: string, excerpt: string, url: string}} Article
 * @typedef {{id: string, who: string, label: string, body: string, at: string, position: number, key: string,
 *   files: SentFile[], articles: Article[]}} Item
 */

/** @param {string} name @param {string} [words] @param {string} [kind] */
function element(name, words = "", kind = "") {
  const made = document.createElement(name);
  if (words) made.textContent = words;
  if (kind) made.className = kind;
  return made;
}

/** @param {Item} item */
function drawn(item) {
  const made = element("article", "", `message ${item.who}`);
  made.dataset.item = item.id;
  const head = element("p", "", "message-head");
  head.append(element("strong", item.who === "me" ? say("me") : item.label), " ", time(item.at));
  made.append(head);
  const named = item.files.length === 1 && item.files[0].name === item.body;
  if (!named) made.append(element("div", item.body, "message-body"));
  for (const file of item.files) made.append(attached(file));
  if (item.articles.length) {
    const list = element("ul", "", "articles");
    list.append(...item.articles.map(proposed));
    made.append(list);
  }
  return made;
}

/** @param {string} at */
function time(at) {
  const made = /** @type {HTMLTimeElement} */ (element("time", wallTime(new Date(at))));
  made.dateTime = at;
  return made;
}

/** @param {string} url @param {string} words @param {string} kind */
function link(url, words, kind) {
  const made = /** @type {HTMLAnchorElement} */ (element("a", words, kind));
  made.href = url;
  made.target = "_blank";
  made.rel = "noopener";
  return made;
}

/** @param {SentFile} file */
function attached(file) {
  const made = element("div");
  if (file.picture) {
    const picture = /** @type {HTMLImageElement} */ (element("img"));
    picture.src = file.picture;
    picture.alt = say("picture", { name: file.name });
    picture.loading = "lazy";
    made.append(picture);
  }
  made.append(link(file.url, file.name, "file"));
  return made;
}

/** @param {Article} article */
function proposed(article) {
  const made = element("li");
  made.append(link(article.url, article.title, ""), element("p", article.excerpt));
  return made;
}

/**
 * Show what the server has, then what has not left yet.
 *
 * @param {HTMLElement} list @param {Item[]} items
 * @param {{key: string, body: string, at: string}[]} waiting
 * @param {number} read how far the adviser has read
 */
export function show(list, items, waiting, read) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  for (const unsent of list.querySelectorAll("[data-unsent]")) {
    if (!waiting.some((one) => one.key === unsent.getAttribute("data-unsent"))) unsent.remove();
  }
  let added = false;
  for (const item of items) {
    const shown = list.querySelector(`[data-item="${item.id}"]`);
    // A file may follow its message by an instant.
    if (shown && shown.querySelectorAll(".file").length === item.files.length) continue;
    const fresh = drawn(item);
    if (shown) shown.replaceWith(fresh);
    else list.insertBefore(fresh, list.querySelector("[data-unsent]"));
    added = true;
  }
  for (const one of waiting) {
    if (list.querySelector(`[data-unsent="${one.key}"]`)) continue;
    const made = drawn({
      id: "", who: "me", label: "", body: one.body, at: one.at, position: 0, key: one.key, files: [], articles: [],
    });
    made.classList.add("unsent");
    made.dataset.unsent = one.key;
    delete made.dataset.item;
    made.append(element("p", say("unsent"), "message-state"));
    list.append(made);
    added = true;
  }
  receipt(list, items, read);
  if (added && atEnd) list.scrollTop = list.scrollHeight;
}

/** « Lu » under the last message that the adviser has read. @param {HTMLElement} list @param {Item[]} items @param {number} read */
function receipt(list, items, read) {
  const last = items.filter((item) => item.who === "me" && item.position).at(-1);
  const place = last && list.querySelector(`[data-item="${last.id}"]`);
  for (const old of list.querySelectorAll(".receipt")) {
    if (old.parentElement !== place) old.remove();
  }
  if (!last || !place) return;
  const words = last.position <= read ? say("read") : say("sent");
  const shown = place.querySelector(".receipt");
  if (shown) {
    if (shown.textContent !== words) shown.textContent = words;
  } else place.append(element("p", words, "message-state receipt"));
}

/** @param {HTMLElement} list */
export function clear(list) {
  list.replaceChildren();
}
