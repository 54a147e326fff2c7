// Signing in: in the place of the views, whose state is kept while a session has ended.

import { useSignal } from "@preact/signals";
import type { PaypleError, Session } from "payple-edge/browser";
import { useEffect, useRef } from "preact/hooks";
import common from "./parts/common.module.css";
import { ErrorPanel } from "./parts/error-panel";
import { KeyHelp } from "./parts/key-field";
import { asPaypleError, enter, isSignedOut } from "./session";
import css from "./sign-in.module.css";
import { t } from "./text";

export function SignInPage() {
  return (
    <section
      class={`${css.signIn} ${common.panel}`}
      data-part="sign-in"
      aria-labelledby="sign-in-title"
    >
      <h1 id="sign-in-title">{t.value.signIn.title}</h1>
      <SignInForm />
      <p class={common.aside}>{t.value.signIn.access}</p>
    </section>
  );
}

/**
 * In the place of everything, which stays in memory alone: behind a modal dialog it could be printed, saved and, with
 * Esc pressed twice, read.
 */
export function SignInAgain({ session }: { session: Session }) {
  const words = t.value.signIn;
  return (
    <section
      class={`${css.signIn} ${common.panel}`}
      data-part="sign-in"
      role="dialog"
      aria-labelledby="sign-in-title"
    >
      <h1 id="sign-in-title">{words.again}</h1>
      <p>{words.againWhy}</p>
      {session.method === "access" ? <AccessAgain /> : <SignInForm />}
    </section>
  );
}

/** Access signs in on pages of its own: in another tab, so that this one keeps what it has. */
function AccessAgain() {
  const words = t.value.signIn;
  return (
    <p>
      <a
        class={`${common.button} ${common.main} ${css.go}`}
        href="/"
        target="_blank"
        rel="noopener"
      >
        {words.elsewhere}
      </a>
    </p>
  );
}

function SignInForm() {
  const words = t.value.signIn;
  const input = useRef<HTMLInputElement>(null);
  const fault = useSignal<"empty" | "wrong" | undefined>(undefined);
  const error = useSignal<PaypleError | undefined>(undefined);
  const isBusy = useSignal(false);
  useEffect(() => input.current?.focus(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    const token = input.current!.value.trim();
    fault.value = token === "" ? "empty" : undefined;
    error.value = undefined;
    if (fault.value) return input.current!.focus();
    isBusy.value = true;
    try {
      await enter(token);
    } catch (thrown) {
      if (isSignedOut(thrown)) fault.value = "wrong";
      else error.value = asPaypleError(thrown);
      input.current?.focus();
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form onSubmit={submit} noValidate aria-busy={isBusy.value}>
      <label for="token">{words.token}</label>
      <input
        ref={input}
        id="token"
        class={common.key}
        type="password"
        autocomplete="current-password"
        aria-describedby="token-help"
        aria-invalid={fault.value !== undefined}
        onInput={() => (fault.value = undefined)}
      />
      <KeyHelp id="token-help" isFault={fault.value !== undefined}>
        {fault.value ? words[fault.value] : words.tokenHelp}
      </KeyHelp>
      <button type="submit" class={`${common.main} ${css.go}`} disabled={isBusy.value}>
        {words.submit}
      </button>
      {error.value && <ErrorPanel error={error.value} />}
    </form>
  );
}
