// Writes tests/data/javascript_claims.json: session tokens of the real next-auth whose claims are
// hard to read exactly, and what JavaScript shows of them. Run it by hand after `setup`:
//
//   node javascript_claims.mjs > ../data/javascript_claims.json

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { decode, encode } = require("next-auth/jwt");
const { version } = require("./node_modules/next-auth/package.json");

const secret = "the secret of a site that moves here, long enough";

let state = 0x2545f491n;
function random() {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return state >> 16n;
}

function number() {
  if (random() % 2n) return Number(random()) / 2 ** 48;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, (random() << 32n) ^ random());
  const value = view.getFloat64(0);
  return Number.isFinite(value) ? value : 5e-324;
}

function text() {
  const choices = ["a", "\ud800", "\udc00", "\ud83d\ude00", "\\", '"', "é", "\u0000", "\u2028", "/"];
  const length = Number(random() % 8n) + 1;
  return Array.from({ length }, () => choices[Number(random() % 10n)]).join("");
}

const tokens = [];
for (let index = 0; index < 40; index++) {
  const numbers = [0, -0, 0.1, 1e21, 2 ** 53, 2 ** 64, 123456789012345680000, 5e-324, 1.7976931348623157e308];
  while (numbers.length < 20) numbers.push(number());
  const texts = Array.from({ length: 6 }, text);
  const token = await encode({
    token: { name: text(), sub: "1", numbers, texts, [text()]: true },
    secret,
    maxAge: 100 * 365 * 86400,
  });
  const read = await decode({ token, secret });
  tokens.push({
    token,
    name: read.name.toWellFormed(),
    numbers: read.numbers.map(String),
    texts: read.texts.map((text) => text.toWellFormed()),
    members: Object.keys(read).map((name) => name.toWellFormed()),
  });
}
const lines = tokens.map((token) => `    ${JSON.stringify(token)}`).join(",\n");
console.log(`{
  "made_by": "next-auth ${version}",
  "secret": ${JSON.stringify(secret)},
  "at": ${Math.floor(Date.now() / 1000)},
  "tokens": [
${lines}
  ]
}`);
