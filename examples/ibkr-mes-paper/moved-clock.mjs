/*
 * Lets a process live in another time, so that a session can be tried on a weekend, and in seconds:
 * KEELSON_CLOCK_START=2026-05-04T14:30:00Z KEELSON_CLOCK_FROM=$(date +%s000) KEELSON_CLOCK_SPEED=20 NODE_OPTIONS="--import ./moved-clock.mjs"
 * At KEELSON_CLOCK_FROM of the machine (ms since 1970) it is KEELSON_CLOCK_START, and from there it goes so many times as
 * fast. Simulator and account need the same three. Nothing of this is for a real gateway.
 */
const { KEELSON_CLOCK_START: start, KEELSON_CLOCK_FROM: from, KEELSON_CLOCK_SPEED: speed = '1' } = process.env;
const begin = Date.parse(start ?? '');
const origin = Number(from);
const factor = Number(speed);
if (!Number.isFinite(begin) || !(origin > 0) || !(factor > 0)) throw new Error('KEELSON_CLOCK_START, KEELSON_CLOCK_FROM and KEELSON_CLOCK_SPEED were expected');

const { setTimeout: wait, setInterval: repeat, Date: RealDate } = globalThis;
const realNow = RealDate.now;
const now = () => begin + (realNow() - origin) * factor;
globalThis.setTimeout = (call, ms = 0, ...args) => wait(call, ms / factor, ...args);
globalThis.setInterval = (call, ms = 0, ...args) => repeat(call, ms / factor, ...args);
globalThis.Date = new Proxy(RealDate, { construct: (target, args) => (args.length === 0 ? new target(now()) : new target(...args)) });
RealDate.now = now;
