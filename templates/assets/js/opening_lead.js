// The lead's page of an opening: it loads itself again when there is news, and says so instead while a form is being filled in.

import { must, show } from "./hooks.js";

const EVERY = 2000;
const root = must(document, "[data-opening-news]");
const band = must(document, "[data-band=news]");
let typed = false;

async function look() {
  const tag = root.dataset.tag ?? "";
  const answer = await fetch(`${root.dataset.openingNews}/now.json`, { headers: { "if-none-match": `"${tag}"` } });
  if (answer.status !== 200) return false;
  const told = /** @type {{tag: string}} */ (await answer.json());
  return told.tag !== tag;
}

async function follow() {
  try {
    if (!document.hidden && await look()) {
      if (!typed) return location.reload();
      show(band, true);
      return;
    }
  } catch { /* Offline: asked again in two seconds. */ }
  setTimeout(follow, EVERY);
}

document.addEventListener("input", () => { typed = true; });
setTimeout(follow, EVERY);
