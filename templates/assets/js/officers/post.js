// Reading from and sending to the console's own server: JSON inside a form with the session's token.

/** The server said no; the message is for people. `code` is its own word for it, if any. */
export class Refused extends Error {
  /** @param {string} message @param {number} status @param {string} [code] */
  constructor(message, status, code = "") {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const LOST = "The server cannot be reached. Nothing was sent; try again.";

/** One solicitation's own addresses. */
export class Line {
  #base;
  #token;

  /** @param {string} event @param {string} token */
  constructor(event, token) {
    this.#base = `/officers/${event}`;
    this.#token = token;
  }

  /** @param {string} path @returns {Promise<any>} */
  async get(path) {
    return this.#said(fetch(`${this.#base}/${path}`, { headers: { accept: "application/json" }, cache: "no-store" }));
  }

  /** @param {string} path @param {unknown} said @returns {Promise<any>} */
  async post(path, said) {
    const body = new URLSearchParams({ csrf: this.#token, said: JSON.stringify(said) });
    return this.#said(fetch(`${this.#base}/${path}`, { method: "POST", body }));
  }

  /** @param {Promise<Response>} asked @returns {Promise<any>} */
  async #said(asked) {
    const answer = await asked.catch(() => { throw new Refused(LOST, 0); });
    const json = answer.headers.get("content-type")?.startsWith("application/json");
    if (answer.ok && json) return answer.json();
    if (json) { const { words, code } = await answer.json(); throw new Refused(words, answer.status, code); }
    throw new Refused(answer.redirected || answer.status === 401 ? "Your session is over. Load the page and sign in again." : await sentence(answer), answer.status);
  }
}

/** The sentence of a page that says no. @param {Response} answer @returns {Promise<string>} */
async function sentence(answer) {
  const found = /<section class="card message">[\s\S]*?<p>([^<]*)<\/p>/.exec(await answer.text());
  return found?.[1]?.trim() || `The server answered ${answer.status}. Try again.`;
}
