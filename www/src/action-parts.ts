// An action that goes on the access record, in as many requests as it takes.

export interface Action {
  action: "export" | "print" | "show";
  groupKey?: string;
  payerIds?: string[];
  /** The access record itself. */
  accessRecord?: true;
  /** How many requests, keys or entries it is about. */
  rows: number;
  reason?: string;
}

/** As many billing keys at once as the Worker takes: each is a row. */
export function parts({ payerIds, ...action }: Action): Action[] {
  if (payerIds === undefined) return [action];
  const starts = Array.from({ length: Math.ceil(payerIds.length / MOST_KEYS) }, (_, n) => n);
  return starts.map((n) => {
    const part = payerIds.slice(n * MOST_KEYS, (n + 1) * MOST_KEYS);
    return { ...action, payerIds: part, rows: part.length };
  });
}

const MOST_KEYS = 1_000;
