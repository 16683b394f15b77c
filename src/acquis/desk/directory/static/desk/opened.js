// @ts-check
// A page says, once a view, that what it shows was opened: looking (GET) writes nothing by itself.

/** @param {ParentNode} root */
function say(root) {
  for (const element of root.querySelectorAll("[data-opened]")) {
    const address = element.getAttribute("data-opened");
    const view = element.getAttribute("data-view-key") ?? "";
    element.removeAttribute("data-opened");
    if (!address) continue;
    void fetch(address, {
      method: "POST",
      keepalive: true,
      headers: { "X-CSRFToken": document.body.dataset.csrf ?? "" },
      body: new URLSearchParams({ view }),
    }).catch(() => undefined);
  }
}

say(document);
document.addEventListener("htmx:load", (event) => {
  const part = /** @type {HTMLElement} */ (event.target);
  if (part.parentNode) say(part.parentNode);
});
