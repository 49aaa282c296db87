// Times in the reader's own zone, beside the official one, wherever the two differ at that moment.

/** A moment as a wall clock in a zone shows it, in figures that can be compared. @param {Date} moment @param {string} [zone] */
function wall(moment, zone) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(moment);
}

/** @param {HTMLTimeElement} official */
function addOwn(official) {
  const moment = new Date(official.dateTime);
  if (Number.isNaN(moment.getTime()) || wall(moment) === wall(moment, official.dataset.zone)) return;
  const sameDay = wall(moment).slice(0, 10) === wall(moment, official.dataset.zone).slice(0, 10);
  const shown = new Intl.DateTimeFormat(document.documentElement.lang, {
    ...(sameDay ? {} : { weekday: "short", month: "short", day: "numeric" }),
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(moment);
  const own = document.createElement("span");
  // Where a sentence goes on, the time stays in it.
  const within = official.nextSibling?.nodeType === Node.TEXT_NODE && official.nextSibling.textContent.trim() !== "";
  own.className = within ? "own-time own-time-within" : "own-time";
  own.textContent = within ? `(${shown} where you are)` : `${shown} where you are`;
  official.after(" ", own);
}

for (const each of document.querySelectorAll("time[data-zone]")) addOwn(/** @type {HTMLTimeElement} */ (each));
