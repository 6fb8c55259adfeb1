/** Bytes or fields that do not follow the protocol. `close` tells whether the stream can still be understood after it. */
export class ProtocolFault extends Error {
  constructor(message: string, readonly close: boolean) {
    super(message);
    this.name = 'ProtocolFault';
  }
}
