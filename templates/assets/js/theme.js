// Light or dark: follows the system until the reader chooses. Loaded in the head, so that no page flashes in the other scheme.
(() => {
  const KEY = "tenderbell.theme";
  const page = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const keep = (/** @type {string} */ value) => { try { localStorage.setItem(KEY, value); } catch { /* private window: for this page only */ } };

  function apply(/** @type {string | null} */ choice) {
    const shown = choice ?? (system.matches ? "dark" : "light");
    if (choice) page.dataset.theme = choice;
    page.dataset.shown = shown;
    const word = document.querySelector("[data-theme-word]");
    if (word) word.textContent = shown === "dark" ? "Light" : "Dark";
  }

  function offer() {
    const button = document.querySelector("[data-theme-switch]");
    if (!(button instanceof HTMLButtonElement)) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = page.dataset.shown === "dark" ? "light" : "dark";
      keep(next);
      apply(next);
    });
    apply(chosen());
  }

  page.dataset.js = "";
  apply(chosen());
  system.addEventListener("change", () => apply(chosen()));
  document.addEventListener("DOMContentLoaded", offer);
})();
