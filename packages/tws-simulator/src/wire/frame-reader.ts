import { ProtocolFault } from './protocol-fault.js';

/** Longest frame that is taken as one: the limit of the official clients. */
const MAX_FRAME_BYTES = 0xff_ffff;
const API_SIGN = Buffer.from('API\0');

/**
 * Cuts a byte stream into frames: first the sign `API\0`, then frames with a length of four bytes, most significant first.
 * Bytes may come in any pieces.
 */
export class FrameReader {
  private held: Buffer = Buffer.alloc(0);
  private signed = false;

  /**
   * Takes the bytes that came and gives the text of every frame that they complete.
   * @throws ProtocolFault when the peer does not speak the protocol
   */
  push(chunk: Buffer): string[] {
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const frames: string[] = [];
    let at = 0;
    if (!this.signed) {
      const seen = Math.min(this.held.length, API_SIGN.length);
      if (this.held.compare(API_SIGN, 0, seen, 0, seen) !== 0) {
        throw new ProtocolFault(`first bytes were ${JSON.stringify(this.held.toString('latin1', 0, 16))}, expected API and a NUL: this port speaks the TWS socket protocol`, true);
      }
      if (seen < API_SIGN.length) return frames;
      this.signed = true;
      at = API_SIGN.length;
    }
    while (this.held.length - at >= 4) {
      const length = this.held.readUInt32BE(at);
      if (length > MAX_FRAME_BYTES) throw new ProtocolFault(`frame of ${length} bytes, expected at most ${MAX_FRAME_BYTES}`, true);
      if (this.held.length - at - 4 < length) break;
      frames.push(this.held.toString('utf8', at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.held = at === this.held.length ? Buffer.alloc(0) : this.held.subarray(at);
    return frames;
  }
}
