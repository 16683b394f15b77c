// @ts-check
// The telephone of a customer, for any page: `CustomerCall.place(address, fields)` rings at a desk,
// `new CustomerCall(key)` holds a call that the desk places. The page of a juror who plays a customer
// uses the same.

import { Line } from "./line.js";

const POLL_MS = 1000;

/**
 * @typedef {{
 *   state: "ringing" | "active" | "voicemail" | "ended",
 *   leg: "ringing" | "joined" | "left",
 *   direction: "in" | "out",
 *   adviser: string, held: boolean, supervised: boolean,
 *   recording: "off" | "announced" | "on" | "paused" | "opposed",
 *   ending: string, answered_at: string | null,
 *   may_leave_message: boolean, returned: string | null,
 * }} CustomerState
 */

/** A refusal of the server, in its own words. */
export class CallRefused extends Error {}

/** @param {string} address @param {Record<string, string>} fields */
async function post(address, fields) {
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf ?? "" },
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new CallRefused(body.detail ?? ""), { errors: body.errors });
  return body;
}

export class CustomerCall {
  /**
   * @param {string} key of the customer's leg
   * @param {{
   *   iceServers?: RTCIceServer[],
   *   onState?: (state: CustomerState) => void,
   *   onLine?: (state: import("./line.js").LineState) => void,
   *   onLevel?: (heard: number, sent: number, speaks: boolean) => void,
   *   onPicture?: (place: number, track: MediaStreamTrack) => void,
   *   camera?: () => MediaStreamTrack | undefined,
   *   deviceId?: string,
   * }} [options]
   */
  constructor(key, options = {}) {
    this.key = key;
    this.options = options;
    this.address = `/appeler/recu/${key}/`;
    /** @type {CustomerState | undefined} */
    this.state = undefined;
    /** @type {Line | undefined} */
    this.line = undefined;
    this.stopped = false;
    void this.#watch();
  }

  /**
   * Ring at a desk. Throws CallRefused, with `errors` by field.
   * @param {string} address @param {Record<string, string>} fields name, number, subject
   * @param {ConstructorParameters<typeof CustomerCall>[1]} [options]
   */
  static async place(address, fields, options) {
    const { leg } = await post(address, fields);
    return new CustomerCall(leg, options);
  }

  /** Bring the sound of this browser in. Throws MicrophoneRefused or CallRefused. */
  async connect() {
    if (this.line) return;
    this.line = new Line({
      iceServers: this.options.iceServers,
      onPicture: this.options.onPicture,
      camera: this.options.camera?.(),
      deviceId: this.options.deviceId,
      onState: (state) => this.options.onLine?.(state),
      onLevel: (heard, sent, speaks) => this.options.onLevel?.(heard, sent, speaks),
      join: async (sdp) => (await post(`${this.address}rejoindre/`, { sdp })).sdp,
    });
    try {
      await this.line.open();
    } catch (fault) {
      this.line.close();
      this.line = undefined;
      throw fault;
    }
  }

  /** Answer a call of the desk. */
  async answer() {
    await this.#act("pick_up");
    await this.connect();
  }

  async hangUp() {
    await this.#act("hang_up");
  }

  async oppose() {
    await this.#act("oppose");
  }

  async leaveMessage() {
    await this.#act("message");
  }

  /** @param {string} keys */
  async press(keys) {
    await this.#act("keys", { keys });
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.line?.mute(muted);
  }

  /** Stop watching, without hanging up. */
  stop() {
    this.stopped = true;
    this.line?.close();
  }

  /** @param {string} act @param {Record<string, string>} [fields] */
  async #act(act, fields = {}) {
    this.#show(await post(`${this.address}acte/`, { act, ...fields }));
  }

  /** @param {CustomerState} state */
  #show(state) {
    this.state = state;
    if (state.state === "ended") {
      this.line?.close();
      this.line = undefined;
    }
    this.options.onState?.(state);
  }

  async #watch() {
    while (!this.stopped) {
      try {
        const answer = await fetch(`${this.address}etat/`, { headers: { Accept: "application/json" } });
        if (answer.ok && !this.stopped) this.#show(await answer.json());
      } catch {
        // Asked again in a moment.
      }
      await new Promise((resume) => setTimeout(resume, POLL_MS));
    }
  }
}
