// Finding the marked places of a page, and writing into them only what changed.

/** @param {ParentNode} root @param {string} name @returns {HTMLElement | null} */
export const hook = (root, name) => root.querySelector(`[data-x="${name}"]`);

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement} */
export function must(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no ${selector}.`);
  return found;
}

/** @param {Element | null} place @param {string} text */
export function write(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}

/** @param {HTMLElement | null} place @param {boolean} shown */
export function show(place, shown) {
  if (place && place.hidden === shown) place.hidden = !shown;
}

/** Set or take away a data attribute. @param {HTMLElement | null} place @param {string} name @param {string | null} value */
export function mark(place, name, value) {
  if (!place) return;
  if (value === null) delete place.dataset[name];
  else if (place.dataset[name] !== value) place.dataset[name] = value;
}

/** Clone the element inside a `<template>`. @param {ParentNode} root @param {string} selector @returns {HTMLElement} */
export function stamp(root, selector) {
  const template = root.querySelector(`template${selector}`);
  const made = template instanceof HTMLTemplateElement ? template.content.firstElementChild?.cloneNode(true) : null;
  if (!(made instanceof HTMLElement)) throw new Error(`The page has no template ${selector}.`);
  return made;
}

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {string} text @param {string} [kind] @returns {HTMLElementTagNameMap[T]} */
export function make(tag, text, kind) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
