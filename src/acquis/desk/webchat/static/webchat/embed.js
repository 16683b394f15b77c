// @ts-check
// What a customer's site holds: one frame, served by the desk, in a corner of its pages. Nothing is
// evaluated, no style or script is written into the page: a strict Content-Security-Policy need only
// admit the desk's origin in script-src and frame-src.
(() => {
  const own = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!own || document.querySelector("iframe[data-acquis-chat]")) return;
  const base = own.src.replace(/widget\.js(\?.*)?$/, "");
  const origin = new URL(base).origin;
  const NARROW = 480;
  const GAP = 16;
  const french = !/^en\b/i.test(document.documentElement.lang || navigator.language || "fr");

  const frame = document.createElement("iframe");
  frame.setAttribute("data-acquis-chat", "");
  frame.title = french ? "Discussion avec un conseiller" : "Chat with an adviser";
  frame.src = `${base}?lang=${french ? "fr" : "en"}`;

  /** @param {Record<string, string>} rules */
  function style(rules) {
    for (const [name, value] of Object.entries(rules)) frame.style.setProperty(name, value);
  }
  style({
    position: "fixed", border: "0", "z-index": "2147483000", "color-scheme": "normal",
    "max-width": "100vw", "max-height": "100dvh", width: "0", height: "0",
    right: `${GAP}px`, bottom: `${GAP}px`, "border-radius": "12px", "box-shadow": "0 4px 20px rgb(0 0 0 / 25%)",
  });

  /** @type {{open: boolean, width: number, height: number}} */
  let wanted = { open: false, width: 0, height: 0 };
  function settle() {
    const whole = wanted.open && window.innerWidth <= NARROW;
    const width = wanted.open ? Math.min(400, window.innerWidth - 2 * GAP) : wanted.width;
    const height = wanted.open ? Math.min(660, window.innerHeight - 2 * GAP) : wanted.height;
    style({
      width: whole ? "100vw" : `${width}px`,
      height: whole ? "100dvh" : `${height}px`,
      right: whole ? "0" : `${GAP}px`,
      bottom: whole ? "0" : `${GAP}px`,
      "border-radius": whole ? "0" : wanted.open ? "12px" : `${Math.ceil(height / 2)}px`,
    });
  }

  window.addEventListener("resize", settle);
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    const told = event.data;
    if (!told || told.acquis !== "size") return;
    wanted = { open: told.open === true, width: Number(told.width) || 0, height: Number(told.height) || 0 };
    settle();
    // The page without what follows « ? »: it may be personal.
    frame.contentWindow?.postMessage(
      { acquis: "page", url: window.location.origin + window.location.pathname, title: document.title },
      origin,
    );
  });
  if (document.body) document.body.append(frame);
  else document.addEventListener("DOMContentLoaded", () => document.body.append(frame));
})();
