// @ts-check
// A recording: its sound is fetched when somebody asks to hear it (each listening is written down), its
// shape is drawn at once.

const LANE = 28; // px

/** @param {ParentNode} root */
export function adoptPlayers(root) {
  for (const element of root.querySelectorAll("[data-recording]:not([data-adopted])")) {
    element.setAttribute("data-adopted", "");
    adopt(/** @type {HTMLElement} */ (element));
  }
}

/** @param {number} seconds */
const clock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** @param {HTMLElement} element */
function adopt(element) {
  const button = /** @type {HTMLButtonElement} */ (element.querySelector("[data-play]"));
  const seek = /** @type {HTMLInputElement} */ (element.querySelector("[data-seek]"));
  const time = /** @type {HTMLElement} */ (element.querySelector("[data-time]"));
  const trouble = /** @type {HTMLElement} */ (element.querySelector("[data-trouble]"));
  const lanes = /** @type {HTMLCanvasElement[]} */ ([...element.querySelectorAll("canvas")]);
  const total = Number(element.dataset.seconds ?? 0);
  const marks = marksOf(element.dataset.marks ?? "");
  const audio = new Audio();
  let until = Infinity; // of the passage that is heard

  function draw() {
    const part = total ? audio.currentTime / total : 0;
    for (const canvas of lanes) drawLane(canvas, part, total, marks);
    seek.value = String(Math.round(audio.currentTime));
    seek.setAttribute("aria-valuetext", clock(audio.currentTime));
    time.textContent = `${clock(audio.currentTime)} / ${clock(total)}`;
    const playing = !audio.paused && !audio.ended;
    element.dispatchEvent(
      new CustomEvent("acquis:position", { detail: { seconds: audio.currentTime, playing } }),
    );
  }

  async function fetchSound() {
    if (audio.src) return;
    const answer = await fetch(element.dataset.soundUrl ?? "", {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf ?? "" },
    });
    if (!answer.ok) {
      const body = await answer.json().catch(() => ({}));
      throw new Error(body.detail ?? "");
    }
    audio.src = URL.createObjectURL(await answer.blob());
  }

  button.addEventListener("click", async () => {
    trouble.textContent = "";
    try {
      await fetchSound();
      if (audio.paused) await audio.play();
      else audio.pause();
    } catch (fault) {
      trouble.textContent = (fault instanceof Error && fault.message) || element.dataset.failed || "";
    }
  });
  /** @param {number} seconds */
  function goTo(seconds) {
    until = Infinity;
    audio.currentTime = Math.min(total, Math.max(0, seconds));
    draw();
  }
  seek.addEventListener("input", () => goTo(Number(seek.value)));
  for (const canvas of lanes) {
    canvas.addEventListener("click", (event) => {
      if (canvas.clientWidth) goTo((event.offsetX / canvas.clientWidth) * total);
    });
  }
  // A passage set in the sound: from there, and no further than its end.
  element.addEventListener("acquis:listen", (event) => {
    const { from, to } = /** @type {CustomEvent<{from: number, to: number}>} */ (event).detail;
    goTo(from);
    until = Number.isFinite(to) ? to : Infinity;
    if (audio.paused) button.click();
  });
  for (const kind of ["play", "pause", "ended"]) {
    audio.addEventListener(kind, () => {
      const playing = !audio.paused && !audio.ended;
      element.toggleAttribute("data-playing", playing);
      button.setAttribute("aria-pressed", String(playing));
    });
  }
  audio.addEventListener("timeupdate", () => {
    if (audio.currentTime >= until) {
      until = Infinity;
      audio.pause();
    }
    draw();
  });
  new ResizeObserver(draw).observe(element);
  draw();
}

/** « 12,40-65 »: where moments lie, in seconds.
 * @param {string} told @returns {{from: number, to: number}[]} */
function marksOf(told) {
  return told.split(",").filter(Boolean).map((one) => {
    const [from, to] = one.split("-").map(Number);
    return { from, to: to ?? from };
  });
}

/** @param {HTMLCanvasElement} canvas @param {number} part of it that was played, 0 to 1
 * @param {number} total seconds @param {{from: number, to: number}[]} marks */
function drawLane(canvas, part, total, marks) {
  const peaks = (canvas.dataset.peaks ?? "").split(",").map(Number);
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = width * scale;
  canvas.height = LANE * scale;
  const pen = canvas.getContext("2d");
  if (!pen || !peaks.length || !width) return;
  pen.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const bars = Math.min(peaks.length, Math.max(1, Math.floor(width / 3)));
  const loudest = Math.max(10, ...peaks);
  for (let bar = 0; bar < bars; bar += 1) {
    const from = Math.floor((bar * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
    const height = Math.max(1, (Math.max(...peaks.slice(from, to)) / loudest) * LANE);
    pen.fillStyle = bar / bars < part ? style.color : style.caretColor;
    pen.fillRect((bar * width) / bars, (LANE - height) / 2, Math.max(1, width / bars - 1), height);
  }
  pen.fillStyle = style.outlineColor;
  for (const mark of total ? marks : []) {
    const from = (mark.from / total) * width;
    pen.globalAlpha = 0.25;
    pen.fillRect(from, 0, Math.max(2, ((mark.to - mark.from) / total) * width), LANE);
    pen.globalAlpha = 1;
    pen.fillRect(Math.min(from, width - 2), 0, 2, LANE);
  }
}
