// @ts-check
// A juror's quick notes: each lies on this device until the server has it, is kept once (its key), and
// bears the moment at which it was noted, however late it arrives. What is being typed survives a reload.

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;
const TIMEOUT_MS = 10_000;
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-notes]"));
const area = /** @type {HTMLTextAreaElement | null} */ (form?.querySelector("textarea") ?? null);
const choice = /** @type {HTMLSelectElement | null} */ (form?.querySelector("select") ?? null);
const place = `${form?.dataset.notes}:${form?.getAttribute("action")}`; // of one juror, for one candidate

/** @typedef {{key: string, body: string, criterion: string, at: number}} Note */

/** @param {string} key @returns {any} */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value null forgets it; false when the device refuses */
function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

const QUEUE = `acquis.notes:${place}`;
const DRAFT = `acquis.note:${place}`;
/** @type {Note[]} */
let waiting = read(QUEUE) ?? [];
let kept = true; // on this device
let flying = false;
let wait = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} name */
const word = (name) =>
  /** @type {HTMLTemplateElement | null} */ (form?.querySelector("template[data-words]"))?.content.querySelector(
    `[data-word="${name}"]`,
  )?.textContent ?? "";

/** @param {string} trouble what keeps the first of them here; « » for nothing */
function show(trouble = "") {
  const list = document.querySelector("[data-notes-waiting]");
  if (!list) return;
  const rows = waiting.map((note) => {
    const row = document.createElement("li");
    row.textContent = note.criterion ? `${note.criterion} · ${note.body}` : note.body;
    return row;
  });
  if (rows.length && (trouble || wait)) {
    const said = document.createElement("p");
    said.className = "cockpit-waits";
    said.textContent = trouble || word("waiting");
    rows[0].append(said);
  }
  list.replaceChildren(...rows);
}

/** @param {Note} note @returns {Promise<{kind: "kept" | "unreachable" | "signed-out" | "refused", text?: string}>} */
async function send(note) {
  const body = new URLSearchParams({
    body: note.body,
    criterion: note.criterion,
    key: note.key,
    ago: String(Math.max(0, Date.now() - note.at)), // of the same clock: it may be wrong
  });
  let answer;
  try {
    answer = await fetch(form?.action ?? "", {
      method: "POST",
      body,
      redirect: "manual", // to the sign-in page: no acknowledgement
      headers: { "HX-Request": "true", "X-CSRFToken": document.body.dataset.csrf ?? "" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return { kind: "signed-out" };
    const html = await answer.text();
    if (answer.ok) return { kind: "kept", text: html };
    if (![404, 413, 422].includes(answer.status)) return { kind: "unreachable" };
    const page = new DOMParser().parseFromString(html, "text/html");
    return { kind: "refused", text: page.querySelector("#refusal strong")?.textContent ?? "" };
  } catch {
    return { kind: "unreachable" };
  }
}

async function flush() {
  if (flying || !waiting.length) return;
  flying = true;
  clearTimeout(timer);
  let trouble = "";
  while (waiting.length) {
    const told = await send(waiting[0]);
    if (told.kind === "kept") {
      wait = 0;
      waiting.shift();
      kept = write(QUEUE, waiting.length ? waiting : null);
      const list = document.getElementById("notes");
      if (list) list.outerHTML = told.text ?? "";
      show();
      continue;
    }
    wait = Math.min(LAST_RETRY_MS, Math.max(FIRST_RETRY_MS, wait * 2));
    if (told.kind === "signed-out") trouble = word("signed-out");
    if (told.kind === "refused") trouble = told.text || word("refused");
    timer = setTimeout(() => void flush(), wait);
    break;
  }
  flying = false;
  show(trouble);
  if (!waiting.length) document.dispatchEvent(new Event("acquis:noted"));
}

if (form && area) {
  const draft = read(DRAFT);
  if (draft && !area.value) {
    area.value = draft.body;
    if (choice) choice.value = draft.criterion;
  }
  const typed = () => void write(DRAFT, area.value ? { body: area.value, criterion: choice?.value ?? "" } : null);
  area.addEventListener("input", typed);
  choice?.addEventListener("change", typed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = area.value.trim();
    if (!body) return;
    const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
    waiting.push({ key, body, criterion: choice?.value ?? "", at: Date.now() });
    kept = write(QUEUE, waiting);
    form.reset();
    typed();
    show();
    area.focus();
    wait = 0;
    void flush();
  });
  window.addEventListener("online", () => void flush());
  window.addEventListener("beforeunload", (event) => {
    if (waiting.length && !kept) event.preventDefault();
  });
  show();
  void flush();
}
