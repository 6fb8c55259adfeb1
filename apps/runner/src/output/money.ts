/**
 * Active ISO-4217 currencies (https://www.iso.org/iso-4217-currency-codes.html) by decimals of the minor unit.
 * A list instead of `Intl`: results must not depend on the machine's ICU.
 */
const TWO =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNH CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG';
const ZERO = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const THREE = 'BHD IQD JOD KWD LYD OMR TND';

const DECIMALS = new Map<string, number>([
  ...TWO.split(' ').map((code): [string, number] => [code, 2]),
  ...ZERO.split(' ').map((code): [string, number] => [code, 0]),
  ...THREE.split(' ').map((code): [string, number] => [code, 3]),
]);

/** Decimals that amounts of a currency are shown and written with: its minor unit's, or 8 for coins. */
export function decimalsOf(currency: string): number {
  return DECIMALS.get(currency.toUpperCase()) ?? 8;
}

/** An amount rounded to its currency's minor unit, halves away from zero. */
export function roundMoney(amount: number, currency: string): number {
  if (!Number.isFinite(amount)) return amount;
  const decimals = decimalsOf(currency);
  const scaled = Math.abs(amount) * 10 ** decimals;
  // beyond this a double has no digits to round; below, 1e-9 absorbs the binary error of a decimal half
  if (scaled > 2 ** 52) return amount;
  const rounded = Math.round(scaled * (1 + 1e-15) + 1e-9) / 10 ** decimals;
  return amount < 0 && rounded !== 0 ? -rounded : rounded;
}

/** `12345.6` as `12,345.60`. */
export function formatNumber(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && /[1-9]/.test(text) ? '-' : '';
  return `${sign}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** `12,345.60 USD`; coins without trailing zeros. */
export function formatMoney(amount: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const text = formatNumber(roundMoney(amount, currency), decimals);
  return `${decimals === 8 ? text.replace(/0{1,6}$/, '') : text} ${currency}`;
}
