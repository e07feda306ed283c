/** Whoever reads this. */
