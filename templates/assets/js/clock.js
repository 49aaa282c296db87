// The server's clock, kept by what its frames say, and time left by it: right even where this computer's clock is wrong.

/** Milliseconds of an RFC 3339 time; finer digits are cut. @param {string | null | undefined} iso @returns {number | null} */
export function instant(iso) {
  const value = Date.parse((iso ?? "").replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(value) ? null : value;
}

export class ServerClock {
  /** @type {number | null} */
  #offset = null;
  #steady;

  /** @param {() => number} [steady] milliseconds that never jump */
  constructor(steady = () => performance.now()) {
    this.#steady = steady;
  }

  /** Milliseconds now, by the server. @returns {number} */
  now() {
    return this.#steady() + (this.#offset ?? 0);
  }

  /**
   * Learn from a time that the server sent: by now it is at least that late there, and, where the whole round trip is known,
   * at most that much later. What is believed is moved only as far as these bounds ask.
   * @param {string | null | undefined} iso @param {number} [trip] milliseconds
   */
  hear(iso, trip) {
    const said = instant(iso);
    if (said === null) return;
    const low = said - this.#steady();
    const high = trip === undefined ? Infinity : low + trip;
    this.#offset = Math.min(Math.max(this.#offset ?? low + (trip ?? 0) / 2, low), high);
  }
}

/** Time left in words of a clock: "2:47", "1:02:47", "3 d 4 h". @param {number} milliseconds @returns {string} */
export function left(milliseconds) {
  const all = Math.max(0, Math.ceil(milliseconds / 1000));
  const pad = (/** @type {number} */ n) => String(n).padStart(2, "0");
  if (all >= 86_400) return `${Math.floor(all / 86_400)} d ${Math.floor((all % 86_400) / 3600)} h`;
  const hours = Math.floor(all / 3600), minutes = Math.floor((all % 3600) / 60);
  return hours ? `${hours}:${pad(minutes)}:${pad(all % 60)}` : `${minutes}:${pad(all % 60)}`;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const writers = new Map();

/** @param {string} zone @param {Intl.DateTimeFormatOptions} how @returns {Intl.DateTimeFormat} */
function writer(zone, how) {
  const key = zone + JSON.stringify(how);
  const known = writers.get(key) ?? new Intl.DateTimeFormat("en-US", { timeZone: zone, ...how });
  writers.set(key, known);
  return known;
}

const HANDS = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** "10:32:00". @param {string | null | undefined} iso @param {string} zone @returns {string} */
export function hands(iso, zone) {
  const moment = instant(iso);
  return moment === null ? "—" : writer(zone, HANDS).format(moment);
}

/** "10:32:00 EST", with the day before it when that is not today. @param {string | null | undefined} iso @param {string} zone @param {number} [now] @returns {string} */
export function at(iso, zone, now) {
  const moment = instant(iso);
  if (moment === null) return "—";
  const day = writer(zone, { weekday: "short", month: "short", day: "numeric" });
  const other = now !== undefined && day.format(moment) !== day.format(now);
  const name = writer(zone, { timeZoneName: "short" }).formatToParts(moment).find((part) => part.type === "timeZoneName");
  return `${other ? `${day.format(moment)}, ` : ""}${hands(iso, zone)} ${name?.value ?? ""}`.trim();
}
