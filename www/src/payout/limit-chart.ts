// Draws the remaining limit over the requests. Loaded when there is something to draw.

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface LimitChart {
  /** Remaining limit after each request, in Payple's order. */
  limits: number[];
  /** Places of the requests that have a problem with it. */
  flagged: number[];
  /** For the axes. */
  short: (amount: number) => string;
  /** Hears which request the pointer is at. */
  onPoint: (index: number | undefined) => void;
}

/** Returns what takes it away again. */
export function draw(
  target: HTMLElement,
  { limits, flagged, short, onPoint }: LimitChart,
): () => void {
  const style = getComputedStyle(target);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const places = limits.map((_, index) => index + 1);
  const marks: (number | null)[] = limits.map(() => null);
  for (const index of flagged) marks[index] = limits[index] ?? null;
  const axis = {
    stroke: colour("--ink-2"),
    font,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };

  const size = () => ({ width: target.clientWidth, height: Math.max(target.clientHeight, 200) });
  const chart = new uPlot(
    {
      ...size(),
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
      scales: {
        x: {
          time: false,
          range: (_, least, most) => (least === most ? [least - 0.5, most + 0.5] : [least, most]),
        },
        y: {
          range: (_, least, most) =>
            withRoom(Math.min(least, 0 < least && most < least * 3 ? least : 0), most),
        },
      },
      axes: [
        { ...axis, grid: { show: false }, space: 60, incrs: WHOLE_STEPS },
        { ...axis, size: 64, values: (_, values) => values.map(short) },
      ],
      series: [
        {},
        {
          stroke: colour("--accent"),
          width: 2,
          fill: colour("--accent-soft"),
          points: { show: limits.length <= 60, size: 6 },
          paths: uPlot.paths.stepped!({ align: 1 }),
        },
        {
          stroke: colour("--bad"),
          fill: colour("--bad"),
          paths: () => null,
          points: { show: flagged.length > 0, size: 10, fill: colour("--bad") },
        },
      ],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
    },
    [places, limits, marks],
    target,
  );
  const resized = new ResizeObserver(() => chart.setSize(size()));
  resized.observe(target);
  return () => {
    resized.disconnect();
    chart.destroy();
  };
}

function withRoom(least: number, most: number): [number, number] {
  const room = (most - least || Math.abs(most) || 1) * 0.08;
  return [least === 0 ? 0 : least - room, most + room];
}

const WHOLE_STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
];
