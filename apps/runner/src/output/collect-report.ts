import type { BarWindow } from '@keelson/core/domain';
import type { AccountConfig } from '@keelson/core/config';
import type { BacktestOutcome } from './backtest-json.js';
import { PriceRecorder } from '../report/price-recorder.js';
import type { ReportData } from '../report/report-data.js';

/** Gathers during a run what the report shows beside the result. */
export class ReportCollector {
  private readonly prices: readonly PriceRecorder[];

  constructor(private readonly config: AccountConfig) {
    this.prices = config.instruments.map(() => new PriceRecorder());
  }

  readonly observeBar = (instrument: number, bars: BarWindow): void => {
    const i = bars.index;
    this.prices[instrument]?.record(bars.time[i] as number, bars.open[i] as number, bars.high[i] as number, bars.low[i] as number, bars.close[i] as number, bars.volume[i] as number);
  };

  /** @param configYaml the account file as text, without secrets */
  data({ result, warnings }: BacktestOutcome, version: string, configYaml: string): ReportData {
    const { account, baseCurrency, from, to, bars, partial, halted, statistics, equity, trades, openPositions, orders, ordersHash, provenance } = result;
    return {
      account,
      baseCurrency,
      version,
      timeframe: this.config.data.timeframe,
      from,
      to,
      bars,
      partial,
      halted,
      statistics,
      curve: equity.points(),
      sessionTimes: equity.sessionTimes(),
      sessionEquity: equity.sessionEquity(),
      trades,
      openPositions,
      prices: this.config.instruments.flatMap(({ id, tickSize, currency }, i) => {
        const rows = this.prices[i]?.bars();
        return rows === undefined || rows.length === 0 ? [] : [{ instrument: id, tickSize, currency, bars: rows }];
      }),
      orders,
      ordersHash,
      configYaml,
      provenance,
      warnings,
    };
  }
}
