// A choice of what is shown, each with how many there are where that is known.

import { count } from "../format";
import css from "./chips.module.css";

interface Props<Name extends string> {
  label: string;
  chips: { name: Name; words: string; n?: number }[];
  chosen: Name;
  onChoose: (name: Name) => void;
}

export function Chips<Name extends string>({ label, chips, chosen, onChoose }: Props<Name>) {
  return (
    <div class={css.chips} role="group" aria-label={label}>
      {chips.map(({ name, words, n }) => (
        <button
          key={name}
          type="button"
          class={css.chip}
          aria-pressed={chosen === name}
          onClick={() => onChoose(name)}
        >
          {words} {n !== undefined && <strong>{count(n)}</strong>}
        </button>
      ))}
    </div>
  );
}
