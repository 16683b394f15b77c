// @ts-check
// What a call by video shows: the others, and what one shows oneself. The desk and the page of a
// customer use the same. Whether somebody is seen is judged by the pictures that arrive: a camera that
// was switched off sends none.

const LOOK_MS = 700;
const STILL_MS = 4000; // a screen on which nothing moves says little
const CHOICE = "acquis.camera.";
/** @type {MediaTrackConstraints} */
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } };

/** @param {string} name */
function word(name) {
  const words = /** @type {HTMLTemplateElement | null} */ (document.getElementById("camera-words"));
  return words?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
}

/** Why there is no camera, in words that the page translates. @param {unknown} fault */
function wordOf(fault) {
  const name = fault instanceof Error ? fault.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "camera-denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "camera-absent";
  if (name === "NotReadableError" || name === "AbortError") return "camera-busy";
  return navigator.mediaDevices ? "camera-failed" : "camera-insecure";
}

export class Stage {
  /** @param {Element | null} root */
  static of(root) {
    return root instanceof HTMLElement ? new Stage(root) : undefined;
  }

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.others = /** @type {HTMLElement} */ (root.querySelector("[data-stage-others]"));
    this.absent = /** @type {HTMLElement} */ (root.querySelector("[data-stage-absent]"));
    this.own = /** @type {HTMLVideoElement} */ (root.querySelector("[data-stage-own]"));
    /** @type {Map<HTMLVideoElement, {frames: number, at: number}>} */
    this.seen = new Map();
    /** @type {MediaStreamTrack | undefined} what is shown to the others */
    this.track = undefined;
    /** @type {MediaStreamTrack | undefined} */
    this.screen = undefined;
    /** @type {import("./line.js").Line | undefined} */
    this.line = undefined;
    this.leg = "";
    this.speaks = true;
    this.trouble = "";
    /** @type {(text: string) => void} */
    this.say = () => undefined;
    root.querySelector("[data-stage-size]")?.addEventListener("click", () => this.#resize());
    const apart = /** @type {HTMLElement | null} */ (root.querySelector("[data-stage-window]"));
    if (apart && document.pictureInPictureEnabled) {
      apart.hidden = false;
      apart.addEventListener("click", () => void this.#setApart());
    }
  }

  /**
   * Get ready for a call: the camera, unless it was switched off on this call.
   * @param {string} leg @param {{speaks?: boolean, say?: (text: string) => void}} [options]
   */
  async open(leg, { speaks = true, say } = {}) {
    this.leg = leg;
    this.speaks = speaks;
    if (say) this.say = say;
    this.root.hidden = false;
    this.watch ??= setInterval(() => void this.look(), LOOK_MS);
    if (speaks && !this.track && this.wanted) await this.#light();
    this.press();
  }

  /** Whether the camera is to be on, as was last chosen on this call. */
  get wanted() {
    try {
      return sessionStorage.getItem(CHOICE + this.leg) !== "off";
    } catch {
      return true;
    }
  }

  set wanted(on) {
    try {
      sessionStorage.setItem(CHOICE + this.leg, on ? "on" : "off");
    } catch {
      // Chosen for this page only.
    }
  }

  /** @param {import("./line.js").Line} line that carries the pictures */
  carry(line) {
    this.line = line;
    for (const video of this.seen.keys()) video.remove();
    this.seen.clear();
  }

  /** @param {number} place @param {MediaStreamTrack} track */
  see(place, track) {
    const video = document.createElement("video");
    video.autoplay = video.playsInline = video.muted = true;
    video.dataset.place = String(place);
    video.hidden = true;
    video.setAttribute("aria-label", word("seen"));
    video.srcObject = new MediaStream([track]);
    this.others.append(video);
    this.seen.set(video, { frames: 0, at: 0 });
    void video.play().catch(() => undefined);
  }

  /** Show those from whom pictures arrive. */
  async look() {
    const now = Date.now();
    for (const [video, known] of [...this.seen]) {
      const frames = await this.#framesAt(Number(video.dataset.place));
      if (!this.seen.has(video)) continue;
      if (frames !== known.frames) this.seen.set(video, { frames, at: now });
      video.hidden = now - (this.seen.get(video)?.at ?? 0) > STILL_MS;
    }
    const shown = [...this.seen.keys()].filter((video) => !video.hidden).length;
    this.root.dataset.shown = String(shown);
    this.absent.hidden = shown > 0;
  }

  async toggleCamera() {
    if (this.screen) await this.#endScreen();
    this.wanted = !this.track;
    if (this.track) this.#show(undefined);
    else await this.#light();
    this.press();
  }

  async toggleScreen() {
    if (this.screen) {
      await this.#endScreen();
      this.press();
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 10 } } });
      const [track] = stream.getVideoTracks();
      track.contentHint = "detail";
      track.addEventListener("ended", () => void this.#endScreen().then(() => this.press()));
      this.#show(track);
      this.screen = track;
      this.#tell(word("screen-shown"));
    } catch {
      this.#tell(word("screen-failed"));
    }
    this.press();
  }

  /** Make the buttons say how things are. */
  press() {
    const pressed = { camera: !this.track || Boolean(this.screen), screen: Boolean(this.screen) };
    for (const [name, on] of Object.entries(pressed)) {
      for (const button of document.querySelectorAll(`[data-${name}]`)) {
        button.setAttribute("aria-pressed", String(on));
        if (name === "screen") button.toggleAttribute("hidden", !navigator.mediaDevices?.getDisplayMedia);
      }
    }
  }

  close() {
    clearInterval(this.watch);
    this.watch = undefined;
    this.screen = undefined;
    this.#show(undefined);
    this.line = undefined;
    for (const video of this.seen.keys()) video.remove();
    this.seen.clear();
    this.#tell("");
    this.root.hidden = true;
  }

  /** How many frames came to a place since the beginning. @param {number} place */
  async #framesAt(place) {
    let frames = 0;
    const report = await this.line?.pictures[place]?.receiver.getStats().catch(() => undefined);
    report?.forEach((one) => {
      if (one.type === "inbound-rtp") frames += one.framesReceived ?? one.framesDecoded ?? 0;
    });
    return frames;
  }

  async #light() {
    this.#tell("");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: PICTURE });
      this.#show(stream.getVideoTracks()[0]);
    } catch (fault) {
      this.#tell(word(wordOf(fault)));
    }
  }

  async #endScreen() {
    this.screen = undefined;
    this.#show(undefined);
    this.#tell("");
    if (this.wanted) await this.#light();
  }

  /** @param {MediaStreamTrack | undefined} track */
  #show(track) {
    if (this.track !== track) this.track?.stop();
    this.track = track;
    this.own.srcObject = track ? new MediaStream([track]) : null;
    this.own.hidden = !track;
    void this.line?.show(track ?? null);
  }

  /** @param {string} text */
  #tell(text) {
    this.trouble = text;
    const status = this.root.querySelector("[data-stage-status]");
    if (status) status.textContent = text;
    else this.say(text);
  }

  #resize() {
    const large = this.root.dataset.size !== "large";
    this.root.dataset.size = large ? "large" : "small";
    this.root.querySelector("[data-stage-size]")?.setAttribute("aria-pressed", String(large));
  }

  async #setApart() {
    const video = [...this.seen.keys()].find((one) => !one.hidden);
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await video?.requestPictureInPicture().catch(() => undefined);
  }
}
