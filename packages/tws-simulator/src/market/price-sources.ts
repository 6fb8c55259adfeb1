import type { Instrument } from '../reference/instrument.js';
import { ScenarioError } from '../scenario/load-scenario.js';
import type { Scenario } from '../scenario/scenario-schema.js';
import { FilePrices } from './file-prices.js';
import { GeneratedPrices } from './generated-prices.js';
import type { PriceSource } from './price-source.js';
import { readBarFile, type BarFile } from './read-bar-file.js';

/**
 * Where the prices of each contract come from: a file of the scenario, or the generator.
 * @throws ScenarioError when a file cannot be read or is wrong
 */
export function priceSources({ market, seed }: Scenario, folder: string): (instrument: Instrument) => PriceSource {
  const files = market.data.map(({ symbol, file, barSeconds }) => ({ symbol, barMs: barSeconds * 1000, bars: read(file, folder) }));
  return (instrument) => {
    const names = [instrument.localSymbol, instrument.symbol];
    const own = files.find(({ symbol }) => symbol === names[0]) ?? files.find(({ symbol }) => symbol === names[1]);
    return own === undefined ? new GeneratedPrices(instrument, seed) : new FilePrices(own.bars, own.barMs, instrument.minTick);
  };
}

function read(file: string, folder: string): BarFile {
  try {
    return readBarFile(file, folder);
  } catch (error) {
    throw new ScenarioError([`market.data: ${(error as Error).message}`]);
  }
}
