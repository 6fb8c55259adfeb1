export { createRandom } from './seeded-random.js';
