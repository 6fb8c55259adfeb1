/** Collects frames and hands them out as one piece, so that a burst of messages is one write. */
export class FrameBuffer {
  private bytes: Buffer;
  private used = 0;

  constructor(private readonly capacity = 64 * 1024) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.used;
  }

  /** Adds one frame: four bytes of length, then the text as UTF-8. */
  add(text: string): void {
    this.reserve(4 + text.length * 3);
    const length = this.bytes.write(text, this.used + 4, 'utf8');
    this.bytes.writeUInt32BE(length, this.used);
    this.used += 4 + length;
  }

  /** Everything added since the last call. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.used);
    this.bytes = Buffer.allocUnsafe(this.capacity);
    this.used = 0;
    return taken;
  }

  private reserve(bytes: number): void {
    if (this.used + bytes <= this.bytes.length) return;
    const wider = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + bytes));
    this.bytes.copy(wider, 0, 0, this.used);
    this.bytes = wider;
  }
}
