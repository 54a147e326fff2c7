// A list of facts (`dl`), each with a button to copy it where there is something to copy.

import type { ComponentChildren } from "preact";
import common from "./common.module.css";
import { CopyButton } from "./copy-button";

export type CopyableFact = [name: string, value: ComponentChildren, toCopy?: string];

export function Facts({ facts }: { facts: CopyableFact[] }) {
  return (
    <dl class={common.facts}>
      {facts.map(([name, value, toCopy]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span>{value}</span>
            {toCopy && <CopyButton text={toCopy} what={name} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
