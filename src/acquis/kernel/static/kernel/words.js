// @ts-check
// The sentences that scripts say: written once in the page by the server, in its language.

/**
 * @param {string} name
 * @param {Record<string, string>} [values] what replaces each %(key)s
 */
export function say(name, values = {}) {
  const source = /** @type {HTMLTemplateElement | null} */ (document.getElementById("words"));
  const text = source?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
  return text.replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);
}

/** The hour on the wall in Paris, whatever the device believes. @param {Date} at */
export function wallTime(at, seconds = false) {
  return new Intl.DateTimeFormat(document.documentElement.lang || "fr", {
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
    hourCycle: "h23",
    timeZone: "Europe/Paris",
  }).format(at);
}
