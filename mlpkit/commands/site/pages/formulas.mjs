// Usage: node formulas.mjs KATEX < [[TeX, whether it stands on a line of its own], ...]
// Prints them as MathML, which a browser shows by itself. KATEX: the folder of the package.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const { default: katex } = await import(pathToFileURL(`${process.argv[2]}/dist/katex.mjs`));
const formulas = JSON.parse(fs.readFileSync(0, "utf-8"));
console.log(JSON.stringify(formulas.map(([tex, displayMode]) =>
  katex.renderToString(tex, { displayMode, output: "mathml", strict: "ignore" }))));
