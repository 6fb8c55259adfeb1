export type { AccountConfig, SizingSettings } from './account-schema.js';
export { accountSchema, dataSchema } from './account-schema.js';
export type { ExitSettings } from './exits-schema.js';
export type { RiskSettings } from './risk-schema.js';
