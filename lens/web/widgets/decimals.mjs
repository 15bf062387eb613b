// Numbers that stay as wide while they change.

/** A number with these decimals and the minus of mathematics, none before 0. @param {number} value @param {number} [decimals] */
export function fixed(value, decimals = 2) {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}
