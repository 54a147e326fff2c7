// What the page looks at to find its form: whether a media query holds, how wide an element is, how large the text.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

/** In pixels, now and as it changes; 0 before it is drawn. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    setWidth(element.current.clientWidth);
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

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

/** How large the text is: it grows with what the browser is set to. */
export function remInPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** How wide a text is in bold, at the size of running text: of fonts some are a third wider than others. */
export function widthInRem(text: string): number {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return text.length;
  context.font = `700 100px ${getComputedStyle(document.body).fontFamily}`;
  // Figures that are all of one width may be wider than those measured.
  return (context.measureText(text).width / 100) * 1.03;
}
