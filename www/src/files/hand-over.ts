// The one way by which anything leaves the page: a file that is saved, a sheet that is printed.

import { signIn } from "../session";

export interface Leaving {
  action: "export" | "print";
  groupKey?: string;
  payerIds?: string[];
  /** How many requests or keys go with it. */
  rows: number;
}

/** What must be known or asked before something leaves has its place here; `make` then makes it. */
export async function handOver(_leaving: Leaving, make: () => void): Promise<void> {
  if (signIn.peek().is === "in") make();
}
