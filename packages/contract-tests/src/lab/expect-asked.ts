import { messageOf } from '@keelson/core/errors';
import { expectThat } from '../frame/expectations.js';
import type { LabResult } from './lab-run.js';

/** Fails a card where what is tried was never asked in its account, and says what it lacks. */
export function expectAsked(isAsked: boolean, { error }: LabResult, bars: number): void {
  expectThat(isAsked || error === undefined, `the account could not run: ${messageOf(error)}`, 'one that can: give its features with plugins');
  expectThat(isAsked, `it was never asked on ${bars} bars`, 'features that are warm by then: give more bars (lengthBars)');
}
