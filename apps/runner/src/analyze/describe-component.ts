import type { Component } from './components.js';

/** A component in words, for people. @param feed id of the account's data feed */
export function describeComponent(component: Component, feed: string): string {
  const { kind, name, plugin, instrument, timeframe, params, place } = component;
  switch (kind) {
    case 'bars':
      return `${timeframe} bars of ${instrument} from feed '${feed}'`;
    case 'higher bars':
      return `${timeframe} bars of ${instrument}, built from shorter ones`;
    case 'feature':
      return `feature '${name}' of ${plugin} on ${timeframe} bars of ${instrument}, params ${params}`;
    case 'regime':
    case 'strategy':
      return `${kind} '${name}' of ${plugin} on ${instrument} (${kind === 'regime' ? 'regimes' : 'strategies'}.${place})`;
    case 'signals':
      return 'signals, after votes, hooks and the confidence gate';
    case 'orders':
      return 'orders: exits, sizing, overlays and limits';
    case 'venue':
      return 'the venue: fills and other events';
  }
}

/** A component in fields, for programs. */
export function componentFields({ kind, name, plugin, instrument, timeframe, params, place }: Component): Readonly<Record<string, unknown>> {
  return {
    kind: kind === 'higher bars' ? 'bars' : kind,
    name,
    ...(plugin === undefined ? {} : { plugin }),
    ...(instrument === undefined ? {} : { instrument }),
    ...(timeframe === undefined ? {} : { timeframe }),
    ...(params === undefined ? {} : { params: JSON.parse(params) as unknown }),
    ...(place === undefined ? {} : { path: `${kind === 'regime' ? 'regimes' : 'strategies'}.${place}` }),
  };
}
