// @ts-check
// The editor of written work: a few styles, and nothing else, whatever is typed or pasted. Each text lies
// in a hidden field of the page, which keeps itself (autosave.js) and, restored, is shown here.

import {
  baseKeymap, chainCommands, DOMParser, DOMSerializer, EditorState, EditorView, history, keymap, liftListItem,
  redo, setBlockType, sinkListItem, splitListItem, toggleMark, undo, wrapInList,
} from "../vendor/prosemirror@1.42.9/prosemirror.js";
import { schema } from "./schema.js";

const SIDES = { "align-left": null, "align-center": "center", "align-right": "right", "align-justify": "justify" };
const { nodes, marks } = schema;
const serializer = DOMSerializer.fromSchema(schema);
const parser = DOMParser.fromSchema(schema);

/* ---- Text to and from the field ---- */

/** @param {string} html */
function parsed(html) {
  return parser.parse(new window.DOMParser().parseFromString(html, "text/html").body);
}

/** @param {any} doc */
function html(doc) {
  const place = document.createElement("div");
  place.append(serializer.serializeFragment(doc.content));
  return doc.textContent.trim() || doc.childCount > 1 ? place.innerHTML : "";
}

const STRONG = /font-weight:\s*(bold|[6-9]00)/i;
const SLANTED = /font-style:\s*italic/i;
const SIDE = /text-align:\s*(center|right|justify)/i;

/**
 * What is pasted without anything that could act or be fetched, read where nothing runs: bold, italic and
 * the side of a paragraph stay, written as another program's styles or not.
 * @param {string} pasted
 */
function tidied(pasted) {
  // Before anything reads it: the page's own policy would report each handler and style.
  const bare = pasted.replace(/<(style|script|title|svg)[\s\S]*?<\/\1\s*>/gi, "").replace(/\s(on\w+|src|srcset|href)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "");
  const page = new window.DOMParser().parseFromString(bare.replace(/\sstyle\s*=/gi, " data-look="), "text/html");
  for (const element of [...page.body.querySelectorAll("*")]) {
    const look = element.getAttribute("data-look") ?? "";
    const side = SIDE.exec(look)?.[1] ?? element.getAttribute("align");
    const slice = element.getAttribute("data-pm-slice");
    const kept = [...element.classList].filter((name) => name.startsWith("align-"));
    for (const name of element.getAttributeNames()) element.removeAttribute(name);
    if (side) element.setAttribute("align", side);
    if (slice) element.setAttribute("data-pm-slice", slice);
    if (kept.length) element.className = kept.join(" ");
    if (element.localName === "b" && /font-weight:\s*(normal|400)/i.test(look)) element.replaceWith(...element.childNodes);
    else if (["span", "font"].includes(element.localName)) {
      for (const [pattern, name] of /** @type {[RegExp, string][]} */ ([[STRONG, "strong"], [SLANTED, "em"]])) {
        if (!pattern.test(look)) continue;
        const mark = page.createElement(name);
        mark.append(...element.childNodes);
        element.append(mark);
      }
    }
  }
  return page.body.innerHTML;
}

/* ---- Commands ---- */

/** @param {string | null} side */
const align = (side) => (state, dispatch) => {
  let change = state.tr;
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (node, position) => {
    if (node.isTextblock && node.attrs.align !== side) {
      change = change.setNodeMarkup(position, null, { ...node.attrs, align: side });
    }
  });
  dispatch?.(change);
  return true;
};

/** A list of this kind, out of it when the lines are in one already; a title becomes a line of it. */
const list = (kind) => (state, dispatch, view) => {
  const around = listAround(state);
  if (around?.node.type === kind) return liftListItem(nodes.list_item)(state, dispatch);
  if (around) {
    dispatch?.(state.tr.setNodeMarkup(around.position, kind));
    return true;
  }
  if (wrapInList(kind)(state, dispatch)) return true;
  setBlockType(nodes.paragraph)(state, dispatch);
  return wrapInList(kind)(view.state, dispatch);
};

function listAround(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type === nodes.bullet_list || node.type === nodes.ordered_list) return { node, position: $from.before(depth) };
  }
  return null;
}

const style = (value) =>
  value === "p" ? setBlockType(nodes.paragraph) : setBlockType(nodes.heading, { level: Number(value.slice(1)) });

const COMMANDS = {
  bold: toggleMark(marks.strong),
  italic: toggleMark(marks.em),
  underline: toggleMark(marks.underline),
  bullets: list(nodes.bullet_list),
  numbers: list(nodes.ordered_list),
  undo,
  redo,
  ...Object.fromEntries(Object.entries(SIDES).map(([name, side]) => [name, align(side)])),
};

const breakLine = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
};

const KEYS = {
  "Mod-b": COMMANDS.bold,
  "Mod-i": COMMANDS.italic,
  "Mod-u": COMMANDS.underline,
  "Mod-z": undo,
  "Mod-y": redo,
  "Shift-Mod-z": redo,
  "Shift-Ctrl-8": COMMANDS.bullets,
  "Shift-Ctrl-7": COMMANDS.numbers,
  "Mod-]": sinkListItem(nodes.list_item),
  "Mod-[": liftListItem(nodes.list_item),
  "Shift-Enter": breakLine,
  Enter: chainCommands(splitListItem(nodes.list_item), baseKeymap.Enter),
};

/* ---- One field ---- */

/** @param {HTMLElement} place @param {(view: any) => void} told */
function edit(place, told) {
  const field = /** @type {HTMLTextAreaElement} */ (document.getElementById(place.dataset.rich ?? ""));
  const count = document.getElementById(place.id.replace("piece-", "count-"));
  const rules = new Intl.PluralRules(document.documentElement.lang || "fr");
  const plugins = [history(), keymap(KEYS), keymap(baseKeymap)];
  const fresh = () => EditorState.create({ doc: parsed(field.value), plugins });
  const counted = (doc) => {
    const number = doc.textBetween(0, doc.content.size, " ", " ").split(/\s+/).filter(Boolean).length;
    const words = rules.select(number) === "one" ? count?.dataset.one : count?.dataset.other;
    if (count) count.textContent = (words ?? "").replace("{n}", String(number));
  };
  const view = new EditorView(
    { mount: place },
    {
      state: fresh(),
      transformPastedHTML: tidied,
      dispatchTransaction(change) {
        view.updateState(view.state.apply(change));
        if (change.docChanged) {
          field.value = html(view.state.doc);
          field.dispatchEvent(new Event("input", { bubbles: true }));
          counted(view.state.doc);
        }
        told(view);
      },
      handleDOMEvents: {
        focus: () => told(view),
        keydown: (_view, event) => {
          if (event.key !== "F10" || !event.altKey) return false;
          event.preventDefault();
          /** @type {HTMLElement | null} */ (place.closest("[data-rich-sheet]")?.querySelector('[data-toolbar] [tabindex="0"]'))?.focus();
          return true;
        },
      },
    },
  );
  field.addEventListener("acquis:restored", () => {
    view.updateState(fresh());
    counted(view.state.doc);
  });
  field.focus = () => view.focus(); // whoever means the text means what shows it
  counted(view.state.doc);
  return view;
}

/* ---- The toolbar of one sheet, for the field that was last written in ---- */

for (const sheet of document.querySelectorAll("[data-rich-sheet]")) {
  const toolbar = /** @type {HTMLElement} */ (sheet.querySelector("[data-toolbar]"));
  const controls = /** @type {HTMLElement[]} */ ([...toolbar.querySelectorAll("[data-command], a")]);
  const chosen = /** @type {HTMLSelectElement} */ (toolbar.querySelector("select"));
  let current = null;
  const told = (view) => {
    current = view;
    const { state } = view;
    const { $from, from, to, empty } = state.selection;
    const on = (mark) => (empty ? Boolean(mark.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, mark));
    const around = listAround(state)?.node.type;
    const side = $from.parent.attrs.align ?? null;
    const pressed = {
      bold: on(marks.strong),
      italic: on(marks.em),
      underline: on(marks.underline),
      bullets: around === nodes.bullet_list,
      numbers: around === nodes.ordered_list,
      ...Object.fromEntries(Object.entries(SIDES).map(([name, value]) => [name, value === side])),
    };
    for (const button of controls) {
      const name = button.dataset.command ?? "";
      if (name in pressed) button.setAttribute("aria-pressed", String(pressed[name]));
    }
    chosen.value = $from.parent.type === nodes.heading ? `h${$from.parent.attrs.level}` : "p";
  };
  for (const place of sheet.querySelectorAll("[data-rich]")) {
    const view = edit(/** @type {HTMLElement} */ (place), told);
    current ??= view;
    document.querySelector(`[data-label-of="${place.id}"]`)?.addEventListener("click", () => view.focus());
  }
  if (current) told(current);
  const run = (command) => {
    command(current.state, current.dispatch, current);
    current.focus();
  };
  toolbar.addEventListener("mousedown", (event) => {
    if (/** @type {Element} */ (event.target).closest("button")) event.preventDefault(); // the text keeps the focus
  });
  toolbar.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
    if (button?.dataset.command) run(COMMANDS[button.dataset.command]);
  });
  chosen.addEventListener("change", () => run(style(chosen.value)));
  controls.forEach((control, index) => (control.tabIndex = index ? -1 : 0));
  toolbar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return current.focus();
    const place = controls.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const last = controls.length - 1;
    const next = { ArrowRight: place === last ? 0 : place + 1, ArrowLeft: place ? place - 1 : last, Home: 0, End: last }[event.key];
    if (next === undefined || place < 0) return;
    event.preventDefault();
    for (const control of controls) control.tabIndex = -1;
    controls[next].tabIndex = 0;
    controls[next].focus();
  });
}
