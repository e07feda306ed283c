import {
  exp,
  ln,
  normalQuantile as roughNormalQuantile,
} from "../collections/deterministicMath.js";

/*
 * The quantiles that intervals are made of. `Math.log`, `Math.exp` and `Math.pow` are left to each runtime, so everything
 * here stands on `deterministicMath`: the same figures have the same bytes everywhere. `Math.sqrt` is one instruction of
 * IEEE 754 and correctly rounded on every runtime.
 */

const lnRootTwoPi = 0.9189385332046728;
const twoPi = 6.283185307179586;
const twoOverRootPi = 1.1283791670955126;

/** Natural logarithm of the gamma function for x over 0 (Lanczos, g = 7). */
function lnGamma(x: number): number {
  const z = x - 1;
  const t = z + 7.5;
  const sum = lanczos.reduce((total, c, at) => total + c / (z + at + 1), 0.9999999999998099);
  return lnRootTwoPi + (z + 0.5) * ln(t) - t + ln(sum);
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/**
 * Returns the error of Stirling's formula for ln Γ(x + 1). A difference of two large lnGamma values would cancel it.
 */
function stirlingError(x: number): number {
  if (x <= 15) return lnGamma(x + 1) - (x + 0.5) * ln(x) + x - lnRootTwoPi;
  const s = 1 / (x * x);
  return (
    (1 / 12 -
      s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360)))))) /
    x
  );
}

/** x ln(x / m) + m - x without cancellation where x is near m (C. Loader, 2000). */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * ln(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let k = 1; k < 1000; k++) {
    term *= v * v;
    const next = sum + term / (2 * k + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** x^a (1 - x)^b / B(a, b), by the saddle point, so that a and b may be millions. */
function betaKernel(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  const lead = stirlingError(n) - stirlingError(a) - stirlingError(b);
  const rest = deviance(a, n * x) + deviance(b, n * y);
  return ((a * b) / n) * exp(lead - rest) * Math.sqrt(n / (twoPi * a * b));
}

const tiny = 1e-300;
/** Terms of a continued fraction: it takes about the root of the larger parameter. */
const termsMax = 100_000;

/**
 * Returns the regularized incomplete beta function I_x(a, b): the share of Beta(a, b) below x.
 *
 * @param y - 1 - x, where the caller has it with more digits than the subtraction gives
 */
export function betaCdf(x: number, a: number, b: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaFraction(y, x, b, a);
  return betaFraction(x, y, a, b);
}

function betaFraction(x: number, y: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < termsMax; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return (betaKernel(x, y, a, b) * h) / a;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** Returns the x below which a share p of Beta(a, b) lies, for p from 0 to 1. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  return invert({
    excess: (x) => betaCdf(x, a, b) - p,
    density: (x) => betaKernel(x, 1 - x, a, b) / (x * (1 - x)),
    low: 0,
    high: 1,
    start: a / (a + b),
  });
}

/** Returns the t below which a share p of Student's distribution with v degrees of freedom lies. */
export function tQuantile(p: number, v: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -tQuantile(1 - p, v);
  // The upper tail at t over 0; both shares are handed in, so that neither loses digits.
  const tail = (t: number): number =>
    0.5 * betaCdf(v / (v + t * t), v / 2, 0.5, (t * t) / (v + t * t));
  const start = -normalQuantile(p);
  let high = Math.max(1, start);
  for (let doubled = 0; doubled < 1000 && tail(high) > p; doubled++) high *= 2;
  return -invert({
    excess: (t) => p - tail(t),
    density: (t) => betaKernel(v / (v + t * t), (t * t) / (v + t * t), v / 2, 0.5) / t,
    low: 0,
    high,
    start,
  });
}

/** Returns the share of the standard normal distribution above x. */
export function normalTail(x: number): number {
  return x < 0 ? 1 - normalTail(-x) : 0.5 * errorComplement(x * Math.SQRT1_2);
}

/** erfc for x not below 0: a series of positive terms near 0, a continued fraction beyond. */
function errorComplement(x: number): number {
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let k = 1; k < 200; k++) {
      term *= (2 * x * x) / (2 * k + 1);
      if (sum + term === sum) break;
      sum += term;
    }
    return 1 - twoOverRootPi * exp(-x * x) * sum;
  }
  let fraction = 0;
  for (let k = 200; k > 0; k--) fraction = k / 2 / (x + fraction);
  return ((twoOverRootPi / 2) * exp(-x * x)) / (x + fraction);
}

/** Returns the z below which a share p of the standard normal distribution lies, for p between 0 and 1. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  // The rough quantile has nine digits; one step of Newton's method doubles them.
  const rough = roughNormalQuantile(p);
  const density = exp(-0.5 * rough * rough - lnRootTwoPi);
  return rough + (p - normalTail(-rough)) / density;
}

/** Newton's method within a bracket; a step that leaves it is replaced by a bisection. */
function invert(problem: {
  /** Returns the excess of the share below x over the wanted share. */
  readonly excess: (x: number) => number;
  readonly density: (x: number) => number;
  readonly low: number;
  readonly high: number;
  readonly start: number;
}): number {
  const { excess, density, start } = problem;
  let { low, high } = problem;
  let x = start;
  for (let round = 0; round < 400; round++) {
    const error = excess(x);
    if (error === 0) return x;
    if (error < 0) low = x;
    else high = x;
    let next = x - error / density(x);
    if (!(next > low && next < high)) next = between(low, high);
    if (Math.abs(next - x) <= 1e-15 * Math.abs(next)) return next;
    x = next;
  }
  return x;
}

/** A point within the bracket: by ratio where the bracket spans decades. */
function between(low: number, high: number): number {
  if (low === 0 && high < 1e-3) return high / 1024;
  return low > 0 && high / low > 4 ? Math.sqrt(low * high) : (low + high) / 2;
}
