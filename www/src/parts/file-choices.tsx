// Which sheet of a workbook and which column of a table is meant.

import type { Book } from "../files/sheet";
import { visible } from "../format";
import { t } from "../text";

interface SheetChoiceProps {
  id: string;
  sheets: Book["sheets"];
  chosen: number;
  onChoose: (at: number) => void;
}

/** Nothing where there is but one. */
export function SheetChoice({ id, sheets, chosen, onChoose }: SheetChoiceProps) {
  if (sheets.length < 2) return null;
  return (
    <p>
      <label for={id}>{t.value.expect.sheet}</label>{" "}
      <select
        id={id}
        value={chosen}
        onChange={(event) => onChoose(Number(event.currentTarget.value))}
      >
        {sheets.map(({ name = "", isHidden }, at) => (
          <option key={at} value={at}>
            {isHidden ? t.value.expect.hiddenSheet(visible(name)) : visible(name)}
          </option>
        ))}
      </select>
    </p>
  );
}

interface ColumnSelectProps {
  id: string;
  names: string[];
  chosen: number | undefined;
  onChoose: (at: number | undefined) => void;
}

/** One of the columns, or none. */
export function ColumnSelect({ id, names, chosen, onChoose }: ColumnSelectProps) {
  return (
    <select
      id={id}
      value={chosen ?? ""}
      onChange={({ currentTarget: { value } }) =>
        onChoose(value === "" ? undefined : Number(value))
      }
    >
      <option value="">{t.value.expect.noColumn}</option>
      {names.map((name, at) => (
        <option key={at} value={at}>
          {visible(name)}
        </option>
      ))}
    </select>
  );
}
