// Usage: node python.mjs FOLDER CELL...
// The Python of a site, without a browser: runs the cells one after the other, as JupyterLite does, and prints what the last
// line of each gives, as JSON. FOLDER: static/pyodide of the site.
import fs from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const [folder, ...cells] = process.argv.slice(2);
const asked = []; // the files that were loaded while an import waited
globalThis.XMLHttpRequest = class {
  open(_, address) {
    this.path = address.startsWith("file:") ? fileURLToPath(address) : address;
  }
  send() {
    const { buffer, byteOffset, byteLength } = fs.readFileSync(this.path);
    asked.push(this.path.replace(/^.*[/\\]/, "").replace(/-.*$/, ""));
    Object.assign(this, { status: 200, response: buffer.slice(byteOffset, byteOffset + byteLength) });
  }
};
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${folder}/`, stdout() {}, stderr() {} });
const given = [];
for (const cell of cells) {
  asked.length = 0;
  await python.loadPackagesFromImports(cell);
  given.push({ value: String(await python.runPythonAsync(cell)), asked: [...asked] });
}
console.log(JSON.stringify(given));
process.exit(0);
