// @ts-check
// The sound of one person on a call: the microphone goes to the media worker, what the others say
// comes back. With `onPicture` pictures go and come as well. It knows nothing of desks: `join(sdp)` brings the answer to an offer.

const OTHERS = 3; // people heard at once, as the worker has places for
const GATHERING_MS = 2000;
const LEVEL_MS = 200;
const VOICE = 25; // of 100: what is louder is somebody
const PAUSE_MS = 1500; // between words nobody falls silent

/** @typedef {"asking" | "connecting" | "connected" | "lost" | "closed"} LineState */

/** Why there is no sound, in words that the page translates. */
export class MicrophoneRefused extends Error {
  /** @param {string} word */
  constructor(word) {
    super(word);
    this.word = word;
  }
}

/** @param {unknown} fault */
function wordOf(fault) {
  const name = fault instanceof Error ? fault.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "microphone-denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "microphone-absent";
  if (name === "NotReadableError" || name === "AbortError") return "microphone-busy";
  return "microphone-failed";
}

/** @param {string} deviceId « » for the usual one */
export async function openMicrophone(deviceId = "") {
  if (!navigator.mediaDevices?.getUserMedia) throw new MicrophoneRefused("microphone-insecure");
  /** @type {MediaTrackConstraints} */
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  if (deviceId) audio.deviceId = { exact: deviceId };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (fault) {
    throw new MicrophoneRefused(wordOf(fault));
  }
}

export class Line {
  /**
   * @param {{
   *   join: (sdp: string) => Promise<string>,
   *   onState?: (state: LineState) => void,
   *   onLevel?: (heard: number, sent: number, speaks: boolean) => void,
   *   iceServers?: RTCIceServer[],
   *   speaks?: boolean,
   *   deviceId?: string,
   *   camera?: MediaStreamTrack,
   *   onPicture?: (place: number, track: MediaStreamTrack) => void,
   * }} options
   */
  constructor(options) {
    this.options = options;
    /** @type {RTCPeerConnection | undefined} */
    this.peer = undefined;
    /** @type {MediaStream | undefined} */
    this.microphone = undefined;
    /** @type {HTMLAudioElement[]} */
    this.players = [];
    /** @type {AnalyserNode[]} */
    this.ears = [];
    /** @type {AnalyserNode | undefined} */
    this.mouth = undefined;
    this.muted = false;
    this.closed = false;
    this.heardAt = 0;
    /** @type {RTCRtpTransceiver[]} one by place; the first also sends what this browser shows */
    this.pictures = [];
  }

  /** Ask for the microphone, then connect. Throws MicrophoneRefused, or what `join` throws. */
  async open() {
    const { speaks = true, deviceId = "", iceServers = [] } = this.options;
    this.#say("asking");
    if (speaks) this.microphone = await openMicrophone(deviceId);
    this.#say("connecting");
    const peer = new RTCPeerConnection({ iceServers });
    this.peer = peer;
    this.context = new AudioContext();
    const track = this.microphone?.getAudioTracks()[0];
    if (track && this.microphone) {
      track.enabled = !this.muted;
      peer.addTransceiver(track, { direction: "sendrecv", streams: [this.microphone] });
      this.mouth = this.#analyser(this.microphone);
    } else peer.addTransceiver("audio", { direction: "recvonly" });
    for (let place = 0; place < OTHERS; place += 1) {
      peer.addTransceiver("audio", { direction: "recvonly" });
    }
    if (this.options.onPicture) this.#addPictures(peer, speaks);
    peer.addEventListener("track", (event) => {
      if (event.track.kind === "audio") this.#hear(event.track);
      else this.options.onPicture?.(this.pictures.indexOf(event.transceiver), event.track);
    });
    peer.addEventListener("connectionstatechange", () => {
      if (this.closed) return;
      if (peer.connectionState === "connected") this.#say("connected");
      if (["failed", "disconnected"].includes(peer.connectionState)) this.#say("lost");
    });
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const sdp = await this.options.join(peer.localDescription?.sdp ?? "");
    if (this.closed) return;
    await peer.setRemoteDescription({ type: "answer", sdp });
    this.meter = setInterval(() => this.#measure(), LEVEL_MS);
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    for (const track of this.microphone?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /** Speak through another microphone from now on. @param {string} deviceId */
  async use(deviceId) {
    const fresh = await openMicrophone(deviceId);
    const track = fresh.getAudioTracks()[0];
    track.enabled = !this.muted;
    await this.peer?.getSenders()[0]?.replaceTrack(track);
    for (const old of this.microphone?.getTracks() ?? []) old.stop();
    this.microphone = fresh;
    this.mouth = this.#analyser(fresh);
  }

  /**
   * Show another camera, a screen, or nothing, from now on.
   * @param {MediaStreamTrack | null} track
   */
  async show(track) {
    await this.pictures[0]?.sender.replaceTrack(track);
  }

  /** @param {RTCPeerConnection} peer @param {boolean} shows */
  #addPictures(peer, shows) {
    const { camera } = this.options;
    for (let place = 0; place < OTHERS; place += 1) {
      const first = place === 0 && shows;
      const direction = first ? "sendrecv" : "recvonly";
      const picture = peer.addTransceiver((first && camera) || "video", { direction });
      agreeOnVp8(picture);
      this.pictures.push(picture);
    }
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.meter);
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    for (const player of this.players) player.remove();
    this.peer?.close();
    void this.context?.close();
    this.#say("closed");
  }

  /** @param {LineState} state */
  #say(state) {
    this.options.onState?.(state);
  }

  /** @param {MediaStreamTrack} track */
  #hear(track) {
    const stream = new MediaStream([track]);
    const player = new Audio();
    player.autoplay = true;
    player.srcObject = stream;
    document.body.append(player);
    player.hidden = true;
    void player.play().catch(() => {
      // Sound waits for a first touch of the page.
      document.addEventListener("click", () => void player.play(), { once: true });
    });
    this.players.push(player);
    const ear = this.#analyser(stream);
    if (ear) this.ears.push(ear);
  }

  /** @param {MediaStream} stream */
  #analyser(stream) {
    const context = this.context;
    if (!context) return undefined;
    void context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    return analyser;
  }

  #measure() {
    const heard = Math.max(0, ...this.ears.map(loudness));
    if (heard > VOICE) this.heardAt = Date.now();
    const sent = this.mouth && !this.muted ? loudness(this.mouth) : 0;
    this.options.onLevel?.(heard, sent, Date.now() - this.heardAt < PAUSE_MS);
  }
}

/** From 0 to 100, as ears judge: 60 dB below full is silence. @param {AnalyserNode} analyser */
function loudness(analyser) {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  if (power <= 1e-6) return 0;
  return Math.min(100, Math.round(((10 * Math.log10(power) + 60) / 60) * 100));
}

/** The worker passes on VP8 alone: offering no more keeps the offer short. @param {RTCRtpTransceiver} picture */
function agreeOnVp8(picture) {
  const known = RTCRtpReceiver.getCapabilities?.("video")?.codecs ?? [];
  const kept = known.filter((codec) => ["video/vp8", "video/rtx"].includes(codec.mimeType.toLowerCase()));
  if (kept.length) picture.setCodecPreferences?.(kept);
}

/** @param {RTCPeerConnection} peer */
function gathered(peer) {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHERING_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}
