import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { toUtcMs } from '@keelson/core/domain';
import type { Notification } from '@keelson/core/ports';
import { notifier } from './notifier.js';

const bodies: unknown[] = [];
let answer = 200;
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    bodies.push(JSON.parse(text));
    if (answer !== 0) response.writeHead(answer).end();
  });
});
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const send = (severity: Notification['severity'], timeoutMs = 5000): Promise<void> => {
  const { port } = server.address() as AddressInfo;
  const instance = notifier.create({ params: { webhookUrl: `http://127.0.0.1:${port}/my-secret`, minSeverity: 'warning', timeoutMs } } as Parameters<typeof notifier.create>[0]);
  return instance.notify({ severity, title: 'Halted', text: 'daily loss', time: toUtcMs(0) });
};

describe('__ID__', () => {
  it('posts what is severe enough', async () => {
    answer = 204;
    await send('info');
    await send('critical');
    assert.deepEqual(bodies.splice(0), [{ severity: 'critical', title: 'Halted', text: 'daily loss', time: '1970-01-01T00:00:00Z' }]);
  });

  it('rejects when the webhook refuses or is silent, and keeps its address to itself', async () => {
    answer = 500;
    const shows = (error: Error): boolean => /my-secret/.test(`${error.message}${error.stack ?? ''}`);
    await assert.rejects(send('warning'), (error: Error) => /answered 500/.test(error.message) && !shows(error));
    answer = 0;
    await assert.rejects(send('warning', 100), (error: Error) => /did not answer within 100 ms/.test(error.message) && !shows(error));
  });
});
