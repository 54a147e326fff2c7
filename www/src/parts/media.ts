// Whether a media query holds, now and as it changes.

import { useEffect, useState } from "preact/hooks";

export function useMedia(query: string): boolean {
  const [isTrue, setTrue] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const listen = () => setTrue(media.matches);
    media.addEventListener("change", listen);
    return () => media.removeEventListener("change", listen);
  }, [query]);
  return isTrue;
}

/** The screen is a phone's, as the style sheets have it. */
export const NARROW = "(max-width: 52rem)";
