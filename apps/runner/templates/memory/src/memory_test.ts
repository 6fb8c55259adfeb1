import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { toUtcMs } from '@keelson/core/domain';
import type { Episode, MarketState, Memory } from '@keelson/core/ports';
import { memory } from './memory.js';

const folder = mkdtempSync(join(tmpdir(), 'memory-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const create = (path?: string): Memory => memory.create({ params: { path } } as Parameters<typeof memory.create>[0]);
const state = { instrument: 'MES', action: 'long', confidence: 0.5, labels: {} } as unknown as MarketState;
const episode = (id: string, exitTime: number, pnl: number): Episode => ({ id, state, enteredAt: toUtcMs(0), trade: { exitTime, pnl, commission: 1 } }) as unknown as Episode;

describe('__ID__', () => {
  it('counts the winners among the trades that had ended, each once', () => {
    const it = create();
    for (const each of [episode('a', 10, 5), episode('b', 20, 0.5), episode('a', 10, 5)]) it.remember(each);
    assert.deepEqual(it.recall(state, toUtcMs(10)), { sample: 1, winRate: 1 });
    assert.deepEqual(it.recall(state, toUtcMs(20)), { sample: 2, winRate: 0.5 });
    assert.deepEqual(it.recall({ ...state, action: 'short' }, toUtcMs(20)), { sample: 0, winRate: 0 });
  });

  it('remembers after a restart', () => {
    const path = join(folder, 'trades.jsonl');
    create(path).remember(episode('a', 10, 5));
    const again = create(path);
    again.remember(episode('a', 10, 5));
    assert.deepEqual(again.recall(state, toUtcMs(10)), { sample: 1, winRate: 1 });
    assert.deepEqual(create(path).recall(state, toUtcMs(10)), { sample: 1, winRate: 1 });
  });

  it('says which line of its file is damaged', () => {
    const path = join(folder, 'damaged.jsonl');
    writeFileSync(path, '{"id":"a"}\n');
    assert.throws(() => create(path), { code: 'DATA_FORMAT', message: /^line 1 of / });
  });
});
