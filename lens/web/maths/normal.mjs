// The standard normal distribution.

/** Its distribution function (Abramowitz and Stegun 7.1.26, error < 2e-7). @param {number} x */
export function normalCdf(x) {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp((-x * x) / 2);
  return x > 0 ? 1 - tail : tail;
}

/** The inverse of `normalCdf`, by bisection, for 0 < p < 1. @param {number} p */
export function normalQuantile(p) {
  let low = -8;
  let high = 8;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * One draw (Box and Muller 1958); 1 - u keeps the logarithm finite.
 * @param {() => number} random draws from [0, 1)
 */
export function normalDraw(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
