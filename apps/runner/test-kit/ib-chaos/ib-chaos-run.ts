import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { leaveCommand } from '../../src/live/control.js';
import { DrivenProcess, type ProcessState } from './driven-process.js';
import { BAR_MS, BEGIN, CAP, STEP_MS, type Killing, type Order, type Schedule } from './draw-schedule.js';
import { GatewayProcess } from './gateway-process.js';

const KEELSON = fileURLToPath(new URL('../../bin/keelson.js', import.meta.url));
const RECKLESS = fileURLToPath(new URL('reckless.mjs', import.meta.url));
export const ACCOUNT = 'hunted';
export const CASH = 50_000;

/** An order at the simulator, as its control port tells of it. */
export type SeenOrder = { readonly permId: number; readonly parentPermId: number; readonly orderRef: string; readonly action: 'BUY' | 'SELL'; readonly type: string; readonly status: string; readonly quantity: number; readonly filled: number; readonly transmitted: boolean };
export type SeenExecution = { readonly execId: string; readonly timeMs: number; readonly side: 'BOT' | 'SLD'; readonly quantity: number; readonly price: number; readonly orderRef: string; readonly commission: number };

/** What stood at the venue at the end of a step. */
export type Look = {
  readonly time: number;
  /** True where the trader could hear of all of it. */
  readonly isHeard: boolean;
  readonly orders: readonly SeenOrder[];
};

export type IbChaosRecord = {
  readonly looks: readonly Look[];
  /** All orders of the day at the end. */
  readonly orders: readonly SeenOrder[];
  readonly executions: readonly SeenExecution[];
  readonly cash: number;
  readonly isFlat: boolean;
  readonly lives: number;
  readonly deaths: { readonly trader: number; readonly gateway: number };
  /** What went wrong with the run itself. */
  readonly faults: readonly string[];
  readonly err: string;
};

/** Rounds of looking at both sides until nothing is under way between them. */
const MOST_ROUNDS = 400;
const END_STEPS = 240;

/**
 * One account, in a process of its own, through a schedule of faults and deaths at the simulator in another. Both live in
 * a time that this one moves: it goes on only when nothing is under way between them.
 */
export async function ibChaosRun(schedule: Schedule, folder: string): Promise<IbChaosRecord> {
  return new IbChaosRun(schedule, folder).run();
}

class IbChaosRun {
  private now = BEGIN;
  private readonly gateway: GatewayProcess;
  private trader: DrivenProcess | undefined;
  private lives = 0;
  private readonly deaths = { trader: 0, gateway: 0 };
  private readonly looks: Look[] = [];
  private readonly faults: string[] = [];
  private err = '';
  private step = 0;
  /** Steps at which the dead come back. */
  private back: { trader: number | undefined; gateway: number | undefined } = { trader: undefined, gateway: undefined };
  private failedStarts = 0;
  /** How either stood when nothing was under way the last time. */
  private rest: { trader: ProcessState | undefined; gateway: ProcessState | undefined } = { trader: undefined, gateway: undefined };

  constructor(private readonly schedule: Schedule, private readonly folder: string) {
    writeFileSync(join(folder, 'bars.csv'), schedule.bars);
    this.gateway = new GatewayProcess(folder, {
      accounts: ['DU1234567'],
      market: { data: [{ symbol: 'MES', file: 'bars.csv', barSeconds: BAR_MS / 1000 }] },
      trading: { cash: CASH, state: './state.jsonl', ...(schedule.sizePerQuote === undefined ? {} : { sizePerQuote: schedule.sizePerQuote }) },
      pacing: { clock: 'simulated' },
    });
  }

  async run(): Promise<IbChaosRecord> {
    const { schedule, gateway } = this;
    try {
      await gateway.start(this.now);
      this.writeAccount();
      await this.startTrader();
      const orders = [...schedule.orders];
      const kills = [...schedule.kills];
      for (; this.step < schedule.steps; this.step++) {
        while ((orders[0]?.at ?? Infinity) <= this.step) {
          const next = orders.shift();
          if (next !== undefined) await this.tell(next);
        }
        while ((kills[0]?.at ?? Infinity) <= this.step) await this.kill(kills.shift() as Killing);
        if (schedule.sales.includes(this.step)) leaveCommand(join(this.folder, 'hunted.control'), { command: 'kill', reason: 'somebody was afraid' });
        if (this.step % 60 === 59) leaveCommand(join(this.folder, 'hunted.control'), { command: 'resume', reason: 'it was looked into' });
        await this.pass(true);
      }
      return await this.end();
    } finally {
      await this.trader?.kill();
      await gateway.kill();
    }
  }

  private writeAccount(): void {
    writeFileSync(join(this.folder, 'account.json'), JSON.stringify({
      account: ACCOUNT, mode: 'paper', initialCash: CASH, seed: this.schedule.seed,
      plugins: [RECKLESS, { use: '@keelson/plugin-ibkr', config: { port: this.gateway.port, clientId: 7, kind: 'paper', heartbeatMs: 5_000, answerTimeoutMs: 5_000, requestTimeoutMs: 20_000, connectTimeoutMs: 10_000 } }],
      instruments: [{ id: 'MES', venue: 'CME', type: 'future', currency: 'USD', multiplier: 5, tickSize: 0.25, calendar: 'cme-equity-index' }],
      data: { feed: 'ibkr', timeframe: '5s', continuous: false },
      broker: { use: 'ibkr' },
      strategies: [{ use: 'reckless' }],
      decision: { minConfidence: 0.2 },
      risk: { maxContracts: CAP, allowOrders: true },
      watch: { reconcileEvery: '1m', staleAfterBars: 20, reconnectAttempts: 1_000 },
      journal: { use: 'sqlite', config: { path: './hunted.db' } },
      ...this.schedule.account,
    }));
  }

  private async startTrader(): Promise<void> {
    this.lives++;
    const trader = new DrivenProcess(KEELSON, ['run', 'account.json', '--json'], this.folder, { DRIVEN_START: String(this.now) }, 'remotePort');
    this.trader = trader;
    // its program is loaded once it turns to the gateway
    for (;;) {
      const state = await trader.state();
      if (state === undefined || state.opened > 0) break;
      await pass(5);
    }
  }

  private async tell({ do: name, params, pick }: Order): Promise<void> {
    if (pick === undefined) return void (await this.gateway.ask(name, params));
    const orders = (await this.gateway.ask<readonly SeenOrder[]>('orders')) ?? [];
    const order = orders[Math.floor(pick * orders.length)];
    if (order !== undefined) await this.gateway.ask(name, { ...params, permId: order.permId });
  }

  private async kill({ who, how, pauseSteps }: Killing): Promise<void> {
    const { gateway, trader } = this;
    this.back[who] = this.step + 1 + pauseSteps;
    if (who === 'gateway') {
      if (how === undefined) await gateway.kill();
      else await gateway.dieAt({ ...how, port: gateway.port });
    } else if (how === undefined) await trader?.kill();
    else await trader?.dieAt({ ...how, port: gateway.port });
  }

  /** One step of time for both. */
  private async pass(mortal: boolean): Promise<void> {
    const { gateway } = this;
    await this.raise();
    this.now += STEP_MS;
    await gateway.ask('advance', { ms: STEP_MS });
    await this.settle({ gateway: await gateway.state() });
    await this.tickTrader();
    const [clients, orders] = await Promise.all([gateway.ask<readonly number[]>('clients'), gateway.ask<readonly SeenOrder[]>('orders')]);
    const isHeard = mortal && this.trader?.isAlive === true && this.trader.err.includes('running') && gateway.isAlive && clients?.includes(7) === true && !this.schedule.deaf.has(this.step);
    if (orders !== undefined) this.looks.push({ time: this.now, isHeard, orders });
  }

  /** Whoever is dead, and whose time has come, lives again. */
  private async raise(): Promise<void> {
    const { gateway, trader, back } = this;
    if (!gateway.isAlive && this.step >= (back.gateway ?? 0)) {
      this.deaths.gateway++;
      if (gateway.fault !== undefined) this.faults.push(`the simulator ended by itself with ${gateway.fault}`);
      back.gateway = undefined;
      await gateway.start(this.now);
    }
    if (trader === undefined || trader.isAlive) return;
    if (trader.status === null) {
      if (this.step < (back.trader ?? 0)) return;
      this.deaths.trader++;
    } else {
      // somebody starts it again where the gateway was not there, or gave no history; it may not end by itself for anything else
      const fault = /^(?:BRK_CONNECTION|DATA_FEED): /m.test(trader.err.slice(-2_000)) && !trader.err.includes('running');
      if (!fault) this.faults.push(`the account ended by itself with status ${trader.status}: ${trader.err.slice(-800)}`);
      if (++this.failedStarts % 5 !== 0) return;
    }
    back.trader = undefined;
    this.err += trader.err;
    await this.startTrader();
  }

  /** The trader's time goes on from timer to timer; what each of them sends is answered before the next. */
  private async tickTrader(): Promise<void> {
    const { trader } = this;
    if (trader === undefined) return;
    for (;;) {
      const state = await trader.tick(this.now);
      await this.settle({ trader: state });
      if (state === undefined || state.now >= this.now) return;
    }
  }

  /**
   * Waits until everything that was sent has arrived, and nobody has anything to say to it any more.
   * @param moved who alone moved since it was so the last time
   */
  private async settle(moved: Partial<typeof this.rest>): Promise<void> {
    const { rest, gateway } = this;
    let turn: 'trader' | 'gateway' = 'trader' in moved ? 'trader' : 'gateway';
    let state = moved[turn];
    // they speak in turns: who has read all that the other said, and says nothing to it, ends the talk
    for (let round = 0; round < MOST_ROUNDS && isSameLine(state, rest[turn]); round++) {
      const isSilent = trafficOf(state, gateway.port).written === trafficOf(rest[turn], gateway.port).written;
      rest[turn] = state;
      if (isSilent) return;
      const { written } = trafficOf(state, gateway.port);
      turn = turn === 'trader' ? 'gateway' : 'trader';
      state = turn === 'trader' ? await this.trader?.state(gateway.port, written) : await gateway.state(written);
    }
    await this.settleAnyway();
  }

  /** The same where a line came or went, and what is said can get lost. */
  private async settleAnyway(): Promise<void> {
    let before = '';
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const [trader, gateway] = await Promise.all([this.trader?.state(), this.gateway.state()]);
      this.rest = { trader, gateway };
      if (trader === undefined && gateway === undefined) return;
      const [a, b] = [trafficOf(trader, this.gateway.port), trafficOf(gateway, this.gateway.port)];
      const text = JSON.stringify([a, b]);
      const arrived = trader === undefined || gateway === undefined || (a.written === b.read && b.written === a.read);
      if (text === before && arrived) return;
      before = text;
    }
  }

  /** The sky is clear: what died lives, a person has everything sold, and both come to rest. */
  private async end(): Promise<IbChaosRecord> {
    const { gateway, folder } = this;
    this.back = { trader: 0, gateway: 0 };
    await gateway.dieAt(undefined);
    await this.trader?.dieAt(undefined);
    await this.calm();
    let isFlat = false;
    for (const last = this.step + END_STEPS; this.step < last && !isFlat; this.step++) {
      if (this.step === last - END_STEPS + 60) leaveCommand(join(folder, 'hunted.control'), { command: 'kill', reason: 'it is over' });
      await this.pass(false);
      if (this.step % 20 === 0) await this.calm(); // who died at the last moment came back as it was
      isFlat = this.step > last - END_STEPS + 65 && (await this.isAtRest());
    }
    // what costs came late is found at a comparison
    for (const last = this.step + 90; this.step < last; this.step++) await this.pass(false);
    isFlat &&= await this.isAtRest();
    const account = await gateway.ask<{ readonly cash: number }>('account');
    const orders = (await gateway.ask<readonly SeenOrder[]>('orders', { all: true })) ?? [];
    const executions = (await gateway.ask<readonly SeenExecution[]>('executions')) ?? [];
    if (gateway.fault !== undefined) this.faults.push(`the simulator ended by itself with ${gateway.fault}`);
    const { trader } = this;
    trader?.terminate();
    for (let turn = 0; trader?.isAlive === true && turn < 2_000; turn++) {
      this.now += STEP_MS;
      await this.tickTrader();
    }
    await trader?.ended;
    this.err += trader?.err ?? '';
    if (trader?.status !== 3) this.faults.push(`the account ended with status ${trader?.status}: ${trader?.err.slice(-800)}`);
    return { looks: this.looks, orders, executions, cash: account?.cash ?? Number.NaN, isFlat, lives: this.lives, deaths: this.deaths, faults: this.faults, err: this.err };
  }

  private async isAtRest(): Promise<boolean> {
    const account = await this.gateway.ask<{ readonly positions: readonly unknown[] }>('account');
    const orders = await this.gateway.ask<readonly unknown[]>('orders');
    return account?.positions.length === 0 && orders?.length === 0;
  }

  private async calm(): Promise<void> {
    for (const [name, params] of [['fault', { kind: 'clear' }], ['fault', { kind: 'connectivity', code: 1102 }], ['fault', { kind: 'login' }]] as const) await this.gateway.ask(name, params);
  }
}

/** Whether the lines that stood then stand now. */
const isSameLine = (now: ProcessState | undefined, then: ProcessState | undefined): boolean => now?.opened === then?.opened && now?.open === then?.open;

function trafficOf(state: ProcessState | undefined, port: number): { readonly read: number; readonly written: number } {
  return state?.counts[port] ?? { read: 0, written: 0 };
}

export const traderIsBuilt = existsSync(fileURLToPath(new URL('../../dist/main.js', import.meta.url)));
