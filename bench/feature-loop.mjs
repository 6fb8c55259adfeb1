/*
 * The loops that are measured. They are imported anew for each feature (`./feature-loop.mjs?sma`), so that each has code
 * of its own: one feature's types must not slow down the next one's calls.
 */

export function runFeature(feature, window, out, length) {
  for (let i = 0; i < length; i++) {
    window.index = i;
    window.count = i + 1;
    feature.update(window, out);
  }
}

export function runNextValue(rival, inputs, length) {
  for (let i = 0; i < length; i++) rival.nextValue(inputs[i]);
}

export function runUpdate(rival, inputs, length) {
  for (let i = 0; i < length; i++) rival.update(inputs[i], false);
}
