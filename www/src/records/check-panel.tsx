// Whether the access record was tampered with, as far as that can be told here.

import { useEffect } from "preact/hooks";
import { count, kst, visible } from "../format";
import { announce } from "../parts/announce";
import common from "../parts/common.module.css";
import { CopyButton } from "../parts/copy-button";
import { ErrorPanel } from "../parts/error-panel";
import { FileButton } from "../parts/file-button";
import { Outcome } from "../parts/outcome";
import { Stale } from "../parts/stale";
import {
  type CheckResult,
  check,
  checkFile,
  checkRange,
  hashOf,
  knownHash,
  stopCheck,
} from "./check";
import css from "./check.module.css";
import panel from "./form-panel.module.css";
import { filter } from "./state";
import { words } from "./text";

export function CheckPanel() {
  const w = words.value.check;
  const now = check.value;
  useEffect(() => {
    if (now.is === "done") announce(titleOf(now.result));
  }, [now]);
  const { from, to } = filter.value;
  const isOther = now.is === "done" && isOfOther(now.result, { from, to }, knownHash.value);
  return (
    <section class={`${common.panel} ${panel.panel}`} aria-labelledby="record-check">
      <h2 id="record-check">{w.title}</h2>
      <p class={common.aside}>{w.intro}</p>
      <form
        class={panel.form}
        onSubmit={(event) => {
          event.preventDefault();
          void checkRange({ from, to });
        }}
      >
        <label class={css.known}>
          {w.known}
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            maxLength={64}
            value={knownHash.value}
            onInput={(event) => (knownHash.value = event.currentTarget.value)}
          />
        </label>
        <button type="submit">{w.submit(from || w.beginning, to || w.now)}</button>
        <FileButton
          words={w.file}
          onFile={(file) => void checkFile(file)}
          accept=".csv,.json,.jsonl,text/csv,application/json"
        />
      </form>
      {now.is === "reading" && (
        <div class={panel.form}>
          <p role="status">{w.reading(now.count)}</p>
          <button type="button" onClick={stopCheck}>
            {words.value.stop}
          </button>
        </div>
      )}
      {now.is === "failed" && <ErrorPanel error={now.error} />}
      {now.is === "noFile" && (
        <p class={common.fault} role="alert">
          {w.noFile}
        </p>
      )}
      {isOther && <Stale words={w.stale} />}
      {now.is === "done" && <Result result={now.result} isOther={isOther} />}
    </section>
  );
}

/** Whether the record was checked for another time, or without the hash, that stand in the form by now. */
function isOfOther(
  { what, known }: CheckResult,
  { from, to }: { from: string; to: string },
  hash: string,
): boolean {
  if ("file" in what) return false;
  return what.from !== from || what.to !== to || (known?.hash ?? "") !== hashOf(hash);
}

/** In one sentence. */
export function titleOf({ faults, count: n, known }: CheckResult): string {
  const w = words.value.check;
  if (faults.length > 0) return w.bad(faults.length);
  if (n === 0) return w.nothing;
  return known && known.at === undefined ? w.unknown : w.good(n);
}

function toneOf({ faults, count: n, known }: CheckResult): "good" | "notice" | "bad" {
  if (faults.length > 0) return "bad";
  return n === 0 || (known && known.at === undefined) ? "notice" : "good";
}

function Result({ result, isOther }: { result: CheckResult; isOther: boolean }) {
  const w = words.value.check;
  const { what, faults, chains, at } = result;
  return (
    <Outcome tone={isOther ? "notice" : toneOf(result)} class={common.stack}>
      <h3>{titleOf(result)}</h3>
      <p>
        {"file" in what ? visible(what.file) : `${what.from || w.beginning} – ${what.to || w.now}`}
        {" · "}
        {w.at(kst(at))}
      </p>
      {faults.length > 0 && (
        <ul class={css.faults}>
          {faults.slice(0, MOST_FAULTS).map(({ kind, chain, sequence }) => (
            <li key={`${kind}${chain}${sequence}`}>
              <strong>
                {chain} · {count(sequence)}
              </strong>{" "}
              {w.faults[kind]}
            </li>
          ))}
          {faults.length > MOST_FAULTS && <li>{w.more(faults.length - MOST_FAULTS)}</li>}
        </ul>
      )}
      {chains.length > 0 && <Chains result={result} />}
      <ul class={css.notes}>
        {notesOf(result).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Outcome>
  );
}

function Chains({ result: { chains } }: { result: CheckResult }) {
  const w = words.value.check;
  return (
    <div class={css.scroll} role="group" aria-label={w.chains} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {[w.columns.chain, w.columns.sequence, w.columns.count, w.columns.hash].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {chains.map(({ chain, from, to, count: n, hash }) => (
            <tr key={chain}>
              <th scope="row">{w.chainNames(chain)}</th>
              <td>
                {count(from)} – {count(to)}
              </td>
              <td>{count(n)}</td>
              <td>
                <code>{hash}</code> <CopyButton text={hash} what={`${chain} ${w.columns.hash}`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What was compared with what, and what no such check can tell. */
function notesOf({ what, count, reach, known }: CheckResult): string[] {
  const w = words.value.check;
  if (count === 0 && !("file" in what)) return [];
  const found = known?.at && w.found(known.at.chain, known.at.sequence);
  if ("file" in what) return [w.notes.file, w.notes.whole];
  return [
    found ?? "",
    reach.newest ? w.notes.newest : w.notes.notNewest,
    reach.oldest ? w.notes.oldest : w.notes.notOldest,
    w.notes.whole,
  ].filter(Boolean);
}

const MOST_FAULTS = 50;
