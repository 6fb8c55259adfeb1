/*
 * The streaming classes of two libraries, by our feature: what they are made of, and what they take on each bar. The
 * objects they take are made beforehand, outside of the time.
 */

const indicators = await import('technicalindicators');
const signals = await import('trading-signals');

const close = (market) => market.closes;
const volumes = (market) => market.volumes;
const candles = (market) => market.candles;
const EMPTY = { values: [], open: [], high: [], low: [], close: [], volume: [] };
const ti = (name, params, input) => ({ make: () => new indicators[name]({ ...EMPTY, ...params }), loop: 'runNextValue', input });
const ts = (name, args, input) => ({ make: () => new signals[name](...args), loop: 'runUpdate', input });

const averages = { period: 20 };

export const TECHNICALINDICATORS = {
  sma: ti('SMA', averages, close),
  ema: ti('EMA', averages, close),
  wma: ti('WMA', averages, close),
  vwap: ti('VWAP', {}, candles),
  rsi: ti('RSI', { period: 14 }, close),
  macd: ti('MACD', { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, SimpleMAOscillator: false, SimpleMASignal: false }, close),
  roc: ti('ROC', { period: 10 }, close),
  stochastic: ti('Stochastic', { period: 14, signalPeriod: 3 }, candles),
  'stoch-rsi': ti('StochasticRSI', { rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 3, dPeriod: 3 }, close),
  cci: ti('CCI', { period: 20 }, candles),
  'williams-r': ti('WilliamsR', { period: 14 }, candles),
  mfi: ti('MFI', { period: 14 }, candles),
  trix: ti('TRIX', { period: 15 }, close),
  'awesome-oscillator': ti('AwesomeOscillator', { fastPeriod: 5, slowPeriod: 34 }, candles),
  adx: ti('ADX', { period: 14 }, candles),
  'parabolic-sar': ti('PSAR', { step: 0.02, max: 0.2 }, candles),
  ichimoku: ti('IchimokuCloud', { conversionPeriod: 9, basePeriod: 26, spanPeriod: 52, displacement: 26 }, candles),
  keltner: ti('KeltnerChannels', { maPeriod: 20, atrPeriod: 10, useSMA: false, multiplier: 2 }, candles),
  chandelier: ti('ChandelierExit', { period: 22, multiplier: 3 }, candles),
  atr: ti('ATR', { period: 14 }, candles),
  'true-range': ti('TrueRange', {}, candles),
  bollinger: ti('BollingerBands', { period: 20, stdDev: 2 }, close),
  obv: ti('OBV', {}, candles),
  'accumulation-distribution': ti('ADL', {}, candles),
  'force-index': ti('ForceIndex', { period: 13 }, candles),
};

export const TRADING_SIGNALS = {
  sma: ts('SMA', [20], close),
  ema: ts('EMA', [20], close),
  wma: ts('WMA', [20], close),
  dema: ts('DEMA', [20], close),
  tema: ts('TEMA', [20], close),
  hull: ts('HMA', [20], close),
  kama: ts('KAMA', [10], close),
  zlema: ts('ZLEMA', [20], close),
  alma: ts('ALMA', [20], close),
  trima: ts('TRIMA', [20], close),
  smma: ts('RMA', [20], close),
  vwma: ts('VWMA', [20], candles),
  vwap: ts('VWAP', [], candles),
  rsi: ts('RSI', [14], close),
  roc: ts('ROC', [10], close),
  momentum: ts('MOM', [10], close),
  cmo: ts('CMO', [14], close),
  stochastic: ts('StochasticOscillator', [14, 3, 3], candles),
  'stoch-rsi': ts('StochasticRSI', [14], close),
  cci: ts('CCI', [20], candles),
  'williams-r': ts('WilliamsR', [14], candles),
  mfi: ts('MFI', [14], candles),
  'awesome-oscillator': ts('AO', [5, 34], candles),
  adx: ts('ADX', [14], candles),
  'parabolic-sar': ts('PSAR', [{ accelerationMax: 0.2, accelerationStep: 0.02 }], candles),
  donchian: ts('DonchianChannels', [20], candles),
  atr: ts('ATR', [14], candles),
  natr: ts('NATR', [14], candles),
  'true-range': ts('TR', [], candles),
  bollinger: ts('BollingerBands', [20, 2], close),
  'realised-volatility': ts('RogersSatchellVolatility', [20], candles),
  'chaikin-volatility': ts('CVI', [10], candles),
  'ulcer-index': ts('UlcerIndex', [14], close),
  choppiness: ts('CHOP', [14], candles),
  'mass-index': ts('MassIndex', [25], candles),
  obv: ts('OBV', [2], candles),
  'accumulation-distribution': ts('AD', [], candles),
  'chaikin-oscillator': ts('ADOSC', [], candles),
  'chaikin-money-flow': ts('CMF', [21], candles),
  'force-index': ts('ForceIndex', [13], candles),
  'ease-of-movement': ts('EMV', [14], candles),
  'price-volume-trend': ts('PVT', [], candles),
  'negative-volume-index': ts('NVI', [], candles),
  'positive-volume-index': ts('PVI', [], candles),
  'volume-ratio': ts('RVOL', [20], volumes),
};
