/**
 * The candidate that `word` was most likely meant to be, or undefined when none is close. Case, dashes and
 * underscores do not count; otherwise up to one slip per three letters (insert, drop, replace or swap of
 * neighbours: the restricted Damerau-Levenshtein distance; Damerau, CACM 7, 1964). The first of equals wins.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const offered = plain(candidate);
    const limit = Math.floor(Math.max(wanted.length, offered.length) / 3);
    const distance = slips(wanted, offered);
    if (distance <= limit && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** True when two names differ in nothing but case, dashes and underscores. */
export function sameName(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

const plain = (text: string): string => text.toLowerCase().replace(/[-_\s]/g, '');

function slips(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((above[j] as number) + 1, (row[j - 1] as number) + 1, (above[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] as number) + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length] as number;
}
