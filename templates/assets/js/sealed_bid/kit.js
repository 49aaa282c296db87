// The kit: a bid is filled in, checked and sealed with no server at hand; what it saves is uploaded later.

import { b64u, unb64u, utf8 } from "../sealing/bytes.js";
import { handIn, missingCurves, randomBytes } from "../sealing/crypto.js";
import { vendorKeyOf } from "../sealing/signing.js";
import { bidsOf, emptyDraft } from "./draft.js";
import { BidForm, element, place } from "./form.js";
import { Keep } from "./keep.js";
import { recordedKey, sealUp } from "./sealing_up.js";
import { offerFile } from "./sending.js";
import { BidSteps } from "./steps.js";
import { zipOf } from "./zip.js";

/** The kit of one vendor for one solicitation. */
export class SealingKit {
  #root; #tender; #own; #keep; #form; #steps; #id;
  #blobs = new Map();

  /** @param {HTMLElement} root @param {any} tender @param {any} own how the vendor stood when the kit was saved */
  constructor(root, tender, own) {
    [this.#root, this.#tender, this.#own, this.#id] = [root, tender, own, tender.manifests[0].tender];
    this.#keep = new Keep(`kit ${own.vendor}`, "tenderbell-kit");
  }

  /** Begin; a browser without the curves uses the library that the kit brings along. @param {any} noble */
  async begin(noble) {
    if ((await missingCurves()).length) handIn(noble);
    const { currency, logKey } = this.#root.dataset;
    this.#form = new BidForm(this.#root, this.#tender, currency, (draft) => this.#save(draft), async (root, sealed) => { this.#blobs.set(root, sealed); await this.#keep.put("blobs", root, sealed).catch(() => {}); }, offerFile);
    this.#steps = new BidSteps(this.#root, this.#tender, this.#form, currency, logKey);
    this.#form.load((await this.#keep.unlock("drafts", this.#id).catch(() => undefined)) ?? emptyDraft());
    place(this.#root, "seal").addEventListener("click", () => this.#seal().catch((error) => this.#tell("alarm", [error.message])));
    place(this.#root, "without").hidden = true;
    this.#root.dataset.ready = "yes";
  }

  async #save(draft) {
    const kept = await this.#keep.lockAway("drafts", this.#id, draft).then(() => true, () => false);
    place(this.#root, "saved").dataset.state = kept ? "saved" : "failed";
    place(this.#root, "saved-words").textContent = kept ? "Kept in this browser" : "Not kept: do not close this page before you have saved the sealed file";
  }

  async #key() {
    const kept = await this.#keep.unlock("keys", "seed").catch(() => undefined), seed = kept ? unb64u(kept, 32) : randomBytes(32);
    if (!kept) await this.#keep.lockAway("keys", "seed", b64u(seed)).catch(() => {});
    return vendorKeyOf(seed);
  }

  async #seal() {
    const { faults } = await this.#steps.check();
    if (faults.length || this.#steps.trust.refusals.length) return this.#steps.go("check");
    const key = await this.#key(), replaced = Number(place(this.#root, "replaces").value) || 0;
    const lastRev = (lot, env) => Math.max(replaced, this.#own.revs[`${lot}/${env}`] ?? 0), bids = bidsOf(this.#tender, this.#form.draft);
    const commit = await sealUp(this.#tender.manifests.at(-1), this.#steps.trust.mh, this.#own.vendor, lastRev, bids, key);
    const blobs = await Promise.all(commit.roots.map(async (root) => [`blobs/${root}`, await this.#blob(root)]));
    const zip = await zipOf([["commit.json", commit.bytes], ["key.json", utf8(JSON.stringify(recordedKey(key)))], ...blobs]);
    offerFile(`sealed-bid-${this.#id}.zip`, zip);
    this.#tell("board", ["Sealed. Upload the file sealed-bid-… on your bid’s page before bids are due; only then does it count.", `Envelopes: ${commit.eids.map((each) => each.slice(0, 8)).join(", ")}.`], commit.copies, zip);
  }

  async #blob(root) {
    const sealed = this.#blobs.get(root) ?? await this.#keep.get("blobs", root).catch(() => undefined);
    if (!sealed) throw new Error("An attachment is no longer kept in this browser. Remove it, attach the file again, then seal.");
    return sealed;
  }

  #tell(tone, sentences, copies = null, zip = null) {
    const told = element("div", "", `band band-${tone}`), words = element("div", "", "band-words");
    words.append(...sentences.map((each) => element("p", each)));
    if (copies) words.append(saver("Save the sealed file again", `sealed-bid-${this.#id}.zip`, zip), saver("Save my own copy", `own-copy-${this.#id}.json`, new Blob([JSON.stringify(copies)], { type: "application/json" })));
    told.append(words);
    place(this.#root, "outcome").replaceChildren(told);
    place(this.#root, "outcome").focus();
  }
}

/** A button that saves a file. @param {string} words @param {string} name @param {Blob} blob @returns {HTMLElement} */
function saver(words, name, blob) {
  const made = element("button", words, "button button-quiet");
  made.type = "button";
  made.addEventListener("click", () => offerFile(name, blob));
  return made;
}

/** Start the kit that is in this document. @param {any} noble the curves that it brings along */
export function startKit(noble) {
  const root = document.querySelector("[data-kit]"), read = (id) => JSON.parse(document.getElementById(id).textContent);
  new SealingKit(root, read("tender-file"), read("own-state")).begin(noble);
}
