import { expect, it } from 'vitest';
import { OutgoingMessage } from './outgoing-message.js';

it('text for newer clients is ASCII, line ends among it as they are', () => {
  expect(new OutgoingMessage(4).ascii('Order Message:\nSociété 株').body).toBe('4\0Order Message:\nSoci\\u00e9t\\u00e9 \\u682a\0');
});
