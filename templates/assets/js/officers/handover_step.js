// Handing a seat over: one officer seals the seat's secret to another's key; both do their part in their own browser.

import { randomBytes } from "../sealing/crypto.js";
import { lockRecord, officerKeys } from "../sealing/officer.js";
import { makeRewrap, takeRewrap } from "../sealing/rewrap.js";
import { on, one, part, show, write } from "./screen.js";

/** @param {import("./desk.js").Desk} desk */
export function handoverStep(desk) {
  const here = part(desk.root, "handover");
  desk.painters.push(() => paint(desk, here));
  on(here, "name", async () => {
    const { value } = /** @type {HTMLSelectElement} */ (one(here, "select"));
    if (!value) throw new Error("Choose who takes your seat.");
    await desk.send("handover/name", { person: value }, "Your successor is named. Tell them to open the console.");
  }, desk.wrong);
  on(here, "end", async () => { await desk.send("handover/name", { person: "" }, "The hand-over is ended. You keep your seat."); }, desk.wrong);
  on(here, "give", async () => {
    const { os } = await desk.unlocked(), { x, to } = desk.state.handover;
    const made = await makeRewrap(os, desk.event, x, to, randomBytes(32));
    await desk.send("handover/give", made, "Handed over. Your successor takes the seat in the console; until then it is yours.");
  }, desk.wrong);
  on(here, "take", () => take(desk), desk.wrong);
}

/** Open what was sealed for me, lock it by my own code, and sign. @param {import("./desk.js").Desk} desk */
async function take(desk) {
  const { uk, keys } = await desk.unlocked(), { rewrap, kid, x } = desk.state.handover;
  const seat = desk.state.manifests[0].officers[x - 1];
  const { os, to_sig: signed } = await takeRewrap(keys, rewrap), own = await officerKeys(desk.event, os);
  if (seat.kid !== kid || own.pk !== seat.pk || own.vk !== seat.vk) throw new Error("These are not the keys of this seat. Do not take it; tell the lead.");
  const record = await lockRecord({ kind: "os", officer: desk.person, tender: desk.event, kid }, uk, os, randomBytes(12));
  desk.vault.forget();
  await desk.send("handover/take", { to_sig: signed, record }, "The seat is yours. Try your recovery code once more for it.");
}

/** @param {import("./desk.js").Desk} desk @param {HTMLElement} here */
function paint(desk, here) {
  const { handover: held, drilled } = desk.state;
  here.hidden = !held;
  if (!held) return;
  if (held.role === "officer") { offer(here, held.people); return show(here, "offer"); }
  const { name, org, leaver_name: leaver, to, rewrap } = held;
  if (held.role === "leaver") {
    write(here, "leaving", rewrap ? `${name}, ${org}, has to take the seat in the console.` : to ? `${name}, ${org}, has made a key. Hand the seat over now.` : `${name}, ${org}, has to make a key in the console first.`);
    one(here, '[data-act="give"]').hidden = !to || Boolean(rewrap);
    return show(here, "leaving");
  }
  write(here, "taking", !to || !drilled ? `${leaver} hands you a seat. First make your key and try your code.` : !rewrap ? `${leaver} hands you a seat, and has to seal it for your key first.` : `${leaver} has sealed the seat for your key.`);
  one(here, '[data-act="take"]').hidden = !rewrap || !drilled;
  show(here, "taking");
}

/** Who may be chosen; what was chosen stays. @param {HTMLElement} here @param {Record<string, string>} people */
function offer(here, people) {
  const list = /** @type {HTMLSelectElement} */ (one(here, "select")), chosen = list.value;
  list.replaceChildren(...Object.entries({ "": "Choose one", ...people }).map(([value, words]) => new Option(words, value, false, value === chosen)));
}
