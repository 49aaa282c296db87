// Step 2: what is accepted is shown from the very manifest that is signed; an addendum likewise.

import { acceptMessage, addendumMessage, chainFaults, committeeCode, manifestFaults, manifestHash, oneOrganisation } from "../sealing/manifest.js";
import { toldFaults } from "../sealing/shape.js";
import { on, one, part, rows, show, when, write } from "./screen.js";

/** @param {import("./desk.js").Desk} desk */
export function termsStep(desk) {
  const here = part(desk.root, "terms"), addendum = part(desk.root, "addendum");
  desk.painters.push(() => { void paintTerms(desk, here).catch(desk.wrong); void paintAddendum(desk, addendum).catch(desk.wrong); });
  on(here, "accept", async () => {
    const { keys } = await desk.unlocked(), { draft } = desk.state, name = await manifestHash(draft);
    isMine(keys, draft);
    const faults = await manifestFaults(draft);
    if (faults.length) throw new Error(`This cannot be accepted: ${toldFaults(faults)}.`);
    await desk.send("accept", { manifest: name, sig: await keys.sign(acceptMessage(name)) }, "You have accepted.");
  }, desk.wrong);
  on(addendum, "addendum", async () => {
    const { keys } = await desk.unlocked(), { addendum: next, manifests } = desk.state, name = await manifestHash(next);
    isMine(keys, next);
    const faults = await chainFaults([...manifests, next]);
    if (faults.length) throw new Error(`This addendum cannot be signed: ${toldFaults(faults)}.`);
    await desk.send("addendum", { manifest: name, sig: await keys.sign(addendumMessage(name)) }, "You have signed the addendum.");
  }, desk.wrong);
}

/** The keys in hand must be those that are named; else somebody else could open in one's name. @param {import("../sealing/officer.js").OfficerKeys} keys @param {any} manifest */
function isMine(keys, manifest) {
  const found = manifest.officers.some((/** @type {any} */ each) => each.kid === keys.kid && each.pk === keys.pk && each.vk === keys.vk);
  if (!found) throw new Error("This names other keys for you than the ones you just unlocked. Do not accept it; tell the lead and the other officers.");
}

/** @param {import("./desk.js").Desk} desk @param {HTMLElement} here */
async function paintTerms(desk, here) {
  const { draft, manifests, drilled, acceptances, seat } = desk.state, manifest = draft ?? manifests[0];
  here.hidden = false;
  if (!manifest) {
    write(here, "why", drilled ? "The lead sends you the solicitation as soon as a second person has approved it." : "First make your key.");
    return show(here, "wait");
  }
  const mine = acceptances.some((/** @type {any} */ each) => each.x === seat);
  await paintManifest(desk, here, manifest, []);
  one(here, "[data-committee]").textContent = await committeeCode(manifest);
  one(here, "[data-one-house]").hidden = !oneOrganisation(manifest);
  one(here, '[data-act="accept"]').hidden = mine || !drilled;
  write(here, "lead", mine ? "This is what you accepted:" : "Read it. With your key you sign that these are the officers, the times and the documents. It is published when every officer has accepted.");
  write(here, "words", mine ? "You have accepted." : "");
  show(here, "terms", ...(mine ? ["accepted"] : []));
}

/** @param {import("./desk.js").Desk} desk @param {HTMLElement} here */
async function paintAddendum(desk, here) {
  const { addendum, manifests, signed, closed } = desk.state;
  here.hidden = !addendum || signed || closed;
  if (!here.hidden) await paintManifest(desk, here, addendum, termsOf(manifests.at(-1), desk.zone));
}

/** @param {import("./desk.js").Desk} desk @param {HTMLElement} here @param {any} manifest @param {[string, string | string[]][]} before */
async function paintManifest(desk, here, manifest, before) {
  const old = new Map(before.map(([name, said]) => [name, [said].flat().join(" · ")]));
  const told = termsOf(manifest, desk.zone).map(([name, said]) => {
    const now = [said].flat(), was = old.get(name);
    return /** @type {[string, string[]]} */ ([name, was === undefined || was === now.join(" · ") ? now : [...now, `Changed. Before: ${was}`]]);
  });
  rows(desk.root, one(here, "[data-terms]"), told);
  one(here, "[data-print]").textContent = `Fingerprint ${await manifestHash(manifest)}`;
}

/** @param {any} m @param {string} zone @returns {[string, string | string[]][]} */
function termsOf(m, zone) {
  return [
    ["Title", m.title],
    ["Bids are due", when(m.closes_at, zone)],
    ["Bids are opened", when(m.opens_at, zone)],
    ["Envelopes", m.envs.length > 1 ? "The technical part, then the prices" : "Prices"],
    ["Lots", m.lots.map((/** @type {any} */ lot, /** @type {number} */ i) => `${i + 1}. ${lot.title}`)],
    [`Officers, ${m.quorum} open together`, m.officers.map((/** @type {any} */ each) => `${each.x}. ${each.name}, ${each.org}`)],
    ["Documents", m.docs.length ? m.docs.map((/** @type {any} */ each) => `${each.name}, ${each.len.toLocaleString("en-US")} bytes`) : "None"],
    ["Late bids", m.rules.late === "hold" ? "Kept sealed, never opened" : "Not taken"],
    ["After an addendum", m.rules.material === "keep" ? "Bids count as they were sealed" : "Bids must be confirmed or replaced"],
    ["Public log", m.log.origin],
  ];
}
