/** Where the lines of telemetry go, one call for each. It may not throw, and nothing waits for it. */
export interface TelemetrySink {
  /** @param line one JSON document, ended by a line feed */
  write(line: string): void;
}
