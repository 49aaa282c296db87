// The page of a sealed bid: its key, its draft, its steps, and what the door answers.

import { ServerClock, left } from "./clock.js";
import { bidsOf, emptyDraft } from "./sealed_bid/draft.js";
import { BidForm, element, place } from "./sealed_bid/form.js";
import { Keep } from "./sealed_bid/keep.js";
import { confirmation, recordedKey, sealUp, withdrawal } from "./sealed_bid/sealing_up.js";
import { Door, Turned, offerFile, promisedEvents } from "./sealed_bid/sending.js";
import { BidSteps } from "./sealed_bid/steps.js";
import { missingCurves } from "./sealing/crypto.js";
import { manifestHash } from "./sealing/manifest.js";
import { keptVendorKey, newVendorKey } from "./sealing/signing.js";

/** One vendor's page of one solicitation. */
export class PageOfBid {
  #root; #say; #tender; #keep; #door; #form; #steps; #id;
  #blobs = new Map();
  #pending = null;
  #saving = Promise.resolve();

  /** @param {HTMLElement} root @param {import("./announce.js").Announcer} say */
  constructor(root, say) {
    [this.#root, this.#say] = [root, say];
    const { address, csrf, vendor, person } = root.dataset;
    this.#tender = JSON.parse(document.getElementById("tender-file").textContent);
    this.#id = this.#tender.manifests[0].tender;
    this.#keep = new Keep(`${person} ${vendor}`);
    this.#door = new Door(address, csrf);
  }

  /** Begin, where this browser can seal; else say so and name the kit. */
  async begin() {
    this.#tick();
    const missing = await missingCurves();
    place(this.#root, "without").hidden = true;
    if (missing.length) {
      place(this.#root, "unable").hidden = false;
      place(this.#root, "unable-words").textContent = `It has no ${missing.join(" and no ")}.`;
      return;
    }
    const { currency, logKey, signs } = this.#root.dataset, form = place(this.#root, "form");
    this.#form = new BidForm(form, this.#tender, currency, (draft) => this.#save(draft), (root, sealed) => this.#keepBlob(root, sealed), offerFile);
    this.#steps = new BidSteps(form, this.#tender, this.#form, currency, logKey);
    this.#form.load(await this.#kept());
    const seal = place(form, "seal");
    seal.disabled = !signs;
    seal.addEventListener("click", () => this.#working(seal, () => this.#seal()));
    this.#own();
    form.hidden = false;
    this.#root.dataset.ready = "yes";
  }

  /** Show the time left, by the server's clock. */
  #tick() {
    const told = place(this.#root, "left"), clock = new ServerClock(), until = Date.parse(told.dataset.until);
    clock.hear(told.dataset.now);
    place(this.#root, "left-row").hidden = false;
    const show = () => (clock.now() > until ? this.#due(told, timer) : void (told.textContent = left(until - clock.now())));
    const timer = setInterval(show, 500);
    show();
  }

  /** The time is over: say so, and show a little later how the bid stands. @param {any} told @param {any} timer */
  #due(told, timer) {
    clearInterval(timer);
    told.textContent = "none; bids are due";
    this.#say.now("Bids are due. Nothing is taken any more.");
    setTimeout(() => this.#refresh(), 3000);
  }

  // --- the draft -----------------------------------------------------------------------------------------------------

  async #kept() {
    try { return (await this.#keep.unlock("drafts", this.#id)) ?? emptyDraft(); } catch (error) { this.#saved("failed", error.message); return emptyDraft(); }
  }

  #save(draft) {
    this.#saved("saving", "Keeping …");
    const now = structuredClone(draft);
    this.#saving = this.#saving.then(() => this.#keep.lockAway("drafts", this.#id, now)).then(() => this.#saved("saved", "Kept in this browser"), (error) => this.#saved("failed", error.message));
  }

  #saved(state, words) {
    place(this.#root, "saved").dataset.state = state;
    place(this.#root, "saved-words").textContent = words;
    if (state === "failed") this.#say.politely("saved", words);
  }

  async #keepBlob(root, sealed) {
    this.#blobs.set(root, sealed);
    try { await this.#keep.put("blobs", root, sealed); } catch (error) { this.#saved("failed", error.message); }
  }

  // --- sealing and sending ---------------------------------------------------------------------------------------------

  /** Do something that takes a while, once at a time; a no is shown and said. @param {any} button @param {() => Promise<void>} work */
  async #working(button, work) {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    place(this.#root, "outcome").replaceChildren();
    try { await work(); } catch (error) { this.#no(error); } finally {
      button.removeAttribute("aria-disabled");
      place(this.#root, "progress").hidden = true;
    }
  }

  #stage(words, share = 0) {
    const bar = place(this.#root, "progress");
    [bar.hidden, bar.value] = [false, Math.round(share * 100)];
    bar.textContent = place(this.#root, "stage").textContent = words;
    this.#say.politely("stage", words.replace(/: \d+ %$/, ""));
  }

  async #seal() {
    const { faults } = await this.#steps.check();
    if (faults.length || this.#steps.trust.refusals.length) return this.#steps.go("check");
    const mine = await this.#current(), key = await this.#key(mine);
    const { draft } = this.#form, said = JSON.stringify(draft);
    if (this.#pending?.said !== said) this.#pending = { said, commit: await this.#sealed(mine, key, draft) };
    const { commit } = this.#pending;
    await this.#upload(commit.roots, new Set(mine.blobs));
    this.#stage("Sending the sealed envelopes", 0.95);
    const answer = await this.#door.signed("commit", commit.bytes);
    this.#pending = null;
    await this.#done(commit, answer);
  }

  /** How we stand, and that the solicitation is still the one on this page; throws Turned. */
  async #current() {
    this.#stage("Asking how your bid stands", 0.02);
    const mine = await this.#door.mine();
    if (mine.manifest !== await manifestHash(this.#tender.manifests.at(-1))) throw new Turned(409, "An addendum changed the solicitation just now. Your draft is kept: load this page again, read the addendum, and seal then.");
    return mine;
  }

  /** The signing key, made and put on record where there is none. */
  async #key(mine) {
    const kept = await this.#keep.get("keys", "signing").catch(() => undefined);
    const key = kept ? { key: kept, ...await keptVendorKey(kept) } : await newVendorKey();
    if (!kept) await this.#keep.put("keys", "signing", key.key).catch(() => {});
    if (!mine.keys.includes(key.kid)) {
      this.#stage("Putting your signing key on record", 0.04);
      await this.#door.send("key", new Blob([JSON.stringify(recordedKey(key))]));
    }
    return key;
  }

  async #sealed(mine, key, draft) {
    const lastRev = (lot, env) => mine.revs[`${lot}/${env}`] ?? 0, bids = bidsOf(this.#tender, draft);
    this.#stage("Sealing", 0.06);
    const commit = await sealUp(this.#tender.manifests.at(-1), mine.manifest, mine.vendor, lastRev, bids, key, (done, all) => this.#stage(`Sealing: ${Math.floor((100 * done) / all)} %`, 0.06 + (0.14 * done) / all));
    const before = await this.#keep.unlock("copies", this.#id).catch(() => []);
    await this.#keep.lockAway("copies", this.#id, [...(before ?? []), ...commit.copies]).catch((error) => this.#saved("failed", error.message));
    return commit;
  }

  async #upload(roots, held) {
    for (const root of roots.filter((each) => !held.has(each))) {
      const sealed = this.#blobs.get(root) ?? await this.#keep.get("blobs", root).catch(() => undefined);
      if (!sealed) throw new Turned(0, "An attachment is no longer kept in this browser. Remove it, attach the file again, then seal.");
      await this.#door.send(`blobs/${root}`, sealed, "PUT", (done, all) => this.#stage(`Uploading attachments: ${Math.floor((100 * done) / all)} %`, 0.2 + (0.7 * done) / all));
    }
  }

  async #done(commit, { archive, texts }) {
    const events = await promisedEvents(texts, this.#tender.manifests.at(-1).log);
    const at = new Date(events[0].received_at).toLocaleString("en-US", { timeZone: this.#root.dataset.zone, dateStyle: "medium", timeStyle: "long" });
    this.#stage("Received", 1);
    const told = element("div", "", "band band-board"), words = element("div", "", "band-words"), actions = element("p", "", "actions");
    words.append(element("p", `Received ${at}. Your bid is in the box, sealed.`), element("p", `Envelopes: ${commit.eids.map((each) => each.slice(0, 8)).join(", ")}.`), element("p", "Until bids are due you can replace it or withdraw it. It is opened in public at the opening; save both files now, and keep your own copy secret until then."), actions);
    actions.append(this.#button("Save the receipt", () => offerFile(`receipt-${this.#id}.zip`, archive)), this.#button("Save my own copy", () => offerFile(`own-copy-${this.#id}.json`, new Blob([JSON.stringify(commit.copies)], { type: "application/json" }))));
    told.append(words);
    this.#steps.rest();
    this.#show(told);
    this.#say.now(`Received ${at}. Your bid is in the box, sealed.`);
    await this.#refresh();
  }

  #button(words, work) {
    const made = element("button", words, "button button-quiet");
    made.type = "button";
    made.addEventListener("click", work);
    return made;
  }

  #show(told) {
    const outcome = place(this.#root, "outcome");
    outcome.replaceChildren(told);
    outcome.focus();
  }

  #no(error) {
    const words = error instanceof Error ? error.message : String(error), told = element("div", "", "band band-alarm"), inside = element("div", "", "band-words");
    const promise = error instanceof Turned ? error.said.promise : null;
    inside.append(element("p", `Not sent. ${words}`));
    if (promise) inside.append(this.#button("Save the receipt of the refusal", () => offerFile(`refusal-${this.#id}.promise`, new Blob([promise]))));
    if (error instanceof Turned && error.status === 409) this.#pending = null;
    told.append(inside);
    this.#stage("", 0);
    this.#show(told);
    this.#say.now(`Not sent. ${words}`);
  }

  // --- what the host holds ---------------------------------------------------------------------------------------------

  /** Load anew what stands above the form. */
  async #refresh() {
    const answer = await fetch(this.#root.dataset.address), text = await answer.text();
    const made = new DOMParser().parseFromString(text, "text/html").querySelector(".own-bid"), old = this.#root.querySelector(".own-bid");
    if (made) old.replaceWith(document.importNode(made, true));
    if (this.#form) this.#own();
  }

  #own() {
    const withdraw = place(this.#root, "withdraw"), confirm = place(this.#root, "confirm");
    if (withdraw) [withdraw.hidden, withdraw.onclick] = [false, () => this.#ask("Withdraw your bid?", "All of your envelopes are taken out of the count. They stay sealed and are never opened. You can seal a new bid until bids are due.", "Withdraw my bid", () => this.#working(withdraw, () => this.#signed("withdraw", "withdrawable", "Your bid is withdrawn. It stays sealed and is never opened.")))];
    if (confirm) [confirm.hidden, confirm.onclick] = [false, () => this.#working(confirm, () => this.#signed("acknowledge", "stale", "Your envelopes are confirmed under the solicitation as it now stands."))];
  }

  #ask(title, words, yes, work) {
    const dialog = place(this.#root, "ask");
    for (const [name, text] of Object.entries({ "ask-title": title, "ask-words": words, "ask-yes": yes })) place(dialog, name).textContent = text;
    place(dialog, "ask-yes").onclick = () => { dialog.close(); work(); };
    place(dialog, "ask-no").onclick = () => dialog.close();
    dialog.showModal();
    place(dialog, "ask-no").focus();
  }

  async #signed(path, which, words) {
    const mine = await this.#current(), key = await this.#key(mine), eids = mine[which];
    const bytes = path === "withdraw" ? await withdrawal(key, eids) : await confirmation(key, eids, mine.manifest);
    const { archive } = await this.#door.signed(path, bytes);
    const told = element("div", "", "band band-board"), inside = element("div", "", "band-words");
    inside.append(element("p", words), this.#button("Save the receipt", () => offerFile(`receipt-${this.#id}.zip`, archive)));
    told.append(inside);
    await this.#refresh();
    this.#root.querySelector(".own-bid").append(told);
    this.#say.now(words);
  }
}
