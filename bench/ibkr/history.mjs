import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { calendarById, parseTimeframe, toUtcMs } from '@keelson/core/domain';
import { TwsSimulator } from '@keelson/tws-simulator';
import { machine } from '@keelson/tws-simulator/machine';
import { Arrivals } from './arrivals.mjs';
import { FUTURES, QUIET } from './market.mjs';
import { ibkrParts } from './parts.mjs';
import { SteppedTime } from './stepped-time.mjs';

const DAY_MS = 86_400_000;
/** The last expiry handed over eleven days before: the series has two contracts. */
const NOW = '2026-06-22T14:30:00Z';
/** The client spreads its messages over tenths of real seconds: after so much silence nobody has anything more to say. */
const SILENT_MS = 150;
/** And after so many turns of the event loop: a loaded machine may have been busy with others for the whole of that. */
const SILENT_TURNS = 100;
/** The rules: so many in so long, of one contract and of all. */
const RULES = { sameContract: 5, sameContractMs: 2_000, all: 60, allMs: 600_000 };

/** The least time in which questions of these contracts, in this order, can be asked by the rules; ms. */
export function leastMs(contracts) {
  const asked = [];
  let now = 0;
  for (const contract of contracts) {
    const own = asked.filter((each) => each.contract === contract);
    if (own.length >= RULES.sameContract) now = Math.max(now, own.at(-RULES.sameContract).at + RULES.sameContractMs);
    if (asked.length >= RULES.all) now = Math.max(now, asked.at(-RULES.all).at + RULES.allMs);
    asked.push({ contract, at: now });
  }
  return now;
}

/**
 * Fetches bars of the past days of a future whose expiry changed meanwhile. Time stands still while anybody works, and
 * goes on to the next timer when nobody does: what is measured is waiting. The simulator holds the feed to the rules.
 */
export async function measureHistory({ days = 30, contracts = 1 } = {}) {
  const simulator = new TwsSimulator({ host: machine, scenario: { clock: { kind: 'stepped', start: NOW }, pacing: { clock: 'simulated' } } });
  const arrivals = new Arrivals();
  const stopWatching = arrivals.watch();
  const time = new SteppedTime(NOW);
  try {
    const { port } = await simulator.start();
    const instruments = FUTURES.slice(0, contracts);
    const [questions, refusals] = [[], []];
    const feed = ibkrParts({ config: { port }, time, instruments, timeframe: '1m', logger: { ...QUIET, warn: (line) => refusals.push(line) } }).feed();
    arrivals.onRequest = ([id, , conId]) => {
      if (id === '20') questions.push(conId);
    };
    await feed.connect();
    questions.length = 0;
    let done = false;
    let bars = 0;
    const fetching = (async () => {
      const calendar = calendarById('cme-equity-index');
      const start = time.at;
      const from = toUtcMs(time.at - days * DAY_MS);
      await Promise.all(instruments.map(async (instrument) => {
        for await (const { length } of feed.history({ instrument, calendar, timeframe: parseTimeframe('1m'), from })) bars += length;
      }));
      return time.at - start;
    })().finally(() => {
      done = true;
    });
    while (!done) {
      const { pieces } = arrivals;
      const silentFrom = performance.now();
      for (let turn = 0; arrivals.pieces === pieces && !done && (turn < SILENT_TURNS || performance.now() - silentFrom < SILENT_MS); turn++) await setImmediate();
      if (done || arrivals.pieces !== pieces) continue;
      const { next } = time;
      if (next === undefined) continue;
      simulator.advance(Math.max(0, next - time.at));
      time.at = Math.max(time.at, next);
      time.fire();
    }
    const elapsedMs = await fetching;
    await feed.disconnect();
    const least = leastMs(questions);
    return { days, contracts, bars, questions: questions.length, refusals: refusals.length, elapsedS: elapsedMs / 1000, leastS: least / 1000, ofLeast: Number((elapsedMs / Math.max(1, least)).toFixed(2)) };
  } finally {
    stopWatching();
    await simulator.stop();
  }
}
