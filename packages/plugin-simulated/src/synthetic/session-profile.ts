/** How activity spreads over the minutes of one session. */
export type SessionProfile = {
  /** Standard deviation of each minute's return, as a fraction of a whole session's. Squares sum to about 1. */
  readonly deviation: Float64Array;
  /** Share of a session's volume that each minute has on average. */
  readonly volume: Float64Array;
};

const LONG_SESSION_MINUTES = 720;
const FULL_LONG_SESSION_MINUTES = 1_380;
const FULL_DAY_SESSION_MINUTES = 390;
/** Day trading hours of an around-the-clock session, as minutes after its open (09:30 to 16:00 for an 18:00 open). */
const DAY_OPENS = 930;
const DAY_CLOSES = 1_320;
/** European hours begin, 03:00 for an 18:00 open. */
const EUROPE_OPENS = 540;

/**
 * The intraday U-shape: busy at the open and into the close, quiet at noon, quieter at night.
 *
 * Volatility and volume of day sessions are U-shaped (R. Wood, T. McInish and J. Ord, "An investigation of
 * transactions data for NYSE stocks", Journal of Finance 40, 1985). The levels at night and in European hours
 * are our own choice after the look of index futures. A session cut short keeps the shape that it has and
 * loses the variance and the volume of the missing minutes.
 */
export function sessionProfile(minutes: number): SessionProfile {
  const long = minutes > LONG_SESSION_MINUTES;
  const nominal = long ? Math.max(minutes, FULL_LONG_SESSION_MINUTES) : minutes;
  const scale = long ? 1 : Math.min(1, minutes / FULL_DAY_SESSION_MINUTES);
  const deviation = new Float64Array(minutes);
  const volume = new Float64Array(minutes);
  let squares = 0;
  let volumes = 0;
  for (let i = 0; i < nominal; i++) {
    const level = long ? longSessionLevel(i) : uShape(i / minutes);
    squares += level * level;
    volumes += level * level;
    if (i < minutes) {
      deviation[i] = level;
      volume[i] = level * level;
    }
  }
  const root = Math.sqrt(scale / squares);
  for (let i = 0; i < minutes; i++) {
    deviation[i] = (deviation[i] as number) * root;
    volume[i] = ((volume[i] as number) * scale) / volumes;
  }
  return { deviation, volume };
}

/** Volatility over a day session, `x` from 0 at the open to 1 at the close: 2.1 to 0.8 to 1.6. */
function uShape(x: number): number {
  const fromNoon = 2 * x - 1;
  const edge = fromNoon < 0 ? 1.3 : 0.8;
  return 0.8 + edge * fromNoon * fromNoon * Math.abs(fromNoon);
}

function longSessionLevel(minute: number): number {
  if (minute >= DAY_OPENS && minute < DAY_CLOSES) return uShape((minute - DAY_OPENS) / (DAY_CLOSES - DAY_OPENS));
  if (minute >= DAY_CLOSES) return 0.35;
  if (minute >= EUROPE_OPENS) return 0.5;
  return 0.3;
}
