import * as z from '#zod';
import { proposalsSchema } from './proposals-schema.js';

const fraction = z.number().min(0).max(1);

/** Factors on the weights of strategies, by name, while a regime's label holds. */
const factors = z.record(z.string(), z.number().min(0).max(10));

const performanceSchema = z
  .strictObject({
    lookbackTrades: z.int().min(1).max(10_000).default(50).describe('Newest closed positions of a strategy that count.'),
    shrinkTrades: z.number().min(0).default(20).describe('Positions at which the record counts by half; with fewer the weight stays nearer to the static one.'),
    sensitivity: z.number().positive().max(10).default(1).describe('How far a weight follows the record: factor = 1 + sensitivity × shrunk expectancy.'),
    minFactor: fraction.default(0.25).describe('Least that a weight is multiplied by.'),
    maxFactor: z.number().min(1).max(10).default(2).describe('Most that a weight is multiplied by.'),
    attribution: z.enum(['voters', 'leader']).default('voters').describe('Whose record a position counts to: all strategies that voted for its entry, or the one that led it.'),
  })
  .describe('Weights follow the rolling expectancy of each strategy.');

/** `decision.ensemble:` how votes are weighed, and how many must agree. */
const ensembleSchema = z.strictObject({
  performance: performanceSchema.optional(),
  regime: z.record(z.string(), z.record(z.string(), factors)).optional().describe('Factors on weights by dimension, label and strategy, while the label holds: { volatility: { high: { vwap-reversion: 0 } } }.'),
  minAgreement: z
    .strictObject({
      share: fraction.optional().describe("Least share of the voting weight that must stand behind an entry."),
      strategies: z.int().min(1).optional().describe('Fewest strategies that must vote for an entry on the same bar.'),
    })
    .optional()
    .describe('Holds entries that too few agree on; never an exit.'),
});

/** `decision:` from votes to one signal. */
export const decisionSchema = z.strictObject({
  minConfidence: fraction.default(0.5).describe('Signals below this are held.'),
  memory: z
    .strictObject({
      minSample: z.int().min(1).default(10).describe('Fewest similar trades that count.'),
      boostAbove: fraction.default(0.6).describe('Share of winners above which confidence grows.'),
      penalizeBelow: fraction.default(0.4).describe('Share of winners below which it shrinks.'),
      step: fraction.default(0.1).describe('Confidence added or taken.'),
    })
    .prefault({})
    .describe('How past trades change confidence.'),
  ensemble: ensembleSchema.optional().describe('How votes are weighed, and how many must agree; default: by weight alone.'),
  proposals: proposalsSchema.optional().describe('Proposals from outside, and what must confirm them.'),
});

export type EnsembleSettings = z.output<typeof ensembleSchema>;
export type PerformanceSettings = z.output<typeof performanceSchema>;
