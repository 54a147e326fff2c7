// The client, from PAYPLE_* in the environment, and what is said of its errors.

import type { PaypleClient, PaypleClientOptions, PaypleError } from "payple-edge";
import { UsageError } from "./command.js";
import type { Language } from "./language.js";
import { shown, terminal } from "./terminal.js";

/** Of all variables whose names begin with PAYPLE_, those that are read. */
const KNOWN = [
  "PAYPLE_ENVIRONMENT",
  "PAYPLE_CST_ID",
  "PAYPLE_CUST_KEY",
  "PAYPLE_HUB_CST_ID",
  "PAYPLE_HUB_CUST_KEY",
  "PAYPLE_REFERER",
  "PAYPLE_HUB_ORIGIN",
  "PAYPLE_CPAY_ORIGIN",
] as const;

export async function clientFrom(env: NodeJS.ProcessEnv): Promise<PaypleClient> {
  const of = (name: (typeof KNOWN)[number]) => env[name] || undefined;
  const required = (name: (typeof KNOWN)[number]) => {
    const value = of(name);
    if (value === undefined) throw new UsageError(`${name} is not set in the environment`);
    return value;
  };
  const environment = required("PAYPLE_ENVIRONMENT");
  if (environment !== "test" && environment !== "live")
    throw new UsageError("PAYPLE_ENVIRONMENT must be test or live");
  const options: PaypleClientOptions = {
    environment,
    cstId: required("PAYPLE_CST_ID"),
    custKey: required("PAYPLE_CUST_KEY"),
  };
  if (of("PAYPLE_HUB_CST_ID") || of("PAYPLE_HUB_CUST_KEY"))
    options.hubCredentials = {
      cstId: required("PAYPLE_HUB_CST_ID"),
      custKey: required("PAYPLE_HUB_CUST_KEY"),
    };
  const referer = of("PAYPLE_REFERER");
  if (referer) options.referer = referer;
  const [hub, cpay] = [of("PAYPLE_HUB_ORIGIN"), of("PAYPLE_CPAY_ORIGIN")];
  if (hub || cpay) options.origins = { ...(hub && { hub }), ...(cpay && { cpay }) };
  // Only now: most of the package's weight is in there.
  const { PaypleClient } = await import("payple-edge");
  return new PaypleClient(options);
}

/** A look-up's failure; anything else is a fault of ours and is thrown again. */
export function asPaypleError(error: unknown): PaypleError {
  if (error instanceof Error && error.name === "PaypleError") return error as PaypleError;
  throw error;
}

/** What sets an option of the client, by the path that its errors have. */
const SETTINGS: Record<string, (typeof KNOWN)[number]> = {
  "hubCredentials.cstId": "PAYPLE_HUB_CST_ID",
  "hubCredentials.custKey": "PAYPLE_HUB_CUST_KEY",
  "origins.hub": "PAYPLE_HUB_ORIGIN",
  "origins.cpay": "PAYPLE_CPAY_ORIGIN",
  environment: "PAYPLE_ENVIRONMENT",
  cstId: "PAYPLE_CST_ID",
  custKey: "PAYPLE_CUST_KEY",
  referer: "PAYPLE_REFERER",
};
const PATHS = new RegExp(`\\b(${Object.keys(SETTINGS).join("|").replaceAll(".", "\\.")})\\b`);

/** An error's message, with the variable in place of the option that it sets. */
function messageOf({ kind, message }: PaypleError): string {
  return kind === "invalid_config"
    ? message.replace(PATHS, (path) => SETTINGS[path] ?? path)
    : message;
}

/** Says why the check could not be made, and what to do. */
export function tellFailure(command: string, error: PaypleError, language: Language) {
  const code = error.code ? ` [${error.code}]` : "";
  const hint = language === "ko" ? (error.hintKo ?? error.hint) : error.hint;
  terminal.tell(
    `payple-edge ${command}: ${error.kind}${code}: ${shown(messageOf(error))}${hint ? `\n  ${shown(hint)}` : ""}`,
  );
}
