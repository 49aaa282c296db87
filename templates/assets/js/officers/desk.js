// What the steps share: the state as the server last told it, the vault, and saying what happened.

import { Refused } from "./post.js";
import { one, write } from "./screen.js";
import { unlock } from "./unlock.js";
import { Vault } from "./vault.js";
import { Line } from "./post.js";

/** Somebody chose not to unlock now; nothing is to be said. */
export class NotNow extends Error {}

/** The console of one solicitation. */
export class Desk {
  /** @type {any} */ state = null;
  /** @type {(() => void)[]} */ painters = [];
  /** @type {"code" | "passkey" | null} */ how = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    const { event = "", person = "", token = "", zone = "UTC", name = "" } = root.dataset;
    this.root = root;
    this.event = event;
    this.person = person;
    this.zone = zone;
    this.name = name;
    this.line = new Line(event, token);
    this.vault = new Vault(person, event);
    this.wrong = this.wrong.bind(this);
  }

  /** Ask where it stands, and paint every step anew. */
  async reload() {
    this.state = await this.line.get("state.json");
    for (const paint of this.painters) paint();
  }

  /** Send something, and look again. @param {string} path @param {unknown} said @param {string} done what to say then */
  async send(path, said, done) {
    const answer = await this.line.post(path, said);
    this.calm();
    await this.reload();
    this.say(done);
    return answer;
  }

  /** The keys, unlocked now where they are not yet. @returns {Promise<import("./vault.js").Held>} */
  async unlocked() {
    if (this.vault.held) return this.vault.held;
    const { records, kid } = this.state, creds = records.prf.map((/** @type {any} */ each) => each.cred);
    const hold = async (/** @type {Uint8Array} */ uk) => { await this.vault.hold(uk, kid, records); };
    const byPasskey = creds.length ? async (/** @type {any} */ found) => hold(await this.vault.byPasskey(found.cred, found.output, records)) : null;
    this.how = await unlock(this.root, async (text) => hold(await this.vault.byCode(text, records)), byPasskey, creds);
    if (!this.vault.held) throw new NotNow();
    return this.vault.held;
  }

  /** Say quietly that something went well. @param {string} words */
  say(words) {
    one(this.root, "[data-news]").textContent = words;
  }

  /** Nothing is wrong any more. */
  calm() {
    one(this.root, "[data-trouble]").hidden = true;
  }

  /** Say what went wrong. @param {unknown} error */
  wrong(error) {
    if (error instanceof NotNow) return;
    const trouble = one(this.root, "[data-trouble]");
    write(trouble, "words", error instanceof Error ? error.message : String(error));
    trouble.hidden = false;
    trouble.scrollIntoView({ block: "nearest" });
    if (!(error instanceof Refused) && !(error instanceof Error)) throw error;
  }
}
