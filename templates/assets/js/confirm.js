// Asking once more before a large step down, naming the amount.

import { hook, write } from "./hooks.js";
import { money, read } from "./money.js";
import { saving, spelled } from "./terms.js";

/** @typedef {import("./lots.js").Lot} Lot */
/** @typedef {import("./terms.js").Terms} Terms */

/** @param {HTMLElement} root @param {string} plain @param {string} why @param {Lot | null} lot @param {Terms} terms @returns {Promise<boolean>} */
export function ask(root, plain, why, lot, terms) {
  const dialog = /** @type {HTMLDialogElement} */ (root.querySelector("[data-confirm]"));
  const value = read(plain) ?? 0n, total = money(plain, terms.currency);
  write(hook(dialog, "confirm-amount"), total);
  write(hook(dialog, "confirm-words"), `${spelled(value, terms)} ${lot ? saving(value, lot, terms) : ""}`.trim());
  write(hook(dialog, "confirm-why"), why.replaceAll(plain, total));
  write(hook(dialog, "confirm-yes"), `Yes, bid ${total}`);
  dialog.returnValue = "";
  dialog.showModal();
  hook(dialog, "confirm-no")?.focus();
  const close = (/** @type {string} */ answer) => () => dialog.close(answer);
  hook(dialog, "confirm-yes")?.addEventListener("click", close("yes"), { once: true });
  hook(dialog, "confirm-no")?.addEventListener("click", close("no"), { once: true });
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
}
