// Runs the checks of vectors.js in Node: argv names the folder of native modules, the checks, and a library of curves or nothing.
// Each line of stdin is a JSON list, a name and its arguments; each line of stdout is its answer.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, checks, curves] = process.argv.slice(2);
const sealing = {};
for (const name of readdirSync(folder).filter((each) => each.endsWith(".js"))) Object.assign(sealing, await import(pathToFileURL(join(folder, name))));
(0, eval)(readFileSync(checks, "utf8"));
if (curves) sealing.handIn(await import(pathToFileURL(curves)));

let given = null;
const answers = {
  given: async (all) => { given = all; return globalThis.vectors.names; },
  run: (name) => globalThis.vectors.run(name, sealing, given),
  reads: async (texts) => globalThis.vectors.reads(sealing, texts),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...args] = JSON.parse(line);
  console.log(JSON.stringify(await answers[name](...args)));
}
