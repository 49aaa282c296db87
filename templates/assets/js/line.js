// The line to the server: says hello with the last fact seen, notices at once when nothing is heard, comes back by itself,
// and sends an unanswered bid again under the same id, so that it counts once.

/** @typedef {"joining" | "live" | "offline" | "ended"} LineState */
/** @typedef {{k: string, t?: string, [more: string]: any}} Frame */
/** @typedef {{id: string, lot: string, amount: string, rules: string, confirm?: {amount: string, own: number}}} Bid */

export const DEAD_AFTER = 5000;
const PING_EVERY = 2000;
const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;
/** Close codes after which coming back is of no use. */
export const FINAL = new Set([4400, 4401, 4403, 4404]);

export class Line {
  /** @type {LineState} */
  state = "joining";
  /** @type {Map<string, Bid>} bids without an answer yet */
  unanswered = new Map();
  /** Number of the last fact heard. */
  last = 0;
  /** Round trip in milliseconds, null before the first. @type {number | null} */
  trip = null;
  #path;
  #hear;
  #tell;
  /** @type {WebSocket | null} */
  #socket = null;
  #tries = 0;
  #heardAt = 0;
  #brokenAt = performance.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;

  /**
   * @param {string} path @param {(frame: Frame) => void} hear
   * @param {(state: LineState, code: number) => void} tell
   */
  constructor(path, hear, tell) {
    this.#path = path;
    this.#hear = hear;
    this.#tell = tell;
  }

  open() {
    this.#connect();
    setInterval(() => this.#watch(), 1000);
    setInterval(() => this.#ping(), PING_EVERY);
    addEventListener("online", () => this.#hurry());
    addEventListener("pageshow", (event) => event.persisted && this.#hurry());
    document.addEventListener("visibilitychange", () => !document.hidden && this.#watch());
  }

  /** Milliseconds since the line was last good; 0 while it is. @returns {number} */
  get brokenFor() {
    return this.state === "live" ? 0 : performance.now() - this.#brokenAt;
  }

  /** Send a bid; it is kept until it is answered, and sent again after a broken line. @param {Bid} bid */
  bid(bid) {
    this.unanswered.set(bid.id, bid);
    if (this.state === "live") this.#send({ k: "bid", ...bid });
  }

  /** Note that a bid is answered. @param {string | null | undefined} id @returns {Bid | undefined} */
  answered(id) {
    const bid = this.unanswered.get(id ?? "");
    if (bid) this.unanswered.delete(bid.id);
    return bid;
  }

  #connect() {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${this.#path}`);
    this.#socket = socket;
    this.#heardAt = performance.now();
    socket.onopen = () => this.#send({ k: "hello", last: this.last });
    socket.onmessage = (event) => socket === this.#socket && this.#receive(String(event.data));
    socket.onclose = (event) => socket === this.#socket && this.#lost(event.code);
  }

  /** @param {string} text */
  #receive(text) {
    const frame = /** @type {Frame} */ (JSON.parse(text));
    // A line that never welcomed us is as good as dead, whatever else it says.
    if (this.state === "live" || frame.k === "welcome") this.#heardAt = performance.now();
    if (frame.k === "news") return this.#news(frame);
    if (frame.k === "pong") this.trip = Math.max(0, Math.round(performance.now() - frame.c));
    this.#hear(frame);
    if (frame.k === "welcome") this.#welcome();
  }

  /** Hand the parts of a news frame on, one by one: how the lots stand, then what happened. @param {Frame} frame */
  #news(frame) {
    const { t, board, you, desk, connected, first, facts } = frame;
    if (board) this.#hear({ k: "board", t, lots: board });
    if (you) this.#hear({ k: "you", t, lots: you });
    if (desk || connected) this.#hear({ k: "desk", t, lots: desk, connected });
    if (!facts) return;
    this.last = first + facts.length - 1;
    this.#hear({ k: "facts", t, first, facts });
  }

  #welcome() {
    this.#tries = 0;
    this.#become("live", 0);
    this.#ping();
    for (const bid of this.unanswered.values()) this.#send({ k: "bid", ...bid });
  }

  #watch() {
    if (this.state !== "ended" && this.#socket && performance.now() - this.#heardAt > DEAD_AFTER) this.#lost(4408);
  }

  #ping() {
    if (this.state === "live") this.#send({ k: "ping", c: Math.round(performance.now()) });
  }

  /** @param {number} code */
  #lost(code) {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.trip = null;
    if (FINAL.has(code)) return this.#become("ended", code);
    this.#become("offline", code);
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#tries) * (0.5 + Math.random() / 2);
    this.#tries += 1;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#connect(), code === 4429 ? LONGEST_WAIT : wait);
  }

  #hurry() {
    if (this.state !== "offline" || this.#socket) return;
    clearTimeout(this.#again);
    this.#connect();
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** @param {LineState} state @param {number} code */
  #become(state, code) {
    if (this.state === "live") this.#brokenAt = performance.now();
    this.state = state;
    this.#tell(state, code);
  }
}

/** A new id for a bid. @returns {string} */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `w-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
