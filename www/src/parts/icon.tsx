// The few pictures of the page. Shapes differ, not only colours.

import css from "./icon.module.css";

const PATHS = {
  good: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1.3 14.3-4-4 1.5-1.5 2.5 2.5 5.6-5.6 1.5 1.5-7.1 7.1Z",
  notice: "M12 2.6 1.3 21h21.4L12 2.6Zm-1.1 6.6h2.2v6h-2.2v-6Zm0 7.6h2.2V19h-2.2v-2.2Z",
  bad: "M8 1.8h8L22.2 8v8L16 22.2H8L1.8 16V8L8 1.8Zm2.9 4.9v7h2.2v-7h-2.2Zm0 8.6v2.2h2.2v-2.2h-2.2Z",
  empty: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-5 8.9h10v2.2H7v-2.2Z",
  copy: "M8 3h11v14h-2V5H8V3ZM5 7h10v14H5V7Zm2 2v10h6V9H7Z",
  card: "M2 5h20v14H2V5Zm2 2v2.5h16V7H4Zm0 5.5V17h16v-4.5H4Z",
  bank: "M12 2 2 8v2h20V8L12 2ZM4 12v6h3v-6H4Zm6.5 0v6h3v-6h-3ZM17 12v6h3v-6h-3ZM2 20v2h20v-2H2Z",
  other: "M3 6h18v12H3V6Zm2 2v8h14V8H5Zm2 2h5v2H7v-2Z",
  person: "M12 3a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM3.5 21a8.5 7 0 0 1 17 0h-17Z",
  sheet:
    "M4 3h16v18H4V3Zm2 2v3h12V5H6Zm0 5v3.5h5V10H6Zm7 0v3.5h5V10h-5Zm-7 5.5V19h5v-3.5H6Zm7 0V19h5v-3.5h-5Z",
  up: "M12 6 5 15h14L12 6Z",
  down: "M12 18 5 9h14l-7 9Z",
  close:
    "m6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4 6.4 5Z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={css.icon} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="currentColor" />
    </svg>
  );
}
