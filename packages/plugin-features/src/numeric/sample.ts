/**
 * One value on its way from a bar into the sums, twice over: in whole ticks (NaN when it is off the grid), and
 * as the price. For a source that is a mean of several prices both are the sum of its parts.
 *
 * Numbers travel between the classes of a feature in fields like these, not as arguments and results: a
 * fraction that crosses a call which the compiler does not inline becomes an object, one per bar.
 */
export class Sample {
  ticks = NaN;
  price = NaN;
}
