/**
 * Keywords that are looked for in every title, each with the ways it is written. An event that holds one of
 * the ways is of that keyword.
 */
export const DEFAULT_KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  CPI: ['CPI', 'consumer price index', 'consumer prices'],
  PPI: ['PPI', 'producer price index', 'producer prices'],
  PCE: ['PCE', 'personal consumption expenditures'],
  NFP: ['NFP', 'nonfarm payrolls', 'non-farm payrolls', 'nonfarm payroll', 'non-farm employment change', 'employment situation', 'jobs report'],
  'jobless claims': ['jobless claims', 'unemployment claims'],
  unemployment: ['unemployment', 'unemployment rate'],
  GDP: ['GDP', 'gross domestic product'],
  'retail sales': ['retail sales'],
  ISM: ['ISM'],
  PMI: ['PMI', 'purchasing managers'],
  'consumer confidence': ['consumer confidence', 'consumer sentiment'],
  FOMC: ['FOMC', 'federal open market committee', 'federal funds rate'],
  Fed: ['Fed', 'federal reserve'],
  ECB: ['ECB', 'european central bank'],
  BoE: ['BoE', 'bank of england'],
  BoJ: ['BoJ', 'bank of japan'],
  SNB: ['SNB', 'swiss national bank'],
  'rate decision': ['rate decision', 'interest rate decision', 'rate hike', 'rate cut'],
  OPEC: ['OPEC', 'OPEC+'],
  tariff: ['tariff', 'tariffs'],
  halving: ['halving'],
  ETF: ['ETF'],
  SEC: ['SEC', 'securities and exchange commission'],
};

/** Looks for words in titles: whole words, letter case aside. */
export class KeywordFinder {
  private readonly patterns = new Map<string, RegExp>();
  private readonly known: ReadonlyArray<readonly [string, readonly string[]]>;

  /** @param own words of the account, beside the default ones */
  constructor(own: readonly string[]) {
    const added = own.filter((word) => waysOf(word) === undefined).map((word) => [word, [word]] as const);
    this.known = [...Object.entries(DEFAULT_KEYWORDS), ...added];
  }

  /** Keywords that a title holds. */
  in(title: string): string[] {
    return this.known.filter(([, ways]) => ways.some((way) => this.holds(title, way))).map(([keyword]) => keyword);
  }

  /** True when an event is of a keyword, or its title holds it. */
  matches(event: { readonly title: string; readonly keywords: readonly string[] }, keyword: string): boolean {
    const wanted = keyword.toLowerCase();
    if (event.keywords.some((each) => each.toLowerCase() === wanted)) return true;
    return (waysOf(keyword) ?? [keyword]).some((way) => this.holds(event.title, way));
  }

  private holds(title: string, words: string): boolean {
    let pattern = this.patterns.get(words);
    if (pattern === undefined) {
      const escaped = words.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\s+/g, '\\s+');
      pattern = new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'iu');
      this.patterns.set(words, pattern);
    }
    return pattern.test(title);
  }
}

function waysOf(keyword: string): readonly string[] | undefined {
  const wanted = keyword.trim().toLowerCase();
  return Object.entries(DEFAULT_KEYWORDS).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
