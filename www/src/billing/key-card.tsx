// What is behind one billing key, as a card: a payment card, an account, nothing, or why nobody knows.

import type { BillingKey, PaypleError } from "payple-edge/browser";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { masked } from "../format";
import { CopyButton } from "../parts/copy-button";
import { ErrorFacts, inWords } from "../parts/error-panel";
import { Fact } from "../parts/fact";
import { Icon, type IconName } from "../parts/icon";
import { t } from "../text";
import { type Item, isNotRegistered, isUnderWay, lookUpOne } from "./state";

export function KeyCard({ item, number }: { item: Item; number: number | undefined }) {
  const words = t.value.billing;
  const progress = item.lookup.progress.value;
  const badge = number === undefined ? null : <span class="card-number">{number}</span>;
  switch (progress.is) {
    case "done":
      return <Registered found={progress.answer} badge={badge} />;
    case "failed":
      return <Failed item={item} error={progress.error} badge={badge} />;
    default: {
      const state =
        progress.is === "asking" ? words.asking : isUnderWay.value ? words.waiting : words.notAsked;
      return (
        <article class="key-card pending">
          <header>
            {badge}
            {progress.is === "asking" && <span class="spinner" aria-hidden="true" />}
            <h3>{state}</h3>
          </header>
          <Key payerId={item.key} />
        </article>
      );
    }
  }
}

function Registered({ found, badge }: { found: BillingKey; badge: ComponentChildren }) {
  const words = t.value.billing;
  const { icon, kind, title, number, facts } = describe(found);
  const owner = [found.payerName, found.ownerType].filter(Boolean);
  return (
    <article class={`key-card registered is-${found.type}`}>
      <header>
        {badge}
        <Icon name={icon} />
        <h3>{kind}</h3>
        <span class="tag">
          <Icon name="good" />
          {words.registered}
        </span>
      </header>
      <p class="card-title">{title}</p>
      {number && <p class="card-digits">{number}</p>}
      <dl class="facts">
        <Fact name={words.name}>{owner[0] ?? words.unknown}</Fact>
        <Fact name={words.owner}>{found.ownerType ?? words.unknown}</Fact>
        <Fact name={words.phone}>{found.payerPhone ?? words.unknown}</Fact>
        {facts.map(([name, value]) => (
          <Fact name={name} key={name}>
            {value}
          </Fact>
        ))}
      </dl>
      <Key payerId={found.payerId} />
    </article>
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

function Failed({
  item,
  error,
  badge,
}: {
  item: Item;
  error: PaypleError;
  badge: ComponentChildren;
}) {
  const words = t.value.billing;
  const isMissing = isNotRegistered(error.code);
  const [title, advice] = inWords(error);
  return (
    <article class={`key-card ${isMissing ? "missing" : "failed"}`}>
      <header>
        {badge}
        <Icon name={isMissing ? "empty" : "bad"} />
        <h3>
          {isMissing ? (error.code === "SPCD0012" ? words.released : words.notRegistered) : title}
        </h3>
      </header>
      <p>{advice}</p>
      <ErrorFacts error={error} />
      <Key payerId={item.key} />
      {!isMissing && (
        <button type="button" onClick={() => lookUpOne(item)}>
          {t.value.retry}
        </button>
      )}
    </article>
  );
}

/** The key itself is as good as money: masked until somebody wants to see it. */
function Key({ payerId }: { payerId: string }) {
  const words = t.value.billing;
  const [isShown, setShown] = useState(false);
  return (
    <footer class="card-key">
      <span class="aside">{words.key}</span>
      <button
        type="button"
        class="quiet"
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
