/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * An interval that holds the true median with at least the given confidence, whatever the distribution: from the
 * k-th lowest to the k-th highest value, as `Binomial(n, 1/2)` says. Too few values for that give their range.
 *
 * @returns {{ low: number, high: number, confidence: number }}
 */
export function medianInterval(values, confidence = 0.95) {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  let outside = 2 * 0.5 ** count;
  let rank = 0;
  for (let next = 1; next < count / 2; next++) {
    const more = outside + 2 * choose(count, next) * 0.5 ** count;
    if (1 - more < confidence) break;
    outside = more;
    rank = next;
  }
  return { low: sorted[rank], high: sorted[count - 1 - rank], confidence: 1 - outside };
}

function choose(count, taken) {
  let ways = 1;
  for (let i = 1; i <= taken; i++) ways = (ways * (count - taken + i)) / i;
  return ways;
}

/** Everything a table shows of some values. */
export function summarise(values) {
  return {
    median: median(values),
    lowest: Math.min(...values),
    highest: Math.max(...values),
    ...medianInterval(values),
  };
}

/** The list in another order, each order as likely. */
export function shuffled(list) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}
