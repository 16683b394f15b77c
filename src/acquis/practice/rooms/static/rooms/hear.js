// @ts-check
// The drawn recording: the server counts each hearing before its sound leaves, and once more is told when
// it begins. It goes from its beginning to its end: no pause, no way back.

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-hear]"));
const button = /** @type {HTMLButtonElement | null} */ (place?.querySelector("[data-hear-play]") ?? null);
const progress = /** @type {HTMLProgressElement | null} */ (place?.querySelector("[data-hear-progress]") ?? null);
/** Of this hearing, the same until its sound has begun. */
let key = "";

/** @param {string} name */
function word(name) {
  const words = /** @type {HTMLTemplateElement | null} */ (place?.querySelector("template[data-words]"));
  return words?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
}

/** @param {string} text */
function say(text) {
  const said = place?.querySelector("[data-hear-said]");
  if (said) said.textContent = text;
}

/** @param {string} address */
function post(address) {
  return fetch(address, {
    method: "POST",
    body: new URLSearchParams({ key }),
    headers: { "X-CSRFToken": document.body.dataset.csrf ?? "", Accept: "application/json" },
  });
}

/** Tell until it is heard: a hearing that nobody noted could be asked for again. */
async function noted() {
  for (;;) {
    try {
      const answer = await post(place?.dataset.heardUrl ?? "");
      if (answer.ok) return (await answer.json()).left;
      if (answer.status === 422) return 0;
    } catch {
      // Told again in a moment.
    }
    await new Promise((resume) => setTimeout(resume, 2000));
  }
}

async function hear() {
  if (!button || !place) return;
  button.disabled = true;
  key ||= crypto.randomUUID();
  say("");
  try {
    const answer = await post(place.dataset.url ?? "");
    if (!answer.ok) {
      const body = await answer.json().catch(() => ({}));
      say(body.detail ?? word("failed"));
      button.disabled = answer.status === 422;
      return;
    }
    await play(await answer.blob());
  } catch {
    say(word("failed"));
    button.disabled = false;
  }
}

/** @param {Blob} sound */
async function play(sound) {
  const audio = new Audio(URL.createObjectURL(sound));
  let left = 0;
  audio.addEventListener("playing", () => void noted().then((number) => (left = number)), { once: true });
  audio.addEventListener("timeupdate", () => {
    if (!progress || !audio.duration) return;
    progress.hidden = false;
    progress.value = Math.min(1, audio.currentTime / audio.duration);
  });
  audio.addEventListener("ended", () => {
    URL.revokeObjectURL(audio.src);
    key = "";
    say(word("over"));
    if (button) button.disabled = left <= 0;
  });
  await audio.play();
  say(word("playing"));
}

button?.addEventListener("click", () => void hear());
// Nothing hears a press before this script: until then it cannot be pressed.
if (button) button.disabled = Number(place?.dataset.left) <= 0;
