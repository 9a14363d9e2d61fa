// Verifies a webhook as receivers do, with a library that argv names. What is read from standard
// input is [{secret, body, headers}, …]; what is written is a verdict on each.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { argv, stdout } from "node:process";

const [, , library, packages] = argv;
const { Webhook } = createRequire(packages)(library);
const verdict = ({ secret, body, headers }) => {
  try {
    new Webhook(secret).verify(body, headers);
    return "genuine";
  } catch (error) {
    return error.constructor.name;
  }
};
stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(verdict)));
