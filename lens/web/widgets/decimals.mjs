// Numbers in text, with the minus of mathematics.

/** A number in as few digits as it needs. @param {number} value */
export function plain(value) {
  return String(value).replace("-", "−");
}

/** A number with these decimals, so that it stays as wide while it changes; no minus before 0. @param {number} value @param {number} [decimals] */
export function fixed(value, decimals = 2) {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}
