// Step 3: the console verifies the close by itself, names every reason to refuse, and only then releases shares.

import { verifyClose } from "../sealing/closing.js";
import { dueSet, makeRelease, rescueMessage, stageMessage, unopenableMessage } from "../sealing/release.js";
import { item, on, one, part, show, when, write } from "./screen.js";

const SEEN = "tenderbell.officers.seen";

/** @param {import("./desk.js").Desk} desk */
export function openStep(desk) {
  const here = part(desk.root, "open");
  /** @type {{given: any, closed: any, close: any} | null} */ let verified = null;
  desk.painters.push(() => paint(desk, here, verified));
  on(here, "check", async () => {
    desk.vault.forget();
    const { keys } = await desk.unlocked(), way = desk.how === "passkey" ? "prf" : "code";
    await desk.send("drill", { names: [way, `os:${keys.kid}`] }, "Your key opens. You are ready for the opening.");
  }, desk.wrong);
  on(here, "verify", async () => {
    verified = null;
    const found = await verify(desk, here);
    if (!found) return;
    verified = found;
    paint(desk, here, verified);
  }, desk.wrong);
  on(here, "release", async () => {
    if (!verified) return;
    const { keys } = await desk.unlocked(), { seat, stage, passed } = desk.state;
    const due = dueSet(verified.closed, stage, passed), envelopes = new Map(Object.entries(verified.given.envelopes));
    const release = await makeRelease(keys, seat, stage, verified.close, desk.state.now, due, envelopes);
    const answer = await desk.send("release", release, "Your shares are released.");
    const unread = answer.done.unread.length;
    if (unread) desk.say(`Your shares are released. ${unread} of ${due.length} envelopes could not be opened with your key; the others may still open them.`);
  }, desk.wrong);
}

/** Verify everything; null where something is refused, which is then shown. @param {import("./desk.js").Desk} desk @param {HTMLElement} here */
async function verify(desk, here) {
  const { keys } = await desk.unlocked();
  await desk.reload();
  const { seat: x, now: server } = desk.state, seen = lastSeen();
  const given = await desk.line.get(`closing.json${seen ? `?seen=${seen.size}` : ""}`);
  const own = { x, kid: keys.kid, pk: keys.pk, vk: keys.vk };
  const result = await verifyClose({ ...given, own, seen, clock: { server: Date.parse(server), own: Date.now() } });
  if (result.refusals.length) return refuse(here, result.refusals);
  if (result.close) keepSeen(result.close);
  return { given, closed: result.closed, close: result.close };
}

/** @param {HTMLElement} here @param {{message: string, about: string | null}[]} refusals @returns {null} */
function refuse(here, refusals) {
  const words = refusals.map(({ message, about }) => `${message}${about ? ` Envelope ${about.slice(0, 10)}…` : ""}`);
  one(here, "[data-refusals]").replaceChildren(...[...new Set(words)].map(item));
  show(here, "refused");
  return null;
}

/** @param {import("./desk.js").Desk} desk @param {HTMLElement} here @param {{closed: any} | null} verified */
function paint(desk, here, verified) {
  const { published, manifests, seat, over, meeting, closed, stage, released, passed } = desk.state;
  here.hidden = !published || seat === null;
  if (here.hidden) return;
  const terms = manifests.at(-1), opens = when(terms.opens_at, desk.zone), mine = released.includes(seat);
  write(here, "words", over ? "All envelopes are opened." : !closed ? `Bids are taken and stay sealed until ${opens}.` : !meeting ? `Bids are closed. They are opened ${opens}, when the lead starts the meeting.` : `The opening has begun: ${stage === "technical" ? "the technical part" : "the prices"}.`);
  paintAsks(desk, here);
  if (over || !closed) return show(here, ...(desk.state.check ? ["check"] : []));
  if (mine) { write(here, "done", "You have released your shares of this stage."); return show(here, "released"); }
  if (!meeting || !stage || (stage === "price" && terms.envs.length > 1 && passed === null)) return show(here);
  if (!verified) return show(here, "verify");
  const due = dueSet(verified.closed, stage, passed).length;
  write(here, "checked", `Everything holds. ${due === 1 ? "1 envelope is" : `${due} envelopes are`} to be opened now.`);
  show(here, "release");
}

// --- what the lead asks all officers to sign ------------------------------------------------------------------------------

/** @param {import("./desk.js").Desk} desk @param {HTMLElement} here */
function paintAsks(desk, here) {
  one(here, "[data-asks]").replaceChildren(...desk.state.asks.map((/** @type {any} */ ask) => {
    const row = item(words(desk, ask)), button = document.createElement("button");
    if (ask.mine) { row.append(" You have signed."); return row; }
    button.type = "button";
    button.className = "button button-small";
    button.textContent = "Sign";
    button.addEventListener("click", () => void sign(desk, ask).catch(desk.wrong));
    row.append(" ", button);
    return row;
  }));
}

/** @param {import("./desk.js").Desk} desk @param {any} ask @returns {string} */
function words(desk, { kind, body }) {
  const names = body.names ?? {};
  if (kind === "stage") return body.vendors.length ? `These vendors passed the technical part, and their prices are opened: ${body.vendors.map((/** @type {string} */ each) => names[each] ?? each).join(", ")}. Prices of all others are never opened.` : "No vendor passed the technical part; no price is opened.";
  if (kind === "rescue") return `Ask vendors for the saved seeds of ${body.eids.length} envelopes, until ${when(body.due_at, desk.zone)}.`;
  const called = (body.called ?? []).map((/** @type {any} */ each) => ` ${each.name}, asked ${when(each.asked_at, desk.zone)}: ${each.answer}`);
  return `Envelope ${body.eid.slice(0, 10)}… has too few shares that fit; every officer has released or was asked. Sign only if that is so. Its vendor is asked for its own copy next.${called.join("")}`;
}

/** @param {import("./desk.js").Desk} desk @param {any} ask */
async function sign(desk, { number, kind, body }) {
  const { keys } = await desk.unlocked();
  const told = kind === "stage" ? stageMessage(desk.event, body.close, body.vendors) : kind === "rescue" ? rescueMessage(desk.event, body.env, body.eids, body.due_at) : unopenableMessage(body.eid, body.close);
  await desk.send("sign", { number, sig: await keys.sign(told) }, "You have signed.");
}

// --- the last state of the log that this browser saw ----------------------------------------------------------------------

/** @returns {{size: number, root: string} | null} */
function lastSeen() {
  try { return JSON.parse(localStorage.getItem(SEEN) ?? "null"); } catch { return null; }
}

/** @param {{size: number, root: string}} close */
function keepSeen(close) {
  try { localStorage.setItem(SEEN, JSON.stringify(close)); } catch { /* a private window: the next visit begins anew */ }
}

