// What the fuzzer begins with: real cells, lists, workbooks and records. `node fuzz/javascript/seeds.mjs FOLDER` writes
// them, a folder for each target.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../pkg-scripts/common/program.mjs";

const AMOUNTS = [
  ...[
    "77,000",
    "₩77,000",
    "77,000원",
    "금77,000원정",
    "７７０００",
    "1,000.00",
    "KRW 5000 won",
    "'5000",
  ],
  ...[
    "1.000",
    "1.234.567,00",
    "1.5E+07",
    "1,2e+03",
    "오백만원",
    "5백만",
    "1억2,000만원",
    "일억이천삼백사십오만",
  ],
  ...[
    "(5,000)",
    "-1.000",
    "△300",
    "10.5",
    "#REF!",
    "=SUM(A1)",
    "1000①",
    "12 000",
    "9007199254740993",
  ],
];

main(import.meta, async () => {
  const [folder] = process.argv.slice(2);
  for (const [target, inputs] of Object.entries(await seeds())) {
    mkdirSync(join(folder, target), { recursive: true });
    for (const [n, input] of inputs.entries())
      writeFileSync(join(folder, target, `seed-${n}`), input);
  }
});

async function seeds() {
  return { amount: AMOUNTS };
}
