// Whether the screen is a phone's, as the style sheets have it.

import { useEffect, useState } from "preact/hooks";

export function useIsNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const listen = () => setNarrow(NARROW.matches);
    NARROW.addEventListener("change", listen);
    return () => NARROW.removeEventListener("change", listen);
  }, []);
  return isNarrow;
}

const NARROW = matchMedia("(max-width: 52rem)");
