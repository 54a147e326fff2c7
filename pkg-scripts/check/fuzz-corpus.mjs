// The corpus of a fuzz target in git: a few of the inputs that cover the most code.

import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Keeps so many of the minimised inputs in a target's folder, and all former findings.
 * @param {string} minimised the folder with the smallest inputs that together reach all
 * @param {string} folder
 * @param {number} count
 */
export function keepInputs(minimised, folder, count) {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder))
    if (!file.startsWith("finding-")) rmSync(join(folder, file));
  const files = readdirSync(minimised).map((file) => ({
    file,
    bytes: statSync(join(minimised, file)).size,
  }));
  // Of all sizes: the smallest ones are nearly all invalid from their first byte.
  files.sort((a, b) => a.bytes - b.bytes);
  const step = Math.max(1, files.length / count);
  for (let at = 0; at < files.length; at += step) {
    const { file } = files[Math.floor(at)];
    copyFileSync(join(minimised, file), join(folder, file.slice(0, 16)));
  }
}
