// Whether two values are the same in what they hold.

/**
 * Whether two values are the same: lists and plain objects by what is in them, all else by identity.
 * @param {unknown} a @param {unknown} b @returns {boolean}
 */
export function same(a, b) {
  if (a === b) return true;
  if (!isPlain(a) || !isPlain(b)) return false;
  const [names, others] = [Object.keys(a), Object.keys(b)];
  return names.length === others.length && names.every((name) => same(a[name], b[name]));
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isPlain(value) {
  return Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
}
