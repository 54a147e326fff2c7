// Everything about one request.

import { useEffect, useRef } from "preact/hooks";
import { requestTime, visible, won } from "../format";
import common from "../parts/common.module.css";
import { DialogHead } from "../parts/dialog-head";
import { type CopyableFact, Facts } from "../parts/facts";
import { Icon } from "../parts/icon";
import { inLanguage, t } from "../text";
import findingsCss from "./findings.module.css";
import type { Row } from "./rows";
import { nameOf } from "./verdict";

export function RowDialog({
  row: { index, request, findings },
  onClose,
}: {
  row: Row;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { columns, detail, nothing } = t.value.table;
  const facts: CopyableFact[] = [
    [columns.amount, <strong>{won(request.amount)}</strong>, String(request.amount)],
    [columns.remainingLimit, won(request.remainingLimit)],
    [
      columns.printContent,
      request.printContent ? visible(request.printContent) : nothing,
      request.printContent,
    ],
    [columns.recipient, <code>{visible(request.billingTranId)}</code>, request.billingTranId],
    [columns.subId, request.subId ? visible(request.subId) : nothing, request.subId],
    [columns.requestedAt, visible(requestTime(request))],
    [columns.partner, <code>{visible(request.cstId)}</code>],
    [columns.groupKey, <code>{visible(request.groupKey)}</code>, request.groupKey],
  ];
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="row-title" data-part="row-dialog">
      <DialogHead id="row-title" title={detail(index + 1)} dialog={dialog} />
      {findings.length > 0 && (
        <ul class={`${findingsCss.findings} ${findingsCss.compact}`}>
          {findings.map((finding, at) => (
            <li key={at} data-severity={finding.severity}>
              <span class={common.tag}>
                <Icon name={finding.severity === "error" ? "bad" : "notice"} />
                {nameOf(finding)}
              </span>
              <p>{inLanguage(finding.message, finding.messageKo)}</p>
            </li>
          ))}
        </ul>
      )}
      <Facts facts={facts} />
    </dialog>
  );
}
