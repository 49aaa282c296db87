// Following a public opening: asks every two seconds where it stands, and takes the page's new middle in when that has changed.

import { left, ServerClock, instant } from "./clock.js";
import { must, write } from "./hooks.js";

const EVERY = 2000, REVEAL = 450, MOST_REVEALED = 40;
const root = must(document, "[data-follow]");
const say = must(root, "[data-say]");
const clock = new ServerClock();
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let tag = must(root, "[data-opening]").dataset.tag ?? "";
clock.hear(root.dataset.now);

async function ask() {
  const answer = await fetch(`${root.dataset.follow}/now.json`, { headers: { "if-none-match": `"${tag}"` } });
  clock.hear(dated(answer));
  if (answer.status !== 200) return;
  const told = /** @type {{tag: string, phase: string, said: string}} */ (await answer.json());
  if (told.tag !== tag) await renew(told);
}

/** @param {Response} answer @returns {string | undefined} */
function dated(answer) {
  const date = Date.parse(answer.headers.get("date") ?? "");
  return Number.isNaN(date) ? undefined : new Date(date).toISOString();
}

/** @param {{tag: string, phase: string, said: string}} told */
async function renew(told) {
  const page = await fetch(root.dataset.follow ?? "");
  if (!page.ok) return;
  const read = new DOMParser().parseFromString(await page.text(), "text/html");
  const fresh = must(read, "[data-opening]"), old = must(root, "[data-opening]");
  const opened = fresh.querySelectorAll("[data-reveal]").length > 0 && !old.querySelector("[data-reveal]");
  const kept = focused(old);
  must(document, ".event-line").replaceWith(document.adoptNode(must(read, ".event-line")));
  old.replaceWith(document.adoptNode(fresh));
  tag = fresh.dataset.tag ?? told.tag;
  if (kept) document.getElementById(kept)?.focus();
  write(say, told.said);
  if (opened && !calm.matches) reveal(/** @type {NodeListOf<HTMLElement>} */ (fresh.querySelectorAll("[data-reveal]")));
  tick();
}

/** The id of what has the focus, so that it keeps it. @param {HTMLElement} within @returns {string} */
function focused(within) {
  const now = document.activeElement;
  return now instanceof HTMLElement && within.contains(now) ? now.id : "";
}

/** Let rows appear one after the other; all are in the page at once. @param {NodeListOf<HTMLElement>} rows */
function reveal(rows) {
  [...rows].slice(0, MOST_REVEALED).forEach((row, place) => {
    row.classList.add("hidden-yet");
    setTimeout(() => row.classList.replace("hidden-yet", "revealed"), REVEAL * (place + 1));
  });
}

function tick() {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-until]"))) {
    const until = instant(place.dataset.until);
    if (until !== null) write(place, left(until - clock.now()));
  }
}

async function follow() {
  try {
    if (!document.hidden) await ask();
  } catch { /* Offline: asked again in two seconds. */ }
  setTimeout(follow, EVERY);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) ask().catch(() => undefined); });
setInterval(tick, 250);
setTimeout(follow, EVERY);
