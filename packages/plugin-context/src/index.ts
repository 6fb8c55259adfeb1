import { definePlugin } from '@keelson/core/plugin';

export default definePlugin({
  name: '@keelson/plugin-context',
  version: '0.1.0',
  api: '^1.0.0',
  provides: [],
  register() {},
});
