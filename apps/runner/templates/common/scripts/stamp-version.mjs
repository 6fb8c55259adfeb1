// Writes the version of package.json into src/version.ts, after `changeset version` has changed it.
import { readFileSync, writeFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
writeFileSync(new URL('../src/version.ts', import.meta.url), `/** Version of this package; \`npm run version\` writes it. */\nexport const VERSION = '${version}';\n`);
