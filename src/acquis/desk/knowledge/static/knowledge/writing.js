// @ts-check
// Help with French where one writes: spelling, grammar and tone underlined in the text area, each
// remark and its suggestions in a list under it. It never blocks, and is switched off with one button.

const QUIET_MS = 700;
const CHOICE = "acquis.writing-help";
const SPELT = new Set(["spelling", "grammar"]);

/** @typedef {{kind: string, start: number, end: number, text: string, message: string, suggestions: string[]}} Remark */

/** @param {string} name */
const word = (name) =>
  /** @type {HTMLTemplateElement | null} */ (document.getElementById("writing-words"))?.content.querySelector(
    `[data-word="${name}"]`,
  )?.textContent ?? "";

function wanted() {
  try {
    return localStorage.getItem(CHOICE) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
function keepChoice(on) {
  try {
    localStorage.setItem(CHOICE, on ? "on" : "off");
  } catch {
    // Storage refused: the choice lives as long as the page.
  }
}

class Help {
  /** @param {HTMLTextAreaElement} field @param {Element} source */
  constructor(field, source) {
    this.field = field;
    this.address = source.getAttribute("data-writing-help") ?? "";
    this.channel = source.getAttribute("data-writing-channel") ?? "";
    this.customer = source.getAttribute("data-writing-customer") ?? "";
    /** @type {Remark[]} */
    this.remarks = [];
    this.checked = "";
    this.turn = 0;
    this.on = wanted();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.build();
    this.field.addEventListener("input", () => this.later());
    this.field.addEventListener("scroll", () => this.align());
    this.field.addEventListener("click", () => this.point());
    new ResizeObserver(() => this.align()).observe(field);
    this.toggle(this.on);
  }

  build() {
    const { field } = this;
    const focused = document.activeElement === field;
    const { selectionStart, selectionEnd } = field;
    this.wrap = document.createElement("div");
    this.wrap.className = "wh";
    this.mirror = document.createElement("div");
    this.mirror.className = "wh-mirror";
    this.mirror.setAttribute("aria-hidden", "true");
    field.before(this.wrap);
    this.wrap.append(this.mirror, field);
    const source = /** @type {HTMLTemplateElement | null} */ (document.getElementById("writing-help"));
    this.foot = /** @type {HTMLElement} */ (source?.content.firstElementChild?.cloneNode(true));
    this.wrap.after(this.foot);
    this.list = /** @type {HTMLElement} */ (this.foot.querySelector("[data-wh-list]"));
    this.list.id = `${field.id || "field"}-remarks`;
    this.state = /** @type {HTMLElement} */ (this.foot.querySelector("[data-wh-state]"));
    this.show = /** @type {HTMLButtonElement} */ (this.foot.querySelector("[data-wh-show]"));
    this.show.setAttribute("aria-controls", this.list.id);
    this.show.addEventListener("click", () => this.unfold(this.list?.hidden ?? false));
    this.power = /** @type {HTMLButtonElement} */ (this.foot.querySelector("[data-wh-power]"));
    this.power.addEventListener("click", () => {
      keepChoice(!this.on);
      for (const help of helps) help.toggle(wanted());
    });
    if (focused) {
      field.focus();
      field.setSelectionRange(selectionStart, selectionEnd);
    }
  }

  /** @param {boolean} on */
  toggle(on) {
    this.on = on;
    this.power?.setAttribute("aria-pressed", String(on));
    this.field.classList.toggle("wh-on", on);
    this.field.spellcheck = !on; // one underlining at a time
    if (on) {
      void this.check();
      return;
    }
    this.remarks = [];
    this.checked = "";
    this.draw();
  }

  later() {
    clearTimeout(this.timer);
    this.shift();
    if (this.on) this.timer = setTimeout(() => void this.check(), QUIET_MS);
  }

  async check() {
    const text = this.field.value;
    if (text === this.checked) return;
    const turn = ++this.turn;
    this.checked = text;
    if (!text.trim()) {
      this.remarks = [];
      this.draw();
      return;
    }
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        headers: { "X-CSRFToken": document.body.dataset.csrf ?? "", Accept: "application/json" },
        body: new URLSearchParams({ text, canal: this.channel, client: this.customer }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { remarks } = await answer.json();
      if (turn !== this.turn || this.field.value !== text) return;
      this.remarks = remarks;
      this.draw();
    } catch {
      // The help is a help: without it one writes all the same.
      if (turn === this.turn) this.checked = "";
    }
  }

  /** What was typed moved what follows; a remark that was touched goes away until the next reading. */
  shift() {
    const [before, after] = [this.checked, this.field.value];
    let head = 0;
    while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
    let tail = 0;
    while (
      tail < Math.min(before.length, after.length) - head &&
      before[before.length - 1 - tail] === after[after.length - 1 - tail]
    )
      tail += 1;
    const moved = after.length - before.length;
    this.remarks = this.remarks
      .filter((one) => one.end <= head || one.start >= before.length - tail)
      .map((one) =>
        one.start >= before.length - tail && one.end > head
          ? { ...one, start: one.start + moved, end: one.end + moved }
          : one,
      );
    this.checked = after;
    this.draw();
    this.checked = "";
  }

  draw() {
    this.paint();
    const count = this.remarks.length;
    if (!this.state || !this.show || !this.list) return;
    const said = count === 0 ? "" : `${count} ${word(count === 1 ? "remark" : "remarks")}`;
    if (this.state.textContent !== said) this.state.textContent = said;
    this.show.hidden = count === 0;
    const focused = this.list.contains(document.activeElement);
    this.list.replaceChildren(...this.remarks.map((remark) => this.line(remark)));
    if (count === 0) this.unfold(false);
    if (focused) {
      const next = /** @type {HTMLElement | null} */ (this.list.querySelector("button"));
      (next ?? this.field).focus();
    }
  }

  paint() {
    if (!this.mirror) return;
    const text = this.field.value;
    const pieces = [];
    let at = 0;
    for (const remark of this.remarks) {
      if (remark.end <= remark.start || remark.start < at) continue;
      pieces.push(text.slice(at, remark.start));
      const mark = document.createElement("span");
      mark.className = `wh-mark wh-${SPELT.has(remark.kind) ? remark.kind : "tone"}`;
      mark.textContent = text.slice(remark.start, remark.end);
      pieces.push(mark);
      at = remark.end;
    }
    pieces.push(`${text.slice(at)}\n`);
    this.mirror.replaceChildren(...pieces);
    this.align();
  }

  align() {
    if (!this.mirror) return;
    const own = getComputedStyle(this.field);
    const style = this.mirror.style;
    for (const name of /** @type {const} */ ([
      "fontFamily", "fontSize", "fontWeight", "lineHeight", "letterSpacing", "paddingTop", "paddingLeft",
      "paddingBottom", "paddingRight", "borderTopWidth", "borderLeftWidth", "textIndent", "tabSize",
    ])) {
      style[name] = own[name];
    }
    style.inlineSize = `${this.field.clientWidth + parseFloat(own.borderLeftWidth)}px`;
    style.blockSize = `${this.field.clientHeight + parseFloat(own.borderTopWidth)}px`;
    this.mirror.scrollTop = this.field.scrollTop;
  }

  /** @param {Remark} remark */
  line(remark) {
    const line = document.createElement("li");
    line.className = "wh-line";
    const kind = document.createElement("span");
    kind.className = `wh-kind wh-kind-${SPELT.has(remark.kind) ? remark.kind : "tone"}`;
    kind.textContent = word(SPELT.has(remark.kind) ? remark.kind : "tone");
    line.append(kind, " ");
    if (remark.text) {
      const quoted = document.createElement("q");
      quoted.textContent = remark.text;
      line.append(quoted, " ");
    }
    const message = document.createElement("span");
    message.textContent = remark.message;
    line.append(message);
    for (const suggestion of remark.suggestions) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm wh-suggestion";
      button.textContent = suggestion;
      button.setAttribute("aria-label", `${word("replace")} ${suggestion}`);
      button.addEventListener("click", () => this.apply(remark, suggestion));
      line.append(" ", button);
    }
    return line;
  }

  /** @param {Remark} remark @param {string} suggestion */
  apply(remark, suggestion) {
    this.field.setRangeText(suggestion, remark.start, remark.end, "end");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  point() {
    const at = this.field.selectionStart;
    if (at !== this.field.selectionEnd) return;
    const index = this.remarks.findIndex((one) => one.start <= at && at <= one.end && one.end > one.start);
    if (index < 0) return;
    this.unfold(true);
    this.list?.querySelectorAll(".wh-line").forEach((line, place) => {
      line.classList.toggle("wh-current", place === index);
      if (place === index) line.scrollIntoView({ block: "nearest" });
    });
  }

  /** @param {boolean} open */
  unfold(open) {
    if (!this.list) return;
    this.list.hidden = !open;
    this.show?.setAttribute("aria-expanded", String(open));
  }
}

/** @type {Set<Help>} */
const helps = new Set();
/** @type {WeakSet<HTMLTextAreaElement>} */
const served = new WeakSet();

/** @param {ParentNode} root */
function serve(root) {
  for (const help of helps) if (!help.field.isConnected) helps.delete(help);
  for (const field of root.querySelectorAll("textarea")) {
    const source = field.closest("[data-writing-help]");
    if (!source || field.readOnly || served.has(field)) continue;
    served.add(field);
    helps.add(new Help(field, source));
  }
}

serve(document);
// Whatever brings a fresh text area into the page.
new MutationObserver((changes) => {
  if (changes.some((change) => change.addedNodes.length)) serve(document);
}).observe(document.body, { childList: true, subtree: true });
