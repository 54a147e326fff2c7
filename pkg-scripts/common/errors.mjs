// Message and code of a caught value, which need not be an error: anything can be thrown.

/** The message of an error. @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** The code of an error of the system, such as "ENOENT". @param {unknown} error */
export function codeOf(error) {
  return error instanceof Error ? /** @type {NodeJS.ErrnoException} */ (error).code : undefined;
}
