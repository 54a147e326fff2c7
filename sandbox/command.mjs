// The command `payple-edge sandbox`, also `payple-edge-sandbox`: starts the sandbox and says how to
// use it.

import { parseArgs } from "node:util";
import { billingKeySamples, faults, payoutGroupSamples, startSandbox } from "./index.mjs";

const usage = (/** @type {string} */ name) => `${name} [--port N] [--live] [--help]

Stands in for both Payple services (hub and cpay) on one loopback address.

  --port N   listen on this port (8788 unless told; 0 for any free one)
  --live     behave as Payple's live servers: the Referer must be shop.example or a sub-domain of it
  --help     show this text
`;

/** @param {string[]} args what follows the command's name @param {string} name how it was called */
export async function sandboxCommand(args, name) {
  const { port, live } = readArguments(args, name);
  try {
    const sandbox = await startSandbox({ port, environment: live ? "live" : "test", quiet: false });
    process.stdout.write(greeting(sandbox, live));
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => sandbox.close());
  } catch (error) {
    fail(
      name,
      error instanceof Error && "code" in error && error.code === "EADDRINUSE"
        ? `port ${port} is taken; choose another one with --port`
        : messageOf(error),
    );
  }
}

/**
 * @param {string[]} args
 * @param {string} name
 */
function readArguments(args, name) {
  try {
    const { values, tokens } = parseArgs({
      args,
      tokens: true,
      options: {
        port: { type: "string", default: "8788" },
        live: { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
    });
    const names = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
    const repeated = names.find((each, at) => names.indexOf(each) !== at);
    if (repeated !== undefined) throw new Error(`--${repeated} is there twice`);
    if (values.help) {
      process.stdout.write(usage(name));
      process.exit(0);
    }
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65535)
      fail(name, "--port takes a number up to 65535");
    return { port: Number(values.port), live: values.live };
  } catch (error) {
    return fail(name, `${messageOf(error)}\n\n${usage(name)}`);
  }
}

/**
 * @returns {never}
 * @param {string} name
 * @param {string} message
 */
function fail(name, message) {
  process.stderr.write(`${name}: ${message}\n`);
  process.exit(2);
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param {{ origin: string }} sandbox
 * @param {boolean} isLive
 */
function greeting({ origin }, isLive) {
  const sampleLines = (/** @type {{ key: string, describes: string }[]} */ samples) =>
    samples.map(({ key, describes }) => `  ${key.padEnd(34)} ${describes}`).join("\n");
  const faultKeys = [...new Set(faults.map(({ key }) => key))].join(" ");
  return `Payple sandbox (${isLive ? "live rules" : "test rules"}) at ${origin}
Credentials: the public test pair of Payple's documents. Counts: ${origin}/__sandbox/stats

Group keys
${sampleLines(payoutGroupSamples)}

Billing keys
${sampleLines(billingKeySamples)}

Faults, as a group key, a billing key or by POST ${origin}/__sandbox/faults (see the README)
${wrap(faultKeys, 110)}

`;
}

/**
 * @param {string} words
 * @param {number} width
 */
function wrap(words, width) {
  return words.replace(new RegExp(`(.{1,${width}})(?: |$)`, "g"), "  $1\n").trimEnd();
}
