/*
 * Logarithm, exponential and normal quantile, built from the four operations that IEEE 754 defines to
 * the last bit. Results of `Math.log`, `Math.exp` and `Math.pow` depend on the runtime and can differ in the
 * last bit. Rounding to integer ms would hide most, but not all, of these differences.
 */

const ln2 = 0.6931471805599453;
const rootOfHalf = 0.7071067811865476;

/** Natural logarithm of a number over 0, to about one part in 10^15. */
export function ln(x: number): number {
  let mantissa = x;
  let exponent = 0;
  // Multiplying by 2 and by 1/2 is exact; at most 1,074 rounds, for the smallest number there is.
  while (mantissa < rootOfHalf) {
    mantissa *= 2;
    exponent -= 1;
  }
  while (mantissa > 2 * rootOfHalf) {
    mantissa *= 0.5;
    exponent += 1;
  }
  // ln m = 2 artanh((m − 1) / (m + 1)), whose argument is below 0.172 here.
  const z = (mantissa - 1) / (mantissa + 1);
  const square = z * z;
  let sum = 0;
  for (let power = 23; power >= 1; power -= 2) sum = sum * square + 1 / power;
  return 2 * z * sum + exponent * ln2;
}

/** e to the power of x, to about one part in 10^15; 0 below -700, and no more than at 700 above. */
export function exp(x: number): number {
  if (x < -700) return 0;
  const bounded = Math.min(x, 700);
  const doublings = Math.round(bounded / ln2);
  const rest = bounded - doublings * ln2;
  let sum = 1;
  for (let term = 18; term >= 1; term--) sum = 1 + (sum * rest) / term;
  // Multiplying by 2 and by 1/2 is exact, where a power need not be.
  for (let doubled = 0; doubled < doublings; doubled++) sum *= 2;
  for (let halved = 0; halved > doublings; halved--) sum *= 0.5;
  return sum;
}

/**
 * Returns the quantile of the standard normal distribution for a probability p between 0 and 1, to about one part in
 * 10^9 (the rational approximation of P. J. Acklam).
 */
export function normalQuantile(p: number): number {
  if (p < tail) return tailQuantile(p);
  if (p > 1 - tail) return -tailQuantile(1 - p);
  const q = p - 0.5;
  const r = q * q;
  // Written out, with the operations of `polynomial` in their order: a loop takes twice as long.
  const above =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r +
      138.357751867269) *
      r -
      30.66479806614716) *
      r +
    2.506628277459239;
  const below =
    (((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r +
      66.80131188771972) *
      r -
    13.28068155288572;
  return (above * q) / (below * r + 1);
}

/** Quantiles of probabilities below this, and above the rest, are made of logarithms. */
export const tail = 0.02425;

const tails = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
];
const tailsBelow = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];

function tailQuantile(p: number): number {
  // The square root is computed from the logarithm, for the same reason.
  return tailQuantileOf(exp(0.5 * ln(-2 * ln(p))));
}

/** Returns the normal quantile of a probability p below `tail` from r, the square root of -2 ln p. */
export function tailQuantileOf(r: number): number {
  return polynomial(tails, r) / (polynomial(tailsBelow, r) * r + 1);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}
