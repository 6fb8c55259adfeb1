import { closeSync, writeSync } from 'node:fs';
import { isKeelsonError, type KeelsonError } from '@keelson/core/errors';
import type { TelemetrySink } from '@keelson/core/ports';
import { lostTelemetry, openTelemetry, type TelemetryTarget } from './telemetry-target.js';

const CHUNK = 1 << 18;

/**
 * Lines of a run over the past: written in chunks, all of them, or the run fails. Of one that is played like a live run
 * they are written as soon as the process has a moment.
 */
export class HistoryTelemetry implements TelemetrySink {
  private file: number | undefined;
  private text = '';
  private soon: NodeJS.Immediate | undefined;
  private fault: KeelsonError | undefined;

  constructor(
    private readonly target: TelemetryTarget,
    private readonly begin: 'anew' | 'append',
    private readonly redact: (text: string) => string,
  ) {}

  /** @throws KeelsonError `RUN_OUTPUT` */
  open(): void {
    this.file = openTelemetry(this.target, this.begin);
  }

  write(line: string): void {
    if (this.fault !== undefined) throw this.fault;
    this.text += line;
    if (this.text.length >= CHUNK) this.flush();
    else if (this.begin === 'append') this.soon ??= setImmediate(this.flushSoon);
  }

  async close(): Promise<void> {
    if (this.file === undefined) return;
    try {
      this.flush();
    } finally {
      closeSync(this.file);
      this.file = undefined;
    }
  }

  private readonly flushSoon = (): void => {
    this.soon = undefined;
    try {
      this.flush();
    } catch (thrown) {
      this.fault = isKeelsonError(thrown) ? thrown : lostTelemetry(this.target.path, thrown); // the next line throws it, where somebody listens
    }
  };

  private flush(): void {
    if (this.file === undefined) return;
    const bytes = Buffer.from(this.redact(this.text));
    this.text = '';
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
    } catch (thrown) {
      throw lostTelemetry(this.target.path, thrown);
    }
  }
}
