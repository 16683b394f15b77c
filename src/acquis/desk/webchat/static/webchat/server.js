// @ts-check
// How the widget speaks with the desk: requests that carry the visitor's token and no cookie, and a
// socket that says « something changed ». Without a socket it asks at intervals.

import { Refused } from "./outbox.js";

const POLL_MS = 4000;
const HEARTBEAT_MS = 25_000;
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15_000];

export class Server {
  /** @param {string} base @param {string} token */
  constructor(base, token) {
    this.base = base;
    this.token = token;
  }

  /**
   * @param {string} path @param {Record<string, string> | FormData} [body] without one, a GET
   * @returns {Promise<any>} what was answered; null for nothing
   */
  async ask(path, body) {
    /** @type {Record<string, string>} */
    const headers = {
      Accept: "application/json",
      "Accept-Language": document.documentElement.lang,
      "X-Visitor": this.token,
    };
    /** @type {BodyInit | undefined} */
    let sent;
    if (body instanceof FormData) sent = body;
    else if (body) {
      sent = JSON.stringify(body);
      headers["Content-Type"] = "application/json";
    }
    const answer = await fetch(this.base + path, {
      method: body ? "POST" : "GET",
      headers,
      body: sent,
      credentials: "omit",
      cache: "no-store",
    });
    if (answer.status === 204) return null;
    if (answer.ok) return answer.json();
    if (answer.headers.get("Content-Type")?.includes("problem+json")) {
      const problem = await answer.json();
      throw new Refused(problem.detail, answer.status, problem.code);
    }
    if (answer.status >= 400 && answer.status < 500) {
      throw new Refused("", answer.status, `http.${answer.status}`);
    }
    throw new Error(String(answer.status));
  }
}

/** News for the visitor; `changed` is called at each piece of news, and at intervals without a socket. */
export class Link {
  /**
   * @param {{key: string, token: string, changed: (told: {position?: number}) => void, read: (position: number) => void, typing: () => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
    /** @type {WebSocket | undefined} */
    this.socket = undefined;
    this.failures = 0;
    this.stopped = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    window.addEventListener("online", () => {
      if (!this.stopped) this.open();
    });
  }

  start() {
    if (!this.stopped) return;
    this.stopped = false;
    this.open();
    this.beat();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  open() {
    if (this.stopped || (this.socket && this.socket.readyState <= WebSocket.OPEN)) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const opened = new WebSocket(`${scheme}://${location.host}/ws/chat/`);
    this.socket = opened;
    opened.addEventListener("open", () => {
      this.failures = 0;
      this.hello();
      this.parts.changed({});
    });
    opened.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      if (told.changed) this.parts.changed(told);
      if (told.read) this.parts.read(told.read);
      if (told.typing) this.parts.typing();
    });
    opened.addEventListener("close", () => {
      if (this.socket !== opened || this.stopped) return;
      const delay = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
      this.failures += 1;
      setTimeout(() => this.open(), delay * (0.5 + Math.random() / 2));
    });
  }

  get live() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Say again who this is: the exchange may have been handed to the desk meanwhile. */
  hello() {
    if (this.live) {
      this.socket?.send(JSON.stringify({ hello: this.parts.token, site: this.parts.key }));
    }
  }

  typing() {
    if (this.live) this.socket?.send(JSON.stringify({ typing: true }));
  }

  beat() {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.parts.changed({});
      this.beat();
    }, this.live ? HEARTBEAT_MS : POLL_MS);
  }
}
