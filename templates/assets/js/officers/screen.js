// What stands on the page: parts shown and hidden, words written as text, never as HTML.

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement} */
export function one(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`There is no ${selector} on this page.`);
  return found;
}

/** A step's part. @param {ParentNode} root @param {string} name @returns {HTMLElement} */
export function part(root, name) {
  return one(root, `[data-part="${name}"]`);
}

/** Show some of a part's pieces and hide the rest. @param {HTMLElement} within @param {...string} names */
export function show(within, ...names) {
  for (const piece of within.querySelectorAll("[data-show]")) {
    if (piece instanceof HTMLElement) piece.hidden = !names.includes(piece.dataset.show ?? "");
  }
}

/** @param {ParentNode} within @param {string} name @param {string} words */
export function write(within, name, words) {
  one(within, `[data-x="${name}"]`).textContent = words;
}

/** Act on a press; while it works the button is off. @param {ParentNode} root @param {string} act @param {(button: HTMLButtonElement) => Promise<void> | void} work @param {(error: unknown) => void} wrong */
export function on(root, act, work, wrong) {
  for (const button of root.querySelectorAll(`[data-act="${act}"]`)) {
    button.addEventListener("click", async () => {
      const pressed = /** @type {HTMLButtonElement} */ (button);
      pressed.disabled = true;
      try { await work(pressed); } catch (error) { wrong(error); } finally { pressed.disabled = false; }
    });
  }
}

/** Rows of a list of terms. @param {HTMLElement} root @param {HTMLElement} list @param {[string, string | string[]][]} rows */
export function rows(root, list, rows_) {
  const template = /** @type {HTMLTemplateElement} */ (root.querySelector("template[data-row]"));
  list.replaceChildren(...rows_.map(([name, said]) => {
    const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    one(row, "dt").textContent = name;
    one(row, "dd").replaceChildren(...[said].flat().map(line));
    return row;
  }));
}

/** @param {string} words @returns {HTMLElement} */
function line(words) {
  const made = document.createElement("span");
  made.className = "term-line";
  made.textContent = words;
  return made;
}

/** @param {string} words @returns {HTMLLIElement} */
export function item(words) {
  const made = document.createElement("li");
  made.textContent = words;
  return made;
}

/** @param {string} moment @param {string} zone @returns {string} a moment to the second in a zone, and that zone */
export function when(moment, zone) {
  const shape = { weekday: "short", month: "short", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short" };
  return new Intl.DateTimeFormat("en-US", /** @type {any} */ ({ ...shape, timeZone: zone })).format(new Date(moment));
}
