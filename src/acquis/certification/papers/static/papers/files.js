// @ts-check
// The files of a subject: a sound is heard where it stands, fetched when somebody asks for it (each
// opening is written down). Other files open as any form does.

/** @param {HTMLFormElement} form */
async function hear(form) {
  const trouble = /** @type {HTMLElement} */ (form.querySelector("[data-trouble]"));
  trouble.textContent = "";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(form),
    });
    if (!answer.ok) {
      const body = await answer.json().catch(() => ({}));
      throw new Error(body.detail ?? "");
    }
    const audio = document.createElement("audio");
    audio.controls = true;
    audio.src = URL.createObjectURL(await answer.blob());
    audio.setAttribute("aria-label", form.dataset.soundFile ?? "");
    form.append(audio);
    form.removeAttribute("data-sound-file"); // heard again from the page itself
    form.querySelector("button")?.setAttribute("disabled", "");
    audio.focus();
    await audio.play();
  } catch (fault) {
    trouble.textContent = (fault instanceof Error && fault.message) || form.dataset.failed || "";
  }
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("form[data-sound-file]")) return;
  event.preventDefault();
  void hear(form);
});
