// The three steps of a bid: fill in, check, seal. What sealing leads to is the page's, or the kit's.

import { readDraft } from "./draft.js";
import { element, place } from "./form.js";
import { amountShown } from "./prices.js";
import { trustIn } from "./trust.js";

/** The steps of one bid. */
export class BidSteps {
  #root; #tender; #form; #currency; #logKey;
  /** @type {import("./trust.js").Trust | null} */
  trust = null;

  /** @param {HTMLElement} root @param {any} tender @param {import("./form.js").BidForm} form @param {string} currency @param {string} logKey */
  constructor(root, tender, form, currency, logKey) {
    [this.#root, this.#tender, this.#form, this.#currency, this.#logKey] = [root, tender, form, currency, logKey];
    root.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => this.go(button.dataset.step)));
  }

  /** Show a step; whatever keeps the bid from being sealed leads back to the check. @param {string} step */
  async go(step) {
    const { faults } = step === "fill" ? { faults: [] } : await this.check();
    const shown = step === "send" && (faults.length || this.trust?.refusals.length) ? "check" : step;
    for (const panel of this.#root.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== shown;
    for (const chip of this.#root.querySelectorAll(".bid-steps [data-step]")) {
      if (chip.dataset.step === shown) chip.setAttribute("aria-current", "step");
      else chip.removeAttribute("aria-current");
    }
    this.#root.querySelector(`[data-panel="${shown}"] h2`).focus();
  }

  /** Show no step: what was sent is told instead, and the next step begins with a choice. */
  rest() {
    for (const panel of this.#root.querySelectorAll("[data-panel]")) panel.hidden = true;
    for (const chip of this.#root.querySelectorAll(".bid-steps [aria-current]")) chip.removeAttribute("aria-current");
  }

  /** Look at the whole draft and at the solicitation. @returns {Promise<{bidOn: any[], faults: any[]}>} */
  async check() {
    const read = readDraft(this.#tender, this.#form.draft);
    this.trust ??= await trustIn(this.#tender, this.#logKey);
    this.#form.showFaults(read.faults);
    place(this.#root, "faults-all").replaceChildren(this.#faults(read.faults));
    place(this.#root, "summary").replaceChildren(...read.lots.map((lot) => this.#row(lot)));
    this.#officers();
    place(this.#root, "ready").textContent = readyWords(read.bidOn, this.#tender, this.#currency);
    return read;
  }

  #faults(faults) {
    const whole = element("div", "", `band band-${faults.length ? "alarm" : "board"}`), words = element("div", "", "band-words"), list = element("ul", "", "fault-list");
    whole.append(words);
    words.append(element("p", faults.length ? `${faults.length} ${faults.length === 1 ? "thing" : "things"} to put right before you can seal:` : "The bid is complete. It can be sealed."));
    if (faults.length) words.append(list);
    list.append(...faults.slice(0, 200).map((fault) => this.#link(fault)));
    return whole;
  }

  #link(fault) {
    const row = element("li"), link = element("a", fault.words);
    link.href = "#main";
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      await this.go("fill");
      this.#form.fieldOf(fault)?.focus();
    });
    row.append(link);
    return row;
  }

  #row({ title, lines, priced, noBids, amount }) {
    const row = element("tr"), head = element("th", title);
    head.scope = "row";
    const cells = [["Lines priced", `${priced} of ${lines.length}`], ["No bids", String(noBids)], ["Total", amount === null ? "no bid on this lot" : amountShown(amount, this.#currency)]];
    row.append(head, ...cells.map(([label, text]) => { const cell = element("td", text, "num"); cell.dataset.label = label; return cell; }));
    return row;
  }

  #officers() {
    const last = this.#tender.manifests.at(-1), { code, oneHouse, refusals } = this.trust;
    place(this.#root, "quorum").textContent = String(last.quorum);
    place(this.#root, "officers").replaceChildren(...last.officers.map(({ name, org }) => element("li", `${name}, ${org}`)));
    place(this.#root, "code").textContent = code;
    place(this.#root, "one-house").hidden = !oneHouse;
    const list = element("ul", "", "fault-list");
    list.append(...refusals.map((words) => element("li", words)));
    place(this.#root, "refusals").replaceChildren(...(refusals.length ? [element("p", "Do not seal. This page refuses to, because:", "fault"), list] : [element("p", "The officers’ signatures hold, and the public log holds this solicitation.")]));
  }
}

/** @param {any[]} bidOn @param {{envs: string[]}} tender @param {string} currency @returns {string} */
function readyWords(bidOn, { envs }, currency) {
  const lots = bidOn.map(({ title, amount }) => `${title}: ${amountShown(amount, currency)}`).join("; ");
  const how = envs.includes("technical") ? "one technical envelope and a price envelope for each lot" : "an envelope for each lot";
  return `You are about to seal ${how}. ${lots}. Once sealed, nobody can read it before the opening, and we cannot either.`;
}
