// Saving a draft as it is typed: one save at a time, tried again until it is taken, and kept in this browser until then.

/** @typedef {import("./schedule_row.js").Row} Row */
/** @typedef {import("./schedule_row.js").Told} Told */
/** @typedef {{at: string, worth: string, sum: {revision: number, priced: number, no_bids: number, faulty: number, open: number, total: string, ceiling: string | null, above: boolean}, lines: Told[], conflicts: Told[], news: Told[]}} Answer */

const QUIET_MS = 700, AGAIN_MS = [1000, 3000, 8000, 20_000];

export class Saver {
  #address; #csrf; #shown; #heard; #key;
  /** @type {Set<Row>} */ #waiting = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #busy = false;
  #failed = 0;
  #revision;

  /** @param {{address: string, csrf: string, revision: number, shown: (state: string, words: string) => void, heard: (answer: Answer, sent: Row[]) => void}} given */
  constructor({ address, csrf, revision, shown, heard }) {
    this.#address = address;
    this.#csrf = csrf;
    this.#revision = revision;
    this.#shown = shown;
    this.#heard = heard;
    this.#key = `tenderbell.draft.${address}`;
    addEventListener("online", () => this.#soon(0));
    addEventListener("beforeunload", (event) => { if (this.unsaved && this.#failed) event.preventDefault(); });
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.#soon(0); });
  }

  get waits() { return this.#waiting.size > 0; }

  get unsaved() { return this.#busy || this.#waiting.size > 0; }

  /** A line was changed. @param {Row} row */
  changed(row) {
    this.#waiting.add(row);
    this.#keep(row);
    this.#shown("saving", "Saving…");
    this.#soon(QUIET_MS);
  }

  /** Lines that this browser kept because they could not be sent. @returns {Record<string, {version: string, said: Record<string, string>}>} */
  kept() {
    try { return JSON.parse(localStorage.getItem(this.#key) ?? "{}"); } catch { return {}; }
  }

  /** @param {Row} row */
  #keep(row) {
    this.#store({ ...this.kept(), [row.line]: { version: row.version, said: row.values() } });
  }

  /** @param {Record<string, unknown>} lines */
  #store(lines) {
    try {
      if (Object.keys(lines).length) localStorage.setItem(this.#key, JSON.stringify(lines));
      else localStorage.removeItem(this.#key);
    } catch { /* a private window: the server alone keeps it */ }
  }

  /** @param {string[]} lines */
  forget(lines) {
    const left = this.kept();
    for (const line of lines) delete left[line];
    this.#store(left);
  }

  /** Send what waits before the page goes; the answer is not waited for. */
  flush() {
    if (!this.#waiting.size) return;
    navigator.sendBeacon(`${this.#address}/rows`, this.#form([...this.#waiting]));
  }

  /** @param {Row[]} rows */
  #form(rows) {
    const form = new URLSearchParams({ csrf: this.#csrf, since: String(this.#revision) });
    for (const row of rows) row.into(form);
    return form;
  }

  /** @param {number} ms */
  #soon(ms) {
    clearTimeout(this.#timer);
    if (this.#waiting.size) this.#timer = setTimeout(() => { void this.#send(); }, ms);
  }

  async #send() {
    if (this.#busy) return;
    const rows = [...this.#waiting];
    this.#waiting.clear();
    this.#busy = true;
    try {
      const answer = await fetch(`${this.#address}/rows`, { method: "POST", body: this.#form(rows), headers: { accept: "application/json" } });
      if (!answer.headers.get("content-type")?.startsWith("application/json")) throw new Refusal(answer.status);
      const told = /** @type {Answer} */ (await answer.json());
      this.#failed = 0;
      this.#revision = told.sum.revision;
      this.forget(rows.filter((row) => !this.#waiting.has(row)).map((row) => row.line));
      this.#heard(told, rows);
    } catch (error) {
      for (const row of rows) this.#waiting.add(row);
      this.#fail(error);
    } finally {
      this.#busy = false;
      if (this.#waiting.size && !this.#failed) this.#soon(QUIET_MS);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    const status = error instanceof Refusal ? error.status : 0;
    if ([401, 403, 404, 409].includes(status)) {
      this.#failed = AGAIN_MS.length;
      return this.#shown("failed", status === 409 ? "The lot has opened; no longer saved" : "Not saved: sign in again in another tab");
    }
    const wait = AGAIN_MS[Math.min(this.#failed, AGAIN_MS.length - 1)] ?? 20_000;
    this.#failed += 1;
    this.#shown("failed", "Not saved yet; kept here, trying again");
    this.#soon(wait);
  }
}

class Refusal extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`Answer ${status}`);
    this.status = status;
  }
}
