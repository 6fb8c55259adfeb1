import { describe, expect, it } from 'vitest';
import { PacingGate, WAY_MS, type PacedRequest } from './pacing-gate.js';

/** A timer that is turned by hand. */
function handTimer() {
  let now = 0;
  const due: Array<{ at: number; call: () => void }> = [];
  return {
    after(ms: number, call: () => void) {
      const entry = { at: now + ms, call };
      due.push(entry);
      return () => void due.splice(due.indexOf(entry), due.includes(entry) ? 1 : 0);
    },
    async turn(ms: number) {
      const end = now + ms;
      for (;;) {
        await Promise.resolve();
        const next = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = next.at;
        due.splice(due.indexOf(next), 1);
        next.call();
      }
      now = end;
      for (let i = 0; i < 10; i++) await Promise.resolve();
    },
    get now() { return now; },
  };
}

const asking = (key: string, series = key, weight = 1): PacedRequest => ({ key, series, weight });

describe('PacingGate', () => {
  it('lets 60 through in ten minutes, and the next as soon as one of them is ten minutes old', async () => {
    const timer = handTimer();
    const gate = new PacingGate(timer);
    const times: number[] = [];
    for (let i = 0; i < 61; i++) void gate.run(asking(`q${i}`), async () => { times.push(timer.now); });
    await timer.turn(599_999 + WAY_MS);
    expect(times).toHaveLength(60);
    await timer.turn(1);
    expect(times).toHaveLength(61);
    expect(times.at(-1)).toBe(600_000 + WAY_MS);
  });

  it('counts bid and ask together twice', async () => {
    const timer = handTimer();
    const gate = new PacingGate(timer);
    let through = 0;
    for (let i = 0; i < 40; i++) void gate.run(asking(`q${i}`, `s${i}`, 2), async () => { through++; });
    await timer.turn(1);
    expect(through).toBe(30);
  });

  it('holds an equal question back for 15 seconds, and other ones pass it', async () => {
    const timer = handTimer();
    const gate = new PacingGate(timer);
    const seen: string[] = [];
    for (const key of ['a', 'a', 'b']) void gate.run(asking(key), async () => { seen.push(`${key}@${timer.now}`); });
    await timer.turn(20_000);
    expect(seen).toEqual(['a@0', 'b@0', `a@${15_000 + WAY_MS}`]);
  });

  it('asks about one contract less than six times in two seconds', async () => {
    const timer = handTimer();
    const gate = new PacingGate(timer);
    const times: number[] = [];
    for (let i = 0; i < 7; i++) void gate.run(asking(`q${i}`, 'one'), async () => { times.push(timer.now); });
    await timer.turn(10_000);
    expect(times).toEqual([0, 0, 0, 0, 0, 2_000 + WAY_MS, 2_000 + WAY_MS]);
  });

  it('counts on after a stop, and has nobody wait for ever', async () => {
    const timer = handTimer();
    const gate = new PacingGate(timer);
    const times: number[] = [];
    const ask = (key: string): Promise<void> => gate.run(asking(key, 'one'), async () => { times.push(timer.now); });
    for (let i = 0; i < 5; i++) await ask(`q${i}`);
    const waiting = ask('left');
    gate.stop();
    await expect(waiting).rejects.toMatchObject({ code: 'BRK_CONNECTION', retry: 'safe' });
    await timer.turn(50_000);
    const after = ask('after');
    await timer.turn(2_000);
    expect(times).toHaveLength(5);
    await timer.turn(WAY_MS);
    await after;
    expect(times.at(-1)).toBe(52_000 + WAY_MS);
  });

  it('lets subscriptions through at once, and counts them with the questions', async () => {
    const timer = handTimer();
    const gate = new PacingGate(timer);
    const times: number[] = [];
    const errors: string[] = [];
    for (let i = 0; i < 61; i++) gate.pass({ series: `s${i}`, weight: 1 }, () => void times.push(timer.now), (error) => void errors.push(error.message));
    expect(times).toHaveLength(60);
    await timer.turn(600_000 + WAY_MS);
    expect(times.at(-1)).toBe(600_000 + WAY_MS);
    gate.pass({ series: 's', weight: 1 }, () => { throw new Error('no line'); }, (error) => void errors.push(error.message));
    expect(errors).toEqual(['no line']);
  });

  it('has at most 50 open, and goes on after one that failed', async () => {
    const timer = handTimer();
    const gate = new PacingGate(timer);
    const fail: Array<() => void> = [];
    let asked = 0;
    const runs = Array.from({ length: 51 }, (_, i) => gate.run(asking(`q${i}`), () => { asked++; return new Promise<void>((_resolve, reject) => fail.push(() => reject(new Error('no')))); }).catch(() => undefined));
    await timer.turn(1);
    expect(asked).toBe(50);
    fail[0]?.();
    await timer.turn(1);
    expect(asked).toBe(51);
    for (const each of fail) each();
    await Promise.all(runs);
  });
});
