// @ts-check
// The sheet beside the fields: what is typed shows where it will be printed.

const desk = document.querySelector("[data-letter]");
const day = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", year: "numeric" });

/** @param {string} name */
const typed = (name) =>
  /** @type {HTMLInputElement | null} */ (desk?.querySelector(`[data-preview="${name}"]`))?.value ?? "";

/** @param {string} name @param {string} text */
function put(name, text) {
  const place = desk?.querySelector(`[data-shows="${name}"]`);
  if (place) place.textContent = text;
  desk?.querySelector(`[data-when="${name}"]`)?.toggleAttribute("hidden", text.trim() === "");
}

function putDate() {
  const value = typed("dated_on");
  const written = value ? day.format(new Date(`${value}T12:00:00`)).replace(/^1 /, "1er ") : "";
  put("place-date", [typed("place").trim(), written && `le ${written}`].filter(Boolean).join(", "));
}

function putBody() {
  const place = desk?.querySelector('[data-shows-paragraphs="body"]');
  if (!place) return;
  const paragraphs = typed("body").split(/\n\s*\n/).map((text) => text.trim()).filter(Boolean);
  place.replaceChildren(
    ...paragraphs.map((text) => {
      const paragraph = document.createElement("p");
      text.split("\n").forEach((line, rank) => {
        if (rank) paragraph.append(document.createElement("br"));
        paragraph.append(line.trim());
      });
      return paragraph;
    }),
  );
}

/** @param {Event} event */
function follow(event) {
  const name = /** @type {HTMLElement} */ (event.target).dataset?.preview;
  if (!name) return;
  if (name === "dated_on" || name === "place") putDate();
  else if (name === "body") putBody();
  else put(name, typed(name));
}

desk?.addEventListener("input", follow);
desk?.addEventListener("acquis:restored", follow);
// Enter in a field of the letter must not leave the page.
desk?.querySelector("[data-letter-parts]")?.addEventListener("submit", (event) => event.preventDefault());
