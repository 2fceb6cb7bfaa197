// Usage: node recorded.mjs FOLDER < {recording, start, asked}
// What the kernel of a page without Python shows after each of the requests, as JSON: [{view, picture, ...shown}].
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const { recorded } = await import(pathToFileURL(process.argv[2]));
const { recording, start, asked } = JSON.parse(fs.readFileSync(0, "utf-8"));
const model = recorded(recording, start);
const seen = () => ({ view: model.get("view"), drawn: model.get("picture"), ...JSON.parse(model.get("shown")) });
console.log(JSON.stringify([seen(), ...asked.map((request) => {
  model.answer({ turn: 1, view: "a", asked: [request] });
  return seen();
})]));
