import type { BrokenTwin } from './twins.js';

/** A document on a web that a test can make fail or hang. */
export class FakeWeb {
  state: 'well' | 'failing' | 'hanging' = 'well';
  /** Runs once, before the next answer. */
  private changes: Array<(items: unknown[]) => void> = [];

  constructor(private readonly items: () => unknown[]) {}

  readonly fetch = async (_url: string, { signal }: { readonly signal: AbortSignal }): Promise<Response> => {
    if (signal.aborted) throw new Error('called off');
    if (this.state === 'failing') return new Response('', { status: 503 });
    if (this.state === 'hanging') return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('called off'))));
    const items = this.items();
    for (const change of this.changes) change(items);
    return Response.json(items);
  };

  change(change: (items: never[]) => void): void {
    this.changes.push(change as (items: unknown[]) => void);
  }

  readonly control = {
    fail: (): void => void (this.state = 'failing'),
    heal: (): void => {
      this.state = 'well';
      this.changes = [];
    },
    hang: (): void => void (this.state = 'hanging'),
  };
}

/** How a source is asked: what comes first, and the signal that calls it off. */
export type Ask = (about: never, cancel: AbortSignal) => Promise<unknown>;

/** The twins of the cards that all sources share. `subject` is a sound one that is asked in another way, or made in another. */
export function sourceTwins<Subject>(prefix: string, subject: (ask: (own: Ask, web: FakeWeb) => Ask, make?: (web: FakeWeb) => void) => Subject): ReadonlyArray<BrokenTwin<Subject>> {
  return [
    {
      breaks: `${prefix}-500`,
      how: 'throws while it owes an answer',
      subject: () =>
        subject((own) => {
          let busy = false;
          return (about, cancel) => {
            if (busy) throw new Error('busy');
            busy = true;
            return own(about, cancel).finally(() => (busy = false));
          };
        }),
    },
    { breaks: `${prefix}-510`, how: 'connects when it is made', subject: () => subject((own) => own, (web) => { if (web.state === 'failing') throw new Error('nobody there'); }) },
    {
      breaks: `${prefix}-520`,
      how: 'says what it said last when it knows no more',
      subject: () =>
        subject((own, web) => {
          let last: unknown;
          return async (about, cancel) => (web.state === 'failing' && last !== undefined ? last : (last = await own(about, cancel)));
        }),
    },
    {
      breaks: `${prefix}-530`,
      how: 'gives up for good',
      subject: () =>
        subject((own, web) => {
          let over = false;
          return async (about, cancel) => {
            over ||= web.state === 'failing';
            if (over) throw new Error('given up');
            return own(about, cancel);
          };
        }),
    },
    { breaks: `${prefix}-540`, how: 'does not hear that it is called off', subject: () => subject((own) => (about) => own(about, new AbortController().signal)) },
    {
      breaks: `${prefix}-590`,
      how: 'leaves a promise that nobody awaits',
      subject: () =>
        subject((own, web) => {
          let asked = 0;
          return (about, cancel) => {
            if (++asked > 3 && web.state === 'failing') void Promise.reject(new Error('the count of failures could not be written'));
            return own(about, cancel);
          };
        }),
    },
  ];
}
