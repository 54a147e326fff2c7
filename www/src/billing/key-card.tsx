// What is behind one billing key, as a card: a payment card, an account, nothing, or why nobody knows.

import type { BillingKey, PaypleError } from "payple-edge/browser";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { masked } from "../format";
import common from "../parts/common.module.css";
import { CopyButton } from "../parts/copy-button";
import { ErrorFacts, inWords } from "../parts/error-panel";
import { Fact } from "../parts/fact";
import { Icon, type IconName } from "../parts/icon";
import { t } from "../text";
import css from "./key-card.module.css";
import { type Item, isUnderWay, lookUpOne } from "./state";
import { saidOf } from "./words";

interface Props {
  item: Item;
  /** Its place in the list, from 1. */
  number: number;
  isOfMany: boolean;
}

export function KeyCard({ item, number, isOfMany }: Props) {
  const { state } = item;
  const badge = isOfMany ? (
    <span class={css.number} data-part="card-number">
      {number}
    </span>
  ) : null;
  // One element for every state: a key that somebody looks at stays in sight as its answer comes.
  return (
    <article
      class={css.card}
      data-part="key-card"
      data-state={state.is}
      data-type={state.is === "registered" ? state.found.type : undefined}
    >
      <Content state={state} badge={badge} />
      <Key payerId={item.key} />
      {state.is === "failed" && (
        <button
          type="button"
          disabled={isUnderWay.value}
          onClick={() => void lookUpOne(number - 1)}
        >
          {t.value.retry}
        </button>
      )}
    </article>
  );
}

function Content({ state, badge }: { state: Item["state"]; badge: ComponentChildren }) {
  const words = t.value.billing;
  switch (state.is) {
    case "registered":
      return <Registered found={state.found} badge={badge} />;
    case "missing":
      return <Missing error={state.error} badge={badge} />;
    case "failed":
      return <Failed error={state.error} badge={badge} />;
    case "asking":
      return (
        <header>
          {badge}
          <span class={common.spinner} data-part="spinner" aria-hidden="true" />
          <h3>{words.asking}</h3>
        </header>
      );
    case "waiting":
      return (
        <header>
          {badge}
          <h3>{isUnderWay.value ? words.waiting : words.notAsked}</h3>
        </header>
      );
  }
}

function Registered({ found, badge }: { found: BillingKey; badge: ComponentChildren }) {
  const words = t.value.billing;
  const { icon, kind, title, number, facts } = describe(found);
  return (
    <>
      <header>
        {badge}
        <Icon name={icon} />
        <h3>{kind}</h3>
        <span class={`${common.tag} ${css.tag}`}>
          <Icon name="good" />
          {words.registered}
        </span>
      </header>
      <p class={css.title}>{title}</p>
      {number && <p class={css.digits}>{number}</p>}
      <dl class={common.facts}>
        <Fact name={words.name}>{found.payerName ?? words.unknown}</Fact>
        <Fact name={words.owner}>{found.ownerType ?? words.unknown}</Fact>
        <Fact name={words.phone}>{found.payerPhone ?? words.unknown}</Fact>
        {facts.map(([name, value]) => (
          <Fact name={name} key={name}>
            {value}
          </Fact>
        ))}
      </dl>
    </>
  );
}

interface Description {
  icon: IconName;
  kind: string;
  /** Issuer or bank, by name and code. */
  title: ComponentChildren;
  number?: string;
  facts: [name: string, value: string][];
}

function describe(found: BillingKey): Description {
  const words = t.value.billing;
  const named = ({ name, code }: { name: string; code: string }) => (
    <>
      {name || words.unknown} {code && <small>{words.code(code)}</small>}
    </>
  );
  switch (found.type) {
    case "card": {
      const { card, taxable } = found;
      const tax: [string, string][] =
        taxable === undefined
          ? []
          : [[words.taxable, taxable ? words.taxableYes : words.taxableNo]];
      return {
        icon: "card",
        kind: words.card,
        title: named(card),
        number: card.number,
        facts: tax,
      };
    }
    case "transfer":
      return {
        icon: "bank",
        kind: words.transfer,
        title: named(found.bank),
        number: found.bank.number,
        facts: [],
      };
    case "other":
      return { icon: "other", kind: words.other, title: found.rawType || words.unknown, facts: [] };
  }
}

function Missing({
  error,
  badge,
}: {
  error: Pick<PaypleError, "code" | "message">;
  badge: ComponentChildren;
}) {
  const words = t.value.billing;
  return (
    <>
      <header>
        {badge}
        <Icon name="empty" />
        <h3>{error.code === "SPCD0012" ? words.released : words.notRegistered}</h3>
      </header>
      <dl class={common.facts}>
        <Fact name={t.value.error.payple}>{saidOf(error)}</Fact>
        {error.code && (
          <Fact name={t.value.error.code}>
            <code>{error.code}</code>
            <CopyButton text={error.code} what={t.value.error.code} />
          </Fact>
        )}
      </dl>
    </>
  );
}

function Failed({ error, badge }: { error: PaypleError; badge: ComponentChildren }) {
  const [title, advice] = inWords(error);
  return (
    <>
      <header>
        {badge}
        <Icon name="bad" />
        <h3>{title}</h3>
      </header>
      <p>{advice}</p>
      <ErrorFacts error={error} />
    </>
  );
}

/** The key itself is as good as money: masked until somebody wants to see it. */
function Key({ payerId }: { payerId: string }) {
  const words = t.value.billing;
  const [isShown, setShown] = useState(false);
  return (
    <footer class={css.key} data-part="card-key">
      <span class={common.aside}>{words.key}</span>
      <button
        type="button"
        class={common.quiet}
        aria-expanded={isShown}
        title={isShown ? words.hide : words.show}
        onClick={() => setShown(!isShown)}
      >
        <code>{isShown ? payerId : masked(payerId)}</code>
      </button>
      <CopyButton text={payerId} what={words.key} />
    </footer>
  );
}
