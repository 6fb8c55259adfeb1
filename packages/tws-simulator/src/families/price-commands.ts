import { z } from 'zod';
import { command, ControlFault } from '../control/control-command.js';
import type { Instrument } from '../reference/instrument.js';
import type { MessageFamily } from '../server/message-family.js';
import type { World } from '../server/world.js';

/** A contract by id, by local symbol (`MESM6`) or, the lead future or the stock, by symbol (`MES`). */
const which = { conId: z.int().positive().optional(), symbol: z.string().min(1).optional() };
const price = z.number().optional();
const size = z.number().positive().optional();

/** Commands that set prices and tell them. */
export function priceCommands({ catalogue, market }: World): MessageFamily {
  const instrumentOf = ({ conId, symbol }: { conId?: number | undefined; symbol?: string | undefined }): Instrument => {
    const found = conId === undefined ? catalogue.named(symbol ?? '') : catalogue.of(conId);
    if (found === undefined) throw new ControlFault(`contract was ${JSON.stringify(conId ?? symbol)}, expected a conId, a local symbol such as MESM6 or a symbol such as MES`);
    return found;
  };
  return {
    name: 'prices',
    requests: [],
    commands: [
      command('setPrice', 'sets the price of a contract, which holds until it is released', z.strictObject({ ...which, bid: price, ask: price, last: price, bidSize: size, askSize: size, size }), ({ conId, symbol, ...given }) => {
        const instrument = instrumentOf({ conId, symbol });
        if (given.bid === undefined && given.ask === undefined && given.last === undefined) throw new ControlFault('setPrice: no price, expected bid, ask or last');
        market.setPrice(instrument, given);
        return { conId: instrument.conId, ...market.quote(instrument) };
      }),
      command('releasePrice', 'lets the price of a contract follow its source again', z.strictObject(which), (params) => market.release(instrumentOf(params))),
      command('quote', 'tells the quote of a contract', z.strictObject(which), (params) => {
        const instrument = instrumentOf(params);
        return { conId: instrument.conId, localSymbol: instrument.localSymbol, ...market.quote(instrument) };
      }),
    ],
  };
}
