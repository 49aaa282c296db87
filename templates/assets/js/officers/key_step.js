// Step 1: the key is made, its code shown once and tried at once, and passkeys are added.

import { NoPasskey, knowsPasskeys, makePasskey, usePasskey } from "./passkey.js";
import { item, on, one, part, show, write } from "./screen.js";
import { publicPart } from "./vault.js";
import { NotNow } from "./desk.js";
import { unlock } from "./unlock.js";
import { readRecovery } from "../sealing/officer.js";

/** @param {import("./desk.js").Desk} desk */
export function keyStep(desk) {
  const here = part(desk.root, "key"), sheet = one(desk.root, "[data-sheet]");
  let phase = "";

  const paint = () => {
    const { kid, records, published, drilled, over, cancelled } = desk.state;
    here.hidden = false;
    if (phase) return show(here, phase);
    const successor = desk.state.handover?.role === "successor";
    if (!kid) return show(here, published && !successor ? "lost" : "new");
    if (!records.os[kid]) return show(here, published ? (over || cancelled ? "gone" : "lost") : "new");
    show(here, drilled ? "done" : "drill");
    ways(desk, here);
  };

  /** @param {string} text */
  const shown = (text) => {
    phase = "code";
    one(here, "[data-code]").textContent = text;
    write(sheet, "code", text);
    write(sheet, "address", location.origin);
    sheet.hidden = false;
    paint();
    one(here, "[data-code]").focus();
  };

  on(here, "make", () => make(desk, shown), desk.wrong);
  on(here, "new-key", () => make(desk, shown), desk.wrong);
  on(here, "new-code", () => newCode(desk, shown), desk.wrong);
  on(here, "start-over", () => (desk.state.records.before || desk.state.records.prf.length ? newCode(desk, shown) : make(desk, shown)), desk.wrong);
  on(here, "print", () => print(), desk.wrong);
  on(here, "noted", async () => {
    one(here, "[data-code]").textContent = "";
    write(sheet, "code", "");
    sheet.hidden = true;
    desk.vault.forget();
    phase = "";
    await desk.reload();
    show(here, "drill");
    one(here, "#drill-code").focus();
  }, desk.wrong);
  on(here, "passkey", () => addPasskey(desk), desk.wrong);
  drillForm(desk, here);
  desk.painters.push(paint);
}

/** Make keys: under the unlock key that one has already, or with a new one and its code. @param {import("./desk.js").Desk} desk @param {(text: string) => void} shown */
async function make(desk, shown) {
  const { records } = desk.state, tried = records.before || records.prf.length || records.drilled.includes("code");
  const old = tried ? await earlier(desk) : undefined;
  const { uk, keys } = await desk.vault.make(old), kept = [await desk.vault.osRecord()];
  const code = old ? null : await desk.vault.newCode(uk, await demoCode(desk));
  if (code) kept.push(code.record);
  const path = desk.state.handover?.role === "successor" ? "handover/key" : "keys";
  await desk.line.post(path, { ...publicPart(keys), records: kept });
  desk.calm();
  if (code) return shown(code.text);
  desk.vault.forget();
  await desk.reload();
  desk.say("Your key is made. Try your recovery code once more for it.");
}

/** Another recovery code for the same keys; the one before holds until this one was tried. @param {import("./desk.js").Desk} desk @param {(text: string) => void} shown */
async function newCode(desk, shown) {
  const { uk } = await desk.unlocked(), { text, record } = await desk.vault.newCode(uk);
  await desk.line.post("records", { records: [record] });
  shown(text);
}

/** In a demonstration the code is one that the page knows. @param {import("./desk.js").Desk} desk @returns {Promise<Uint8Array | undefined>} */
async function demoCode({ root }) {
  return root.dataset.demo ? readRecovery(root.dataset.demo) : undefined;
}

/** The unlock key of earlier solicitations, by the code that one has. @param {import("./desk.js").Desk} desk @returns {Promise<Uint8Array>} */
async function earlier(desk) {
  const { records } = desk.state;
  /** @type {Uint8Array | undefined} */ let uk;
  const creds = records.prf.map((/** @type {any} */ each) => each.cred);
  const byPasskey = creds.length ? async (/** @type {any} */ found) => { uk = await desk.vault.byPasskey(found.cred, found.output, records); } : null;
  await unlock(desk.root, async (text) => { uk = await desk.vault.byCode(text, records); }, byPasskey, creds);
  if (!uk) throw new NotNow();
  return uk;
}

/** @param {import("./desk.js").Desk} desk @param {HTMLElement} here */
function drillForm(desk, here) {
  const form = /** @type {HTMLFormElement} */ (one(here, '[data-form="drill"]'));
  const field = /** @type {HTMLInputElement} */ (one(form, "input")), wrong = one(form, "[data-wrong]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { records, kid } = await desk.line.get("state.json");
      desk.vault.forget();
      await desk.vault.hold(await desk.vault.byCode(field.value, records), kid, records);
      field.value = wrong.textContent = "";
      field.removeAttribute("aria-invalid");
      await desk.send("drill", { names: ["code", `os:${kid}`] }, "Your code opens your key.");
    } catch (error) {
      wrong.textContent = error instanceof Error ? error.message : String(error);
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
  });
}

/** @param {import("./desk.js").Desk} desk @param {HTMLElement} here */
function ways(desk, here) {
  const { records, drilled, published } = desk.state;
  const tried = (/** @type {string} */ name) => records.drilled.includes(name) ? "tried" : "not tried yet";
  const rows = [item(`Recovery code on paper: ${tried("code")}`)];
  records.prf.forEach((/** @type {any} */ each, /** @type {number} */ i) => rows.push(passkeyRow(desk, each.cred, `Passkey ${i + 1}: ${tried(`prf:${each.cred}`)}`)));
  one(here, "[data-ways]").replaceChildren(...rows);
  one(here, "[data-passkeys]").hidden = !knowsPasskeys() || !drilled;
  one(here, "[data-before-publication]").hidden = published;
}

/** @param {import("./desk.js").Desk} desk @param {string} cred @param {string} words @returns {HTMLLIElement} */
function passkeyRow(desk, cred, words) {
  const row = item(`${words} `), button = document.createElement("button");
  button.type = "button";
  button.className = "plain-button";
  button.textContent = "Remove";
  button.addEventListener("click", () => desk.send("passkeys/remove", { cred }, "The passkey is removed. Your recovery code still opens your key.").catch(desk.wrong));
  row.append(button);
  return row;
}

/** Add a passkey and try it at once: one that gives other bytes the second time is of no use. @param {import("./desk.js").Desk} desk */
async function addPasskey(desk) {
  await desk.unlocked();
  const known = desk.state.records.prf.map((/** @type {any} */ each) => each.cred);
  const made = await makePasskey(desk.person, desk.name, known);
  await desk.line.post("records", { records: [await desk.vault.prfRecord(made.cred, made.output)] });
  await desk.reload();
  const { records, kid } = desk.state;
  desk.vault.forget();
  try {
    const used = await usePasskey([made.cred]);
    await desk.vault.hold(await desk.vault.byPasskey(used.cred, used.output, records), kid, records);
  } catch (error) {
    await desk.send("passkeys/remove", { cred: made.cred }, "");
    const why = error instanceof NoPasskey ? error.message : "It gave another secret the second time.";
    throw new NoPasskey(`This passkey does not open your key, so it is not kept. ${why} Your recovery code still opens it.`);
  }
  await desk.send("drill", { names: [`prf:${made.cred}`, `os:${kid}`] }, "Your passkey opens your key.");
}
