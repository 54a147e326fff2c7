// A button that lets a file be chosen: a workbook, CSV or text, unless told otherwise.

import { useRef } from "preact/hooks";
import { ACCEPTED } from "./file-faults";

/** The same file can be chosen again after it was changed. */
export function FileButton({
  words,
  onFile,
  accept = ACCEPTED,
}: {
  words: string;
  onFile: (file: File) => void;
  accept?: string;
}) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => chooser.current?.click()}>
        {words}
      </button>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={accept}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) onFile(file);
        }}
      />
    </>
  );
}
