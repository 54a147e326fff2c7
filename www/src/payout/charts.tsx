// Two pictures of a group: who gets how much, and what is left of the limit.

import type { PayoutRequestGroup } from "payple-edge/browser";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { count, share, short, won } from "../format";
import common from "../parts/common.module.css";
import { useMedia } from "../parts/media";
import { language, theme } from "../settings";
import { t } from "../text";
import css from "./charts.module.css";
import { type Recipient, recipientsOf } from "./recipients";
import { recipientOf } from "./state";
import { showOnly } from "./table-view";

export function Charts({ group }: { group: PayoutRequestGroup }) {
  return (
    <div class={css.charts}>
      <Recipients group={group} />
      <Limit group={group} />
    </div>
  );
}

function Recipients({ group }: { group: PayoutRequestGroup }) {
  const words = t.value.charts;
  const { all, top, others } = useMemo(
    () => recipientsOf(group.requests, MOST_RECIPIENTS),
    [group],
  );
  const sum = group.review.computedTotal || 1;
  const largest = Math.max(...top.map(({ amount }) => amount), 1);
  const nameOf = (recipient: Recipient) =>
    recipient === others ? t.value.charts.others(others.count) : recipientOf(recipient.rows[0]!);
  const showThese = (recipient: Recipient) => {
    showOnly(() => nameOf(recipient), recipient.rows);
    document.getElementById("requests")?.scrollIntoView({ block: "start" });
  };
  return (
    <section class={`${common.panel} ${css.chart}`} aria-labelledby="recipients">
      <h3 id="recipients">{words.recipients}</h3>
      <p class={`${common.aside} ${css.aside}`}>{words.recipientsWhy(all)}</p>
      <ol class={css.bars}>
        {[...top, ...(others ? [others] : [])].map((recipient) => {
          const isRest = recipient === others;
          const name = nameOf(recipient);
          return (
            <li key={recipient.rows[0]} class={isRest ? css.rest : undefined}>
              <button
                type="button"
                onClick={() => showThese(recipient)}
                title={words.onlyThis(name)}
              >
                <span class={css.name}>{name}</span>
                <span class={css.amount} data-part="bar-amount">
                  {won(recipient.amount)} <small>{share(recipient.amount / sum)}</small>
                </span>
                {!isRest && (
                  <span
                    class={css.bar}
                    style={{ width: `${Math.max((recipient.amount / largest) * 100, 0.5)}%` }}
                  />
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Limit({ group }: { group: PayoutRequestGroup }) {
  const words = t.value.charts;
  const canvas = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | undefined>();
  const [isFailed, setFailed] = useState(false);
  const limits = useMemo(() => group.requests.map(({ remainingLimit }) => remainingLimit), [group]);
  const flagged = useMemo(() => {
    const about = group.review.findings.filter(
      ({ kind }) => kind === "limit_exceeded" || kind === "limit_sequence",
    );
    return [...new Set(about.flatMap(({ rows }) => rows ?? []))];
  }, [group]);
  const looks = `${language.value} ${theme.value} ${useMedia("(prefers-color-scheme: dark)")}`;

  useEffect(() => {
    let remove = () => {};
    let isGone = false;
    import("./limit-chart").then(
      ({ draw }) => {
        if (isGone || !canvas.current) return;
        const amount = (value: number) => short(value, language.peek());
        remove = draw(canvas.current, { limits, flagged, short: amount, onPoint: setAt });
      },
      () => setFailed(true),
    );
    return () => {
      isGone = true;
      remove();
    };
  }, [limits, flagged, looks]);

  const summary = words.limitWhy(
    won(limits[0]!),
    won(limits.at(-1)!),
    won(limits.reduce((a, b) => Math.min(a, b))),
  );
  return (
    <section class={`${common.panel} ${css.chart}`} aria-labelledby="limit">
      <h3 id="limit">{words.limit}</h3>
      <p class={`${common.aside} ${css.aside}`}>
        {at === undefined || limits[at] === undefined
          ? summary
          : words.limitAt(at + 1, won(limits[at]))}
      </p>
      {isFailed ? (
        <p>{words.failed}</p>
      ) : (
        <div ref={canvas} class={css.canvas} role="img" aria-label={`${words.limit}: ${summary}`} />
      )}
      {flagged.length > 0 && (
        <p class={css.legend}>
          <span class={css.dot} /> {words.flagged}: {count(flagged.length)}
        </p>
      )}
    </section>
  );
}

const MOST_RECIPIENTS = 7;
