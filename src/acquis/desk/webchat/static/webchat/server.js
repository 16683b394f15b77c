// @ts-check
// How the widget speaks with the desk: a socket that brings what the adviser says and takes what the
// visitor does, and requests that carry the visitor's token and no cookie. Without a socket it asks at
// intervals, and what is said goes by a request, under the same key.

import { Refused } from "./outbox.js";

const POLL_MS = 4000;
const HEARTBEAT_MS = 25_000;
const SLOWEST_MS = 8000; // without a word of the desk before what was said counts as unanswered
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

/** @typedef {{position?: number, after?: number, items?: any[]}} Changed */

/** News for the visitor; `changed` is called at each piece of news, and at intervals without a socket. */
export class Link {
  /**
   * @param {{key: string, token: string, changed: (told: Changed) => void, mark: () => unknown, read: (position: number) => void, typing: () => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
    /** @type {WebSocket | undefined} */
    this.socket = undefined;
    this.failures = 0;
    this.stopped = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Map<string, {resolve: (answer: any) => void, reject: (error: Error) => void, timer: number}>} */
    this.saying = new Map();
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
      if (told.heard) this.heard(told.heard);
      if (told.said) this.answered(told);
      if (told.read) this.parts.read(told.read);
      if (told.typing) this.parts.typing();
    });
    opened.addEventListener("close", () => {
      for (const key of [...this.saying.keys()]) this.settle(key, (one) => one.reject(new Error("cut")));
      if (this.socket !== opened || this.stopped) return;
      const delay = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
      this.failures += 1;
      setTimeout(() => this.open(), delay * (0.5 + Math.random() / 2));
    });
  }

  get live() {
    return navigator.onLine && this.socket?.readyState === WebSocket.OPEN;
  }

  /** Say again who this is: the exchange may have been handed to the desk meanwhile. */
  hello() {
    if (this.live) {
      const lang = document.documentElement.lang;
      this.socket?.send(JSON.stringify({ hello: this.parts.token, site: this.parts.key, lang }));
    }
  }

  /**
   * Say something over the socket: its position and instant once the desk has kept it. Rejected with Refused
   * when the desk said no, with another error when it must go by a request.
   *
   * @param {string} key @param {string} body @returns {Promise<{position: number, at: string}>}
   */
  say(key, body) {
    if (!this.live) return Promise.reject(new Error("no socket"));
    return new Promise((resolve, reject) => {
      this.saying.set(key, { resolve, reject, timer: this.patience(key) });
      this.socket?.send(JSON.stringify({ say: key, body }));
    });
  }

  /** @param {string} key */
  patience(key) {
    return window.setTimeout(() => this.settle(key, (one) => one.reject(new Error("no answer"))), SLOWEST_MS);
  }

  /** It waits for its turn there: to say it again would only lengthen the queue. @param {string} key */
  heard(key) {
    const one = this.saying.get(key);
    if (!one) return;
    clearTimeout(one.timer);
    one.timer = this.patience(key);
  }

  /** @param {any} told */
  answered({ said, refused, failed, ...kept }) {
    this.settle(said, (one) => {
      if (refused) one.reject(new Refused(refused.detail, refused.status, refused.code));
      else if (failed) one.reject(new Error("failed"));
      else one.resolve(kept);
    });
  }

  /** @param {string} key @param {(one: {resolve: (answer: any) => void, reject: (error: Error) => void}) => void} how */
  settle(key, how) {
    const one = this.saying.get(key);
    if (!one) return;
    this.saying.delete(key);
    clearTimeout(one.timer);
    how(one);
  }

  /** Ask for what the page lacks. @returns {boolean} whether it left over the socket */
  look() {
    if (this.live) this.socket?.send(JSON.stringify({ look: this.parts.mark() }));
    return this.live;
  }

  /** @param {number} position @returns {boolean} whether it left over the socket */
  seen(position) {
    if (this.live) this.socket?.send(JSON.stringify({ seen: position }));
    return this.live;
  }

  typing() {
    if (this.live) this.socket?.send(JSON.stringify({ typing: true }));
  }

  beat() {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      if (!this.look()) this.parts.changed({});
      this.beat();
    }, this.live ? HEARTBEAT_MS : POLL_MS);
  }
}
