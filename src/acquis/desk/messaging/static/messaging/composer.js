// @ts-check
// SMS counted as a network counts them while one writes; approved templates put in the text area.
// The same rule as acquis/desk/messaging/policy.py.

const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("^{}\\[~]|€\f");

/** @param {string} text */
export function lengthOf(text) {
  const signs = [...text];
  const gsm = signs.every((sign) => GSM.has(sign) || EXTENDED.has(sign));
  const sizes = signs.map((sign) => (gsm ? (EXTENDED.has(sign) ? 2 : 1) : sign.length));
  const [alone, each] = gsm ? [160, 153] : [70, 67];
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const encoding = gsm ? "GSM-7" : "UCS-2";
  if (units <= alone) return { encoding, units, segments: units ? 1 : 0, left: alone - units };
  let segments = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > each) {
      segments += 1;
      filled = 0;
    }
    filled += size;
  }
  return { encoding, units, segments, left: each - filled };
}

/** @param {Element} holder */
function count(holder) {
  const field = holder.querySelector("textarea");
  const place = /** @type {HTMLElement | null} */ (holder.querySelector("[data-sms-length]"));
  if (!field || !place) return;
  const { encoding, units, segments, left } = lengthOf(field.value);
  const words = place.dataset;
  place.textContent = `${segments} ${words.one} · ${units} ${words.signs} (${encoding}), ${words.left} ${left}`;
}

document.addEventListener("input", (event) => {
  const holder = /** @type {HTMLElement} */ (event.target).closest("[data-sms-count]");
  if (holder) count(holder);
});
document.addEventListener("change", (event) => {
  const choice = /** @type {HTMLElement} */ (event.target);
  if (!(choice instanceof HTMLSelectElement) || !choice.value) return;
  const field = document.getElementById(choice.getAttribute("data-template-fill") ?? "");
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.value = choice.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
const all = () => document.querySelectorAll("[data-sms-count]").forEach(count);
all();
new MutationObserver(all).observe(document.querySelector(".desk-exchange") ?? document.createElement("div"), {
  childList: true,
});
