// The frame of the page: which environment, who, which view; the sign-in in front of it where needed.

import { computed, signal, useSignalEffect } from "@preact/signals";
import type { Environment, PaypleError, Role } from "payple-edge/browser";
import { useState } from "preact/hooks";
import css from "./app.module.css";
import { takeFile as takeKeys, takeText as takeKeysText } from "./billing/state";
import { BillingView } from "./billing/view";
import { takeFile as takeList, takeText as takeListText } from "./expect/state";
import type { DropPlace } from "./files/drop";
import { ReasonDialog } from "./files/reason-dialog";
import { whoIsIn } from "./identity";
import { Announcer, announce } from "./parts/announce";
import ask from "./parts/ask.module.css";
import asking from "./parts/asking.module.css";
import common from "./parts/common.module.css";
import { ErrorFacts, ErrorPanel } from "./parts/error-panel";
import { Icon } from "./parts/icon";
import { Later } from "./parts/later";
import { reloadReason } from "./reload";
import { ReviewView } from "./review/view";
import { canStay, discover, endsInMs, environment, leave, session, signIn, stay } from "./session";
import { asTheme, language, theme } from "./settings";
import { SignInAgain, SignInPage } from "./sign-in";
import signInCss from "./sign-in.module.css";
import { t } from "./text";

type View = "payout" | "billing" | "records";

/** Each with the role that it takes. */
const ROLES: Record<View, Role> = { payout: "lookup", billing: "lookup", records: "audit" };

/** Those that the person who has signed in may see. */
const views = computed(() => {
  const { roles = [] } = session.value ?? {};
  return (Object.keys(ROLES) as View[]).filter((name) => roles.includes(ROLES[name]));
});

const chosen = signal<View>("payout");
/** Nothing where no role is held that has a view. */
const view = computed(() => (views.value.includes(chosen.value) ? chosen.value : views.value[0]));

const recordsView = () => import("./records/view").then(({ RecordsView }) => RecordsView);

/** What a file dropped on the page is for. */
export function dropPlace(): DropPlace | undefined {
  const isOpen = signIn.peek().is === "in" && document.querySelector("dialog[open]") === null;
  const name = view.peek();
  return isOpen && name ? DROP_PLACES[name] : undefined;
}

const DROP_PLACES: Partial<Record<View, DropPlace>> = {
  payout: { takeFile: takeList, takeText: takeListText, selector: '[data-part="expect"]' },
  billing: { takeFile: takeKeys, takeText: takeKeysText, selector: '[data-part="key-source"]' },
};

export function App() {
  useSignalEffect(showInTab);
  return (
    <>
      <a class={css.skip} href="#main">
        {t.value.skip}
      </a>
      {environment.value && <EnvironmentBar environment={environment.value} />}
      <Header />
      <ReloadNotice />
      <Ending />
      <main id="main" tabIndex={-1}>
        <Content />
      </main>
      <Announcer />
    </>
  );
}

function Content() {
  switch (signIn.value.is) {
    case "discovering":
      return (
        <p class={asking.asking} data-part="asking" role="status">
          {t.value.signIn.looking}
        </p>
      );
    case "out":
      return <SignInPage />;
    case "ended":
      return <SignInAgain session={signIn.value.session} />;
    case "notOut":
      return <NotOut error={signIn.value.error} />;
    case "unknown":
      return <ErrorPanel error={signIn.value.error} onRetry={() => void discover()} />;
    default:
      return <Views />;
  }
}

/** The sign-out that failed: nothing of the session is shown, but it is not over either. */
function NotOut({ error }: { error: PaypleError }) {
  const words = t.value.signIn;
  return (
    <section
      class={`${signInCss.signIn} ${common.panel}`}
      data-part="sign-in"
      role="alert"
      aria-labelledby="not-out"
    >
      <h1 id="not-out">{words.notOut}</h1>
      <p>{words.notOutWhy}</p>
      <ErrorFacts error={error} />
      <button type="button" class={`${common.main} ${signInCss.go}`} onClick={() => void leave()}>
        {words.outAgain}
      </button>
    </section>
  );
}

function Views() {
  const shown = view.value;
  if (shown === undefined)
    return (
      <p class={ask.introduction} data-part="no-role">
        {t.value.noRole}
      </p>
    );
  return (
    <>
      <h1 class={common.unseen}>{t.value.title[shown]}</h1>
      <div role="tablist" aria-label="payple-edge" class={css.tabs} onKeyDown={turnTab}>
        {views.value.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={shown === name}
            aria-controls={`view-${name}`}
            tabIndex={shown === name ? 0 : -1}
            onClick={() => (chosen.value = name)}
          >
            {t.value[name].tab}
          </button>
        ))}
      </div>
      {views.value.map((name) => (
        <div
          key={name}
          role="tabpanel"
          id={`view-${name}`}
          aria-labelledby={`tab-${name}`}
          hidden={shown !== name}
        >
          <Panel name={name} isShown={shown === name} />
        </div>
      ))}
      <ReasonDialog />
    </>
  );
}

function Panel({ name, isShown }: { name: View; isShown: boolean }) {
  switch (name) {
    case "payout":
      return <ReviewView />;
    case "billing":
      return <BillingView />;
    case "records":
      return isShown ? <Later load={recordsView} /> : null;
  }
}

function turnTab(event: KeyboardEvent) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const all = views.peek();
  const shown = view.peek();
  if (!step || shown === undefined) return;
  const next = all[(all.indexOf(shown) + step + all.length) % all.length]!;
  chosen.value = next;
  document.getElementById(`tab-${next}`)?.focus();
}

function EnvironmentBar({ environment }: { environment: Environment }) {
  const { word, mark, means } = t.value.environment[environment];
  return (
    <aside
      class={css.environment}
      data-environment={environment}
      aria-label={t.value.environment.label}
    >
      <strong>
        {word} <span lang="en">{mark}</span>
      </strong>
      <span>{means}</span>
    </aside>
  );
}

function Header() {
  const words = t.value;
  const { method } = session.value ?? {};
  return (
    <header class={css.top}>
      <p class={css.brand} lang="en">
        <img src={iconOf(environment.value)} alt="" />
        payple-edge
      </p>
      <div class={`${common.tools} ${css.tools}`}>
        {method && (
          <span class={css.who} data-part="who" data-method={method}>
            <Icon name="person" />
            <span class={common.unseen}>{words.signIn.who}: </span>
            {whoIsIn()}
          </span>
        )}
        <label class={common.fieldInline}>
          <span class={common.unseen}>{words.theme.label}</span>
          <select
            value={theme.value}
            onChange={(event) => (theme.value = asTheme(event.currentTarget.value))}
          >
            {(["auto", "light", "dark"] as const).map((name) => (
              <option key={name} value={name}>
                {words.theme[name]}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class={common.quiet}
          lang={language.value === "ko" ? "en" : "ko"}
          onClick={() => (language.value = language.value === "ko" ? "en" : "ko")}
        >
          {words.otherLanguage}
        </button>
        {method === "token" && (
          <button type="button" class={common.quiet} onClick={() => void leave()}>
            {words.signIn.out}
          </button>
        )}
      </div>
    </header>
  );
}

/** Why what stood here is gone; said once it is known who is signed in now, and until somebody has read it. */
function ReloadNotice() {
  const { value: reason } = reloadReason;
  if (!reason || signIn.value.is === "discovering") return null;
  const words = t.value.reloaded;
  return (
    <aside class={css.ending} data-part="reloaded" aria-label={words.label}>
      <Icon name="notice" />
      <p role="alert">{words[reason](whoIsIn())}</p>
      <button type="button" onClick={() => (reloadReason.value = undefined)}>
        {words.seen}
      </button>
    </aside>
  );
}

/** The end of the session, announced while there is time to do something about it. */
function Ending() {
  const ms = endsInMs.value;
  return ms === undefined || signIn.value.is !== "in" ? null : (
    <EndingBar seconds={Math.ceil(ms / 1_000)} />
  );
}

function EndingBar({ seconds }: { seconds: number }) {
  const words = t.value.ending;
  const [announcedSeconds] = useState(seconds);
  const [isFailed, setFailed] = useState(false);
  const inWords = (seconds: number) => {
    const left = t.value.left(Math.floor(seconds / 60), seconds % 60);
    return canStay.value ? words.soon(left) : words.last(left);
  };
  return (
    <aside class={css.ending} data-part="ending" aria-label={t.value.signIn.title}>
      <Icon name="notice" />
      {/* Read out once, not every second. */}
      <p class={common.unseen} role="alert">
        {inWords(announcedSeconds)}
      </p>
      <p aria-hidden="true">{inWords(seconds)}</p>
      {canStay.value && (
        <button
          type="button"
          onClick={() =>
            void stay().then(
              (isIn) => isIn && announce(words.stayed),
              () => setFailed(true),
            )
          }
        >
          {words.stay}
        </button>
      )}
      {isFailed && <p role="alert">{words.notStayed}</p>}
    </aside>
  );
}

/** Language, title and icon of the browser's tab: the environment is to be seen there, too. */
function showInTab() {
  const where = environment.value;
  const what = view.value ? t.value.title[view.value] : t.value.signIn.title;
  document.title = `${where ? `[${t.value.environment[where].word}] ` : ""}${what} – payple-edge`;
  document.querySelector<HTMLLinkElement>("link[rel=icon]")!.href = iconOf(where);
  document.documentElement.dataset.environment = where ?? "";
}

function iconOf(environment: Environment | undefined): string {
  return environment ? `/favicon-${environment}.svg` : "/favicon.svg";
}
