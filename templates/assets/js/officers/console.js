// The officers' console of one solicitation: three steps on one page. Nothing secret ever leaves it.

import { needCurves } from "../sealing/crypto.js";
import { Desk } from "./desk.js";
import { handoverStep } from "./handover_step.js";
import { keyStep } from "./key_step.js";
import { openStep } from "./open_step.js";
import { one } from "./screen.js";
import { termsStep } from "./terms_step.js";

const AGAIN_MS = 5000;

/** @param {HTMLElement} root @param {any} state @returns {Record<string, string>} how far each step is: done, now or later */
function progress({ drilled, acceptances, seat, draft, published, over, released }) {
  const accepted = acceptances.some((/** @type {any} */ each) => each.x === seat);
  return {
    key: drilled ? "done" : "now",
    accept: accepted ? "done" : drilled && draft ? "now" : "later",
    open: over || (seat !== null && released.includes(seat)) ? "done" : published && accepted ? "now" : "later",
  };
}

const WORDS = { done: "Done", now: "Now", later: "Later" };

/** @param {Desk} desk */
function paintSteps(desk) {
  for (const [name, state] of Object.entries(progress(desk.state))) {
    const step = one(desk.root, `[data-step="${name}"]`);
    step.dataset.state = state;
    if (state === "now") step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
    one(step, '[data-x="state"]').textContent = WORDS[/** @type {"now"} */ (state)];
  }
}

/** Look again now and then, while nobody types or reads a code. @param {Desk} desk */
function watch(desk) {
  setInterval(() => {
    const busy = document.hidden || desk.root.querySelector("dialog[open]") || document.activeElement instanceof HTMLInputElement;
    if (!busy) void desk.reload().catch(() => { /* the next look says it again */ });
  }, AGAIN_MS);
}

const desk = new Desk(one(document, "[data-console]"));
desk.painters.push(() => paintSteps(desk));
keyStep(desk);
termsStep(desk);
openStep(desk);
handoverStep(desk);
try {
  await needCurves();
  await desk.reload();
  watch(desk);
} catch (error) {
  desk.wrong(error);
}
addEventListener("pagehide", () => desk.vault.forget());
