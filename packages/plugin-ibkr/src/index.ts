import { definePlugin } from '@keelson/core/plugin';
import { z } from 'zod';

export default definePlugin({
  name: '@keelson/plugin-ibkr',
  version: '0.1.0',
  api: '^1.0.0',
  config: z.strictObject({}),
  provides: [],
  register() {},
});
