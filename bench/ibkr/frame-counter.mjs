/** Counts the messages in a stream of bytes: each begins with its length in four bytes. */
export class FrameCounter {
  messages = 0;
  left = 0;
  head = 0;
  headBytes = 0;

  take(chunk) {
    for (let at = 0; at < chunk.length; ) {
      if (this.left > 0) {
        const taken = Math.min(this.left, chunk.length - at);
        this.left -= taken;
        at += taken;
        continue;
      }
      this.head = this.head * 256 + chunk[at++];
      if (++this.headBytes < 4) continue;
      this.left = this.head;
      this.head = this.headBytes = 0;
      this.messages++;
    }
  }
}
