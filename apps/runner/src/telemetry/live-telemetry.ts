import { closeSync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { messageOf } from '@keelson/core/errors';
import type { Logger, TelemetrySink, Timer } from '@keelson/core/ports';
import { openTelemetry, type TelemetryTarget } from './telemetry-target.js';

/** Characters that wait for a disk at most; what comes then is counted and left out. */
const MOST_WAITING = 32 << 20;
/** A disk that hangs holds the end of the process up for so long at most. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 1_000;

/**
 * Lines of a live run. They are written beside the bar path, which waits for none of them: a disk that is slow, full or
 * gone costs lines, never a decision. A file that was moved away, as logrotate does, is begun anew.
 */
export class LiveTelemetry implements TelemetrySink {
  private waiting: string[] = [];
  private size = 0;
  /** Lines that were left out since the last one that was written. */
  private lost = 0;
  private failing = false;
  private work: Promise<void> | undefined;
  private file: FileHandle | undefined;
  private closing = false;

  constructor(
    private readonly target: TelemetryTarget,
    private readonly timer: Timer,
    private readonly logger: Logger,
    private readonly redact: (text: string) => string,
    /** Characters that may wait. */
    private readonly mostWaiting = MOST_WAITING,
  ) {}

  /** Holds the file against what it is to be. @throws KeelsonError `RUN_OUTPUT` */
  open(): void {
    closeSync(openTelemetry(this.target, 'append'));
  }

  write(line: string): void {
    if (this.size + line.length > this.mostWaiting) {
      this.lost++;
      return;
    }
    this.waiting.push(line);
    this.size += line.length;
    this.work ??= this.writeAll();
  }

  /** Writes what waits, for as long as a disk may be waited for. */
  async close(): Promise<void> {
    this.closing = true;
    let calledOff: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => {
      calledOff = this.timer.after(PATIENCE_MS, resolve);
    });
    await Promise.race([this.finish(), patience]);
    calledOff();
  }

  private async finish(): Promise<void> {
    await this.work;
    await this.file?.close().catch(() => undefined);
    this.file = undefined;
  }

  private async writeAll(): Promise<void> {
    await Promise.resolve(); // not on the bar path: behind whatever is being done now
    while (this.waiting.length > 0) {
      const lines = this.waiting;
      const { size } = this;
      this.waiting = [];
      if (await this.attempt(lines)) {
        this.size -= size;
        continue;
      }
      this.waiting = [...lines, ...this.waiting];
      if (this.closing) break;
      await new Promise<void>((resolve) => void this.timer.after(RETRY_MS, resolve));
    }
    this.work = undefined;
  }

  private async attempt(lines: readonly string[]): Promise<boolean> {
    const { lost } = this;
    const gap = lost === 0 ? '' : `${JSON.stringify({ kind: 'lost', lines: lost })}\n`;
    try {
      const file = await this.current();
      // what was left out came behind what waited
      await file.appendFile(this.redact(lines.join('')) + gap);
      this.lost -= lost;
      if (this.failing) this.logger.warn(`telemetry is written again${lost === 0 ? '' : `: ${lost} lines were left out`}`);
      this.failing = false;
      return true;
    } catch (thrown) {
      if (!this.failing) this.logger.error(`the telemetry ${this.target.path} cannot be written: ${messageOf(thrown)}`);
      this.failing = true;
      await this.file?.close().catch(() => undefined);
      this.file = undefined;
      return false;
    }
  }

  /** The file at the path: another one, when the last was moved away. */
  private async current(): Promise<FileHandle> {
    const { path } = this.target;
    if (this.file !== undefined) {
      const [mine, there] = await Promise.all([this.file.stat(), stat(path).catch(() => undefined)]);
      if (there?.ino === mine.ino && there.dev === mine.dev) return this.file;
      await this.file.close();
      this.file = undefined;
    }
    this.file = await open(path, 'a');
    return this.file;
  }
}
