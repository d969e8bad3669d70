import { summarise } from './statistics.js';

/** A Markdown table. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Median, range and 95 % interval of some values, as three cells. */
export function spread(values, digits) {
  const { median, lowest, highest, low, high } = summarise(values);
  const number = (value) => value.toFixed(digits);
  return [
    `**${number(median)}**`,
    `${number(lowest)} – ${number(highest)}`,
    `${number(low)} – ${number(high)}`,
  ];
}

/** The heads that belong to {@link spread}. */
export const SPREAD = ['median', 'range', '95 % interval'];

/** Whether a bound is met: the 95 % interval reaches it. Where the median does not, that is said: the interval forgives noise. */
export function verdict(values, bound, digits = 2) {
  const { median, low } = summarise(values);
  if (median <= bound) return `≤ ${bound}: met`;
  if (low <= bound) return `≤ ${bound}: met by the interval`;
  return `≤ ${bound}: **missed** by ${(median - bound).toFixed(digits)}`;
}
