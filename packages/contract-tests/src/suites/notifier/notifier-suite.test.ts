import { defineNotifier } from '@keelson/core/plugin';
import type { Notification, Schema } from '@keelson/core/ports';
import { z } from 'zod';
import { proveSuite } from '../../../testing/twins.js';
import { notifierSuite, type NotifierSubject } from './notifier-suite.js';

const TOKEN = 'token-8f3a';
const strict = z.strictObject({ token: z.string().default(TOKEN) });

/** A service that a test can make fail or hang. */
class Service {
  readonly texts: string[] = [];
  state: 'well' | 'failing' | 'hanging' = 'well';
  limit: () => void = () => undefined;

  async post(text: string): Promise<void> {
    if (this.state === 'failing') throw new Error('the service is away');
    if (this.state === 'hanging') await new Promise<void>((_resolve, reject) => (this.limit = () => reject(new Error('no answer in time'))));
    this.texts.push(text);
  }
}

type Deliver = (service: Service, notification: Notification) => Promise<void>;
const sound: Deliver = (service, { severity, title, text }) => service.post(`[${severity}] ${title}: ${text}`);

function subject(deliver: Deliver, params: Schema = strict): NotifierSubject {
  let service = new Service();
  return {
    secrets: [TOKEN],
    outside: () => {
      service = new Service();
      return {
        arrived: () => service.texts,
        fail: () => void (service.state = 'failing'),
        heal: () => void (service.state = 'well'),
        hang: () => void (service.state = 'hanging'),
        letTimePass: () => service.limit(),
      };
    },
    definition: defineNotifier({ params, create: () => ({ notify: (notification) => deliver(service, notification) }) }),
  };
}

let served = 0;

proveSuite(notifierSuite, () => subject(sound), [
  { breaks: 'NTF-010', how: 'takes other defaults each time', subject: () => subject(sound, z.strictObject({ retries: z.number().default(() => ++served) })) },
  { breaks: 'NTF-020', how: 'lets any setting pass', subject: () => subject(sound, z.object({ token: z.string().default(TOKEN) })) },
  { breaks: 'NTF-030', how: 'lets any value pass', subject: () => subject(sound, z.strictObject({ token: z.unknown().default(TOKEN) })) },
  { breaks: 'NTF-040', how: 'leaves the text out', subject: () => subject((service, { severity, title }) => service.post(`[${severity}] ${title}`)) },
  {
    breaks: 'NTF-050',
    how: 'sends the newest first',
    subject: () => {
      const waiting: Array<() => Promise<void>> = [];
      return subject(async (service, notification) => {
        waiting.push(() => sound(service, notification));
        await Promise.resolve();
        await waiting.pop()?.();
      });
    },
  },
  { breaks: 'NTF-060', how: 'does not end a delivery that was its first', subject: () => subject((service, notification) => (notification.title === 'title-1' && notification.text === 'text-1' && service.state === 'well' ? sound(service, notification).then(() => new Promise<void>(() => undefined)) : sound(service, notification))) },
  {
    breaks: 'NTF-070',
    how: 'swallows a failure',
    subject: () => subject(async (service, notification) => (service.state === 'failing' ? undefined : sound(service, notification))),
  },
  {
    breaks: 'NTF-080',
    how: 'is silent after a failure',
    subject: () => {
      const silent = new WeakSet<Service>();
      return subject(async (service, notification) => {
        if (silent.has(service)) return;
        if (service.state === 'failing') silent.add(service);
        await sound(service, notification);
      });
    },
  },
  { breaks: 'NTF-090', how: 'waits for ever', subject: () => subject((service, notification) => (service.state === 'hanging' ? new Promise<void>(() => undefined) : sound(service, notification))) },
  {
    breaks: 'NTF-100',
    how: 'tells its token with a failure',
    subject: () =>
      subject(async (service, notification) => {
        if (service.state === 'failing') throw new Error(`refused with ${TOKEN}`);
        await sound(service, notification);
      }),
  },
  {
    breaks: 'NTF-110',
    how: 'refuses what is long',
    subject: () =>
      subject(async (service, notification) => {
        if (notification.text.length > 4096) throw new Error('too long');
        await sound(service, notification);
      }),
  },
  {
    breaks: 'NTF-120',
    how: 'writes its own title',
    subject: () =>
      subject((service, notification) => {
        const delivery = sound(service, notification);
        Object.assign(notification, { title: 'sent' });
        return delivery;
      }),
  },
]);
