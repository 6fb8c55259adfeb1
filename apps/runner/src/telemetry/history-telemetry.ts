import { closeSync, writeSync } from 'node:fs';
import type { TelemetrySink } from '@keelson/core/ports';
import { lostTelemetry, openTelemetry, type TelemetryTarget } from './telemetry-target.js';

const CHUNK = 1 << 18;

/** Lines of a run over the past: written in chunks, all of them, or the run fails. */
export class HistoryTelemetry implements TelemetrySink {
  private file: number | undefined;
  private text = '';

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
    this.text += line;
    if (this.text.length >= CHUNK) this.flush();
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

  private flush(): void {
    const bytes = Buffer.from(this.redact(this.text));
    this.text = '';
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.file as number, bytes, at);
    } catch (thrown) {
      throw lostTelemetry(this.target.path, thrown);
    }
  }
}
