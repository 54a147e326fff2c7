// Who is signed in and for how long; the one client that asks the Worker.
//
// A session that has ended takes everything off the page; what was typed and found stays in this tab's memory, and a
// look-up that met the end waits for the next session: nothing has to be asked again. Signing out forgets it all, in
// every tab of this browser, and so does a sign-in of somebody else: whatever this tab did then, it would do as them.

import { computed, signal } from "@preact/signals";
import { EdgeClient, type Environment, PaypleError, type Session } from "payple-edge/browser";
import { hush } from "./parts/announce";
import { type Reason, reload } from "./reload";

/**
 * `discovering`: not known yet. `out`: nobody. `ended`: somebody was, and this tab's memory still holds what they did.
 * `notOut`: somebody meant to sign out, and the Worker could not be told.
 */
export type SignIn =
  | { is: "discovering" }
  | { is: "out" }
  | { is: "in"; session: Session }
  | { is: "ended"; session: Session }
  | { is: "notOut"; error: PaypleError }
  | { is: "unknown"; error: PaypleError };

export const signIn = signal<SignIn>({ is: "discovering" });

/** The last one known, for what is on the page. */
export const session = computed(() =>
  "session" in signIn.value ? signIn.value.session : undefined,
);

/**
 * Which of Payple's environments the Worker asks: of the session, and before there is one as `/healthz` tells everybody.
 */
export const environment = computed(() => session.value?.environment ?? told.value);

const told = signal<Environment | undefined>(undefined);

/** Milliseconds until the session ends, from when on it is worth saying; `undefined` before. */
export const endsInMs = signal<number | undefined>(undefined);

/** Whether a request would prolong the session; at its absolute end it would not. */
export const canStay = computed(() => {
  const { expiresAt, endsAt } = session.value ?? {};
  return (
    expiresAt !== undefined && (endsAt === undefined || Date.parse(endsAt) > Date.parse(expiresAt))
  );
});

const client = new EdgeClient();

/** Finds out whether somebody is signed in already, by cookie or by Cloudflare Access. */
export async function discover() {
  try {
    const found = await client.session();
    if (found) entered(found);
    else if (signIn.value.is !== "ended") {
      signIn.value = { is: "out" };
      await askEnvironment();
    }
  } catch (error) {
    if (signIn.value.is !== "ended") signIn.value = { is: "unknown", error: asPaypleError(error) };
  }
}

/** Where the Worker cannot tell, nothing is shown: the sign-in says why it does not work. */
async function askEnvironment() {
  try {
    const { environment } = await (await fetch("/healthz")).json();
    if (environment === "test" || environment === "live") told.value = environment;
  } catch {
    // No answer, or none of the Worker's.
  }
}

export async function enter(token: string) {
  await client.signIn(token);
  const found = await client.session();
  if (!found)
    throw new PaypleError({
      kind: "protocol",
      message: "signed in, but the browser did not keep the session",
    });
  entered(found);
}

/** Any request prolongs the session; resolves to whether there still was one. */
export async function stay(timeoutMs?: number): Promise<boolean> {
  const found = await client.session(timeoutMs === undefined ? {} : { timeoutMs });
  if (found) entered(found);
  else ended();
  return found !== undefined && signIn.peek().is === "in";
}

export async function leave() {
  try {
    await client.signOut();
  } catch (error) {
    // The cookie is still good: whoever comes to this browser next would be in. That must not look like being out.
    if (!isSignedOut(error)) {
      hush();
      signIn.value = { is: "notOut", error: asPaypleError(error) };
      return watch();
    }
  }
  tabs.postMessage("out");
  startAnew();
}

/**
 * Asks the Worker, once it is sure who asks; where the session has ended, waits for the next one and asks again.
 */
export async function ask<T>(
  question: (client: EdgeClient) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    await confirming;
    if (signIn.peek().is !== "in") await untilSignedIn(signal);
    try {
      const answer = await question(client);
      prolonged();
      return answer;
    } catch (error) {
      if (!isSignedOut(error)) throw asPaypleError(error);
      ended();
    }
  }
}

export function asPaypleError(error: unknown): PaypleError {
  if (error instanceof PaypleError) return error;
  return new PaypleError({ kind: "internal", message: String(error), cause: error });
}

/** Not signed in, as opposed to Payple refusing the partner: that has a phase. */
export function isSignedOut(error: unknown): boolean {
  return (
    error instanceof PaypleError && error.kind === "authentication" && error.phase === undefined
  );
}

let idleMs = 0;

function entered(session: Session) {
  const other = otherIn(session);
  if (other) return startAnew(other);
  if (session.expiresAt) idleMs = Date.parse(session.expiresAt) - Date.now();
  signIn.value = { is: "in", session };
  watch();
  tellTabs();
}

/** What of a session is not as in this tab's memory, of which then nothing is for who holds it. */
function otherIn({ subject, method, environment }: Session): "person" | "environment" | undefined {
  const known = session.peek();
  if (!known) return undefined;
  if (known.subject !== subject || known.method !== method) return "person";
  return known.environment === environment ? undefined : "environment";
}

/** From here on nothing is shown and nothing asked. */
function startAnew(reason?: Reason) {
  signIn.value = { is: "discovering" };
  reload(reason);
}

let confirming: Promise<void> | undefined;

/** Asks who is signed in now, where this tab believes to know. Without an answer the next question will tell. */
function confirm() {
  if (session.peek() === undefined) return;
  confirming ??= stay(CONFIRMATION_MS)
    .then(
      () => {},
      () => {},
    )
    .finally(() => {
      confirming = undefined;
    });
}

function ended() {
  const { value } = signIn;
  if (value.is === "in") {
    hush();
    signIn.value = { is: "ended", session: value.session };
  } else if (value.is !== "ended") signIn.value = { is: "out" };
  watch();
}

/** A look-up prolonged the session as far as its absolute end allows. Said cautiously: the Worker counts in minutes. */
function prolonged() {
  const { value } = signIn;
  if (value.is !== "in" || !value.session.expiresAt) return;
  const { expiresAt, endsAt } = value.session;
  const later = Math.max(Date.parse(expiresAt), Date.now() + idleMs - RENEWAL_MS);
  const until = Math.min(later, endsAt ? Date.parse(endsAt) : Infinity);
  signIn.value = {
    is: "in",
    session: { ...value.session, expiresAt: new Date(until).toISOString() },
  };
  watch();
  tellTabs();
}

/** Another tab has used the session, which lasts longer for this one, too. */
function prolongedElsewhere(session: Session) {
  const { value } = signIn;
  if (value.is !== "in") return;
  // One of the two tabs is mistaken, and only the Worker knows which.
  if (otherIn(session)) return confirm();
  if (!session.expiresAt) return;
  if (session.expiresAt <= (value.session.expiresAt ?? "")) return;
  signIn.value = { is: "in", session };
  watch();
}

function untilSignedIn(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = signIn.subscribe((value) => {
      if (value.is === "in") queueMicrotask(() => (stop(), resolve()));
    });
    signal.addEventListener(
      "abort",
      () => (stop(), reject(new PaypleError({ kind: "aborted", message: "cancelled" }))),
    );
  });
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Warns before the end, and closes at it, without a request of its own. */
function watch() {
  clearTimeout(timer);
  const { value } = signIn;
  const until =
    value.is === "in" && value.session.expiresAt ? Date.parse(value.session.expiresAt) : undefined;
  if (until === undefined) return void (endsInMs.value = undefined);
  const left = until - Date.now();
  if (left <= 0) return ended();
  endsInMs.value = left <= WARNING_MS ? left : undefined;
  timer = setTimeout(
    watch,
    left > WARNING_MS ? Math.min(left - WARNING_MS, LONGEST_WAIT_MS) : 1_000,
  );
}

/**
 * The other tabs of this browser share the cookie. They tell each other, since to ask the Worker whether it still lasts would
 * prolong it: tabs that nobody uses would keep each other signed in.
 */
const tabs = new BroadcastChannel("payple-edge:session");
tabs.onmessage = ({ data }: MessageEvent<"out" | Session>) => {
  if (data === "out") startAnew(session.peek() && "out");
  else if (["out", "ended", "unknown"].includes(signIn.value.is)) void discover();
  else prolongedElsewhere(data);
};

function tellTabs() {
  if (signIn.value.is === "in") tabs.postMessage(signIn.value.session);
}

/**
 * Somebody is here again. A laptop that slept has missed its timers; and meanwhile somebody else may have signed in, by
 * another tab or by Cloudflare Access, of which no tab is told.
 */
function cameBack() {
  watch();
  confirm();
}
addEventListener("focus", cameBack);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") cameBack();
});

// The Worker renews a session's cookie at most once in so long.
const RENEWAL_MS = 60_000;
const WARNING_MS = 120_000;
const LONGEST_WAIT_MS = 60_000;
/** For which a question waits until it is known who asks. */
const CONFIRMATION_MS = 10_000;
