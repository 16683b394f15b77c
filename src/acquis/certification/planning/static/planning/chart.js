// @ts-check
// A candidate dragged over the chart, by hand or by keys: the server says what it breaks before it is accepted.

const GRID = 5; // minutes

const chart = document.getElementById("gantt");
const SCALE = Number(chart?.dataset.scale); // units a minute
const ROW = Number(chart?.dataset.row);
const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("move-dialog"));
const says = document.querySelector("[data-gantt-says]");

/** @type {Map<SVGGElement, {minutes: number, rows: number}>} */
const shifts = new Map();

/** @returns {SVGGElement[]} */
const lines = () => [...(chart?.querySelectorAll("[data-line]") ?? [])].map((line) => /** @type {SVGGElement} */ (line));

/** What goes to another hour: neither the written part nor its marking. @param {SVGGElement} group */
const following = (group) => /** @type {Element} */ (group.parentElement).querySelectorAll("[data-follows], .gantt-caption");

/** @param {SVGGElement} group @param {number} minutes @param {number} rows */
function shift(group, minutes, rows) {
  if (chart?.dataset.view !== "jurys") rows = 0;
  shifts.set(group, { minutes, rows });
  for (const part of following(group)) part.setAttribute("transform", `translate(${minutes * SCALE} ${rows * ROW})`);
  group.parentElement?.classList.toggle("is-moving", minutes !== 0 || rows !== 0);
  if (says) {
    const jury = juryAt(group, rows);
    const sign = minutes < 0 ? "−" : "+";
    says.textContent = `${sign}${Math.abs(minutes)} min, ${chart?.dataset.juryWord ?? ""} ${jury}`;
  }
}

/** @param {SVGGElement} group */
function back(group) {
  shifts.delete(group);
  for (const part of following(group)) part.removeAttribute("transform");
  group.parentElement?.classList.remove("is-moving");
}

/** The jury of the row that the group would be in. @param {SVGGElement} group @param {number} rows */
function juryAt(group, rows) {
  const all = lines();
  const own = all.findIndex((line) => line.contains(group));
  return all[own + rows]?.dataset.line || group.dataset.jury || "";
}

/** Ask what the move would make, in the dialog. @param {SVGGElement} group */
async function look(group) {
  const { minutes, rows } = shifts.get(group) ?? { minutes: 0, rows: 0 };
  const query = new URLSearchParams({
    day: chart?.dataset.day ?? "",
    jury: juryAt(group, rows),
    later: String(minutes),
  });
  await show(`${group.dataset.candidate}?${query}`);
  dialog?.addEventListener("close", () => { back(group); group.focus(); }, { once: true });
}

/** @param {string} address @param {RequestInit} [how] */
async function show(address, how) {
  if (!dialog) return;
  const answer = await fetch(address, { ...how, headers: { "HX-Request": "true" } });
  const next = answer.headers.get("HX-Redirect");
  if (next) {
    window.location.assign(next);
    return;
  }
  dialog.innerHTML = await answer.text();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("h2")?.setAttribute("tabindex", "-1");
  /** @type {HTMLElement | null} */ (dialog.querySelector("h2"))?.focus();
}

for (const node of chart?.querySelectorAll("[data-candidate]") ?? []) {
  const group = /** @type {SVGGElement} */ (node);
  /** @type {{x: number, y: number} | null} */
  let from = null;
  group.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, y: event.clientY };
    group.setPointerCapture(event.pointerId);
  });
  group.addEventListener("pointermove", (event) => {
    if (!from) return;
    const minutes = Math.round((event.clientX - from.x) / SCALE / GRID) * GRID;
    shift(group, minutes, Math.round((event.clientY - from.y) / ROW));
  });
  group.addEventListener("pointerup", () => {
    if (!from) return;
    from = null;
    look(group);
  });
  group.addEventListener("pointercancel", () => { from = null; back(group); });
  group.addEventListener("keydown", (event) => {
    const { minutes, rows } = shifts.get(group) ?? { minutes: 0, rows: 0 };
    const moves = { ArrowLeft: [-GRID, 0], ArrowRight: [GRID, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (step) shift(group, minutes + step[0], rows + step[1]);
    else if (event.key === "Enter" || event.key === " ") look(group);
    else if (event.key === "Escape") back(group);
    else return;
    event.preventDefault();
  });
}

dialog?.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (!target.closest("[data-move-close]")) return;
  event.preventDefault();
  dialog.close();
});

dialog?.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
  event.preventDefault();
  const data = new FormData(form);
  if ((submitter?.formMethod || form.method) === "get") {
    data.delete("csrfmiddlewaretoken");
    show(`${form.action}?${new URLSearchParams(/** @type {any} */ (data))}`);
  } else show(form.action, { method: "POST", body: data });
});

// On a narrow screen the chart opens where the day's work begins.
const first = Math.min(...[...(chart?.querySelectorAll(".gantt-block rect") ?? [])].map((rect) => Number(rect.getAttribute("x"))));
if (Number.isFinite(first)) chart?.querySelector(".gantt-scroll")?.scrollTo({ left: Math.max(0, first - 2 * GRID) });
