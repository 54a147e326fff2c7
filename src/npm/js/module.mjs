// The WebAssembly instance, and what happens when it breaks: every look-up under way is rejected,
// the next one gets a fresh instance. `#glue` is wasm-bindgen's output, `#wasm` the module in the
// form a runtime can take.

import { Core, cancel, complete, initSync, __wbg_reset_state as resetState, turn } from "#glue";
import wasm from "#wasm";
import { PaypleError } from "./error.mjs";

/**
 * @import { LookUp } from "./lookup.mjs"
 * @import { Host } from "./host.mjs"
 */

/** @type {"absent" | "running" | "broken"} */
let state = "absent";
let instance = 0;

/** The look-ups under way, by number. @type {Map<number, LookUp>} */
const underWay = new Map();

/**
 * The look-up that the module works for. It runs many in one turn and does not say which; but one
 * goes on only when it was begun, or when something that it had asked for is over, and that it then
 * takes or drops first of all (`Host.cancel`).
 * @type {LookUp}
 */
let served;

/** The transport's own error, while what failed by it is told. @type {unknown} */
let transportError;

/** Which instance runs: a `Core` belongs to the one it was made in. */
export function currentInstance() {
  if (state === "absent") load();
  if (state === "broken") resetState();
  if (state !== "running") instance += 1;
  state = "running";
  return instance;
}

/** Loads the module. Where a runtime does not let it, the error says what to do. */
function load() {
  if (typeof WebAssembly === "undefined") {
    throw new PaypleError({
      kind: "invalid_config",
      message: "this runtime has no WebAssembly",
      hint: "Node started with --jitless has none: start it without. payple-edge needs WebAssembly.",
      hintKo:
        "Node를 --jitless로 실행하면 WebAssembly를 쓸 수 없습니다. 이 옵션 없이 실행하세요. payple-edge에는 WebAssembly가 필요합니다.",
    });
  }
  try {
    initSync({ module: wasm() });
  } catch (cause) {
    throw new PaypleError({
      kind: "invalid_config",
      message: "this runtime does not let payple-edge load its WebAssembly module",
      hint: "Cloudflare Workers and Next's edge runtime take the module as a file alone: bundle with the export condition workerd (wrangler sets it) or edge-light (Next sets it).",
      hintKo:
        "Cloudflare Workers와 Next 엣지 런타임은 모듈을 파일로만 받습니다. 번들할 때 export 조건 workerd(wrangler 기본값) 또는 edge-light(Next 기본값)를 지정하세요.",
      cause,
    });
  }
}

/**
 * Makes the Rust side of a client. Throws a PaypleError.
 * @param {object} options
 * @param {Host} host
 */
export function newCore(options, host) {
  return enter(() => new Core(options, host));
}

/**
 * Begins a look-up; its `settle` is called when it is over.
 * @param {LookUp} lookUp
 * @param {() => number} begin
 * @returns {number} its number, for `giveUp`
 */
export function start(lookUp, begin) {
  served = lookUp;
  const task = enter(begin);
  underWay.set(task, lookUp);
  enter(turn);
  return task;
}

export function servedLookUp() {
  return served;
}

/** The module goes on with a look-up of which something is over. @param {LookUp} lookUp */
export function serve(lookUp) {
  served = lookUp;
}

/**
 * Called by the host when a look-up is over.
 * @param {number} task
 * @param {boolean} ok
 * @param {unknown} value
 */
export function settled(task, ok, value) {
  const lookUp = underWay.get(task);
  underWay.delete(task);
  lookUp?.settle(ok, value, transportError);
}

/** Drops a look-up. @param {number} task */
export function giveUp(task) {
  const lookUp = underWay.get(task);
  if (lookUp === undefined) return;
  underWay.delete(task);
  served = lookUp;
  enter(() => cancel(task));
}

/**
 * Hands the outcome of an operation to the instance that asked for it.
 * @param {{ operation: number, of: number, lookUp: LookUp }} asked
 * @param {{ ok: boolean, value: unknown, transportError?: unknown }} outcome
 */
export function completed({ operation, of, lookUp }, outcome) {
  if (state !== "running" || of !== instance) return;
  served = lookUp;
  transportError = outcome.transportError;
  attempt(() => complete(operation, outcome.ok, outcome.value));
  transportError = undefined;
}

/**
 * Calls into the module. What Rust throws is the details of an error as JSON; anything else means
 * it broke.
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function enter(call) {
  const outcome = attempt(call);
  if ("fault" in outcome) throw outcome.fault;
  return outcome.value;
}

/**
 * @template T
 * @param {() => T} call
 * @returns {{ value: T } | { fault: PaypleError }}
 */
function attempt(call) {
  try {
    return { value: call() };
  } catch (thrown) {
    if (typeof thrown === "string") return { fault: new PaypleError(JSON.parse(thrown)) };
    const details = {
      kind: "internal",
      message: "payple-edge failed inside; please report this",
      cause: thrown,
    };
    state = "broken";
    const abandoned = [...underWay.values()];
    underWay.clear();
    for (const { host, settle } of abandoned) {
      host.abandon();
      settle(false, details);
    }
    return { fault: new PaypleError(details) };
  }
}
