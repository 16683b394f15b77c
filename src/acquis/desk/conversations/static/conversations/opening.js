// @ts-check
// Another exchange opens where one is shown, when the channels of both allow it: the page, its queue and its
// link to the server stay. Whatever else is asked for (another channel, a new tab) is an ordinary page.

const SHOWN = ".desk-exchange";
let asked = 0; // the last one asked for is shown, whatever answers first

/** The exchange shown may leave its place, or none is. */
const maySwitch = () => document.querySelector("[data-exchange]")?.hasAttribute("data-in-place") ?? true;

/**
 * Open the exchanges of the queue in place.
 *
 * @param {() => void} before what is kept of the exchange shown
 * @param {() => void} after what the fresh one needs; its news are followed already
 */
export function openInPlace(before, after) {
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest?.("a[data-opened-url]");
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (!(link instanceof HTMLAnchorElement) || elsewhere || event.defaultPrevented || !maySwitch()) return;
    event.preventDefault();
    void open(link.dataset.openedUrl ?? "", link.href, true);
  });
  window.addEventListener("popstate", () => {
    const chosen = new URLSearchParams(window.location.search).get("c");
    const shown = document.querySelector("[data-exchange]")?.getAttribute("data-conversation");
    if (chosen === (shown ?? null)) return; // another place of the same exchange
    const link = document.querySelector(`[data-row="${CSS.escape(chosen ?? "")}"] a[data-opened-url]`);
    if (!(link instanceof HTMLAnchorElement) || !maySwitch()) window.location.reload();
    else void open(link.dataset.openedUrl ?? "", link.href, false);
  });

  /** @param {string} address @param {string} page @param {boolean} fresh whether the page is a new one */
  async function open(address, page, fresh) {
    asked += 1;
    const turn = asked;
    const place = document.querySelector(SHOWN);
    place?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
      const html = await answer.text();
      if (turn !== asked) return;
      if (answer.ok) {
        before();
        if (fresh) window.history.pushState(null, "", page);
        show(html);
        after();
      } else {
        window.location.assign(page); // what the page says of it
      }
    } catch {
      if (turn === asked) tellFailure();
    } finally {
      if (turn === asked) place?.removeAttribute("aria-busy");
    }
  }
}

/** @param {string} html the exchange, then its customer */
function show(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const exchange = holder.content.querySelector("[data-exchange]");
  const customer = holder.content.querySelector("#exchange-customer");
  if (!exchange || !customer) throw new Error("no exchange");
  document.querySelector("[data-queue-told]")?.replaceChildren();
  document.querySelector(SHOWN)?.replaceChildren(exchange);
  document.querySelector(".desk-customer")?.replaceChildren(customer);
  const row = `[data-row="${exchange.getAttribute("data-conversation")}"]`;
  for (const old of document.querySelectorAll("[data-row][aria-current]")) old.removeAttribute("aria-current");
  document.querySelector(row)?.setAttribute("aria-current", "true");
  /** @type {any} */ (window).htmx?.process(customer);
  customer.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  document.dispatchEvent(new CustomEvent("acquis:opened"));
  const first = exchange.querySelector("#composer-body") ?? exchange.querySelector("[data-thread]");
  if (first instanceof HTMLElement) first.focus();
}

function tellFailure() {
  const words = document.querySelector("template[data-queue-failed]");
  if (!(words instanceof HTMLTemplateElement)) return;
  document.querySelector("[data-queue-told]")?.replaceChildren(words.content.cloneNode(true));
}
