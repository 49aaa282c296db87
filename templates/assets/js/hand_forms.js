// The lead's forms: which lots each action can be done to, as the lots go on.

import { show } from "./hooks.js";

export class HandForms {
  /** @type {HTMLSelectElement[]} */
  #choices;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#choices = [...root.querySelectorAll("select")].filter((choice) => choice.dataset.statuses);
  }

  /** Take in how a lot stands now. What somebody has chosen is never exchanged for another lot: the server refuses it in words. @param {string} id @param {string} status */
  lot(id, status) {
    for (const choice of this.#choices) {
      const option = [...choice.options].find((each) => each.value === id);
      if (!option) continue;
      const fits = (choice.dataset.statuses ?? "").split(" ").includes(status);
      option.toggleAttribute("data-fits", fits);
      option.hidden = option.disabled = !fits && !option.selected;
      show(choice.closest("form")?.querySelector("[data-none]") ?? null, !choice.querySelector("[data-fits]"));
    }
  }
}
