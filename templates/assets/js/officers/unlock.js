// Unlocking: one dialog for every step, by the recovery code or by a passkey.

import { BadCode } from "../sealing/officer.js";
import { usePasskey } from "./passkey.js";
import { one } from "./screen.js";

/** Let the officer unlock the key. @param {HTMLElement} root @param {(text: string) => Promise<void>} byCode @param {((found: {cred: string, output: Uint8Array}) => Promise<void>) | null} byPasskey null where there is none @param {string[]} creds
 * @returns {Promise<"code" | "passkey" | null>} how, or null where it was left */
export function unlock(root, byCode, byPasskey, creds) {
  const dialog = /** @type {HTMLDialogElement} */ (one(root, "[data-unlock]"));
  const form = /** @type {HTMLFormElement} */ (one(dialog, "form")), wrong = one(dialog, "[data-wrong]");
  const field = /** @type {HTMLInputElement} */ (one(dialog, "input")), way = one(dialog, '[data-act="with-passkey"]');
  const stop = new AbortController(), { signal } = stop;
  field.value = "";
  wrong.textContent = "";
  way.hidden = byPasskey === null;
  dialog.showModal();
  return new Promise((done) => {
    const end = (/** @type {"code" | "passkey" | null} */ how) => { stop.abort(); field.value = ""; dialog.close(); done(how); };
    const tried = async (/** @type {() => Promise<void>} */ work, /** @type {"code" | "passkey"} */ how) => {
      try { await work(); end(how); } catch (error) { told(error, wrong, field); }
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); void tried(() => byCode(field.value), "code"); }, { signal });
    way.addEventListener("click", () => void tried(async () => byPasskey?.(await usePasskey(creds)), "passkey"), { signal });
    one(dialog, '[data-act="not-now"]').addEventListener("click", () => end(null), { signal });
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); end(null); }, { signal });
    const demo = dialog.querySelector('[data-act="demo-code"]');
    demo?.addEventListener("click", () => { field.value = /** @type {HTMLElement} */ (demo).dataset.value ?? ""; field.focus(); }, { signal });
  });
}

/** @param {unknown} error @param {HTMLElement} wrong @param {HTMLInputElement} field */
function told(error, wrong, field) {
  wrong.textContent = error instanceof Error ? error.message : String(error);
  if (error instanceof BadCode) { field.setAttribute("aria-invalid", "true"); field.focus(); }
}
