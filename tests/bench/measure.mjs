// Measures things side by side: round by round in turn, so that a busy machine troubles all of them
// alike.

/**
 * What single runs took, by the name of the variant, in microseconds of CPU and of time.
 *
 * @typedef {Record<string, { cpu: number[], wall: number[] }>} Samples
 * @typedef {ReturnType<typeof spread>} Spread
 */

/**
 * Runs every variant `repeat` times in each of `rounds` rounds and returns for each
 * `{ cpu, wall }`: microseconds of one run, as `{ median, low, high }` (quartiles).
 * @param {Record<string, () => unknown>} variants
 * @returns {Promise<Record<string, { cpu: Spread, wall: Spread }>>}
 */
export async function compare(variants, { rounds = 25, warmUp = 5, repeat = 1 } = {}) {
  const names = Object.keys(variants);
  /** @type {Samples} */
  const samples = Object.fromEntries(names.map((name) => [name, { cpu: [], wall: [] }]));
  for (let round = -warmUp; round < rounds; round += 1) {
    // Whoever comes first in one round comes last in the next.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const run = variants[name];
      const startedAt = performance.now();
      const before = process.cpuUsage();
      for (let i = 0; i < repeat; i += 1) {
        const running = run();
        if (running instanceof Promise) await running;
      }
      const { user, system } = process.cpuUsage(before);
      const wall = (performance.now() - startedAt) * 1_000;
      if (round < 0) continue;
      samples[name].cpu.push((user + system) / repeat);
      samples[name].wall.push(wall / repeat);
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      { cpu: spread(samples[name].cpu), wall: spread(samples[name].wall) },
    ]),
  );
}

/** Median and quartiles. */
export function spread(/** @type {number[]} */ values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.round((sorted.length - 1) * part)];
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}
