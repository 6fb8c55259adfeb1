import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataError, messageOf } from '@keelson/core/errors';
import { defineProposalSource } from '@keelson/core/plugin';
import type { Proposal } from '@keelson/core/ports';
import { z } from 'zod';
import { parseProposals } from './parse-proposals.js';

/**
 * `file`: proposals from a text file with one JSON object a line (JSON Lines), which a person or any program
 * appends to. It is read anew when its size or time of change differs; a fault in any line silences the file
 * until it is mended, and names the line.
 *
 * Config: `path`, relative to the account file; `everyMs`, how often to look (default five minutes);
 * `latencyMs`, how long after its making a proposal arrives (default 0).
 *
 * @throws DataError DATA_MISSING, DATA_FORMAT out of `poll`; the kernel reports it and goes on without
 */
export const fileProposals = defineProposalSource({
  params: z.strictObject({
    path: z.string().min(1).describe('The file, relative to the account file.'),
    everyMs: z.int().positive().default(300_000).describe('How often to look for more.'),
    latencyMs: z.int().min(0).default(0).describe('How long after its making a proposal arrives.'),
  }),
  create: ({ params, baseDir }) => {
    const path = resolve(baseDir, params.path);
    let seen = '';
    return {
      schedule: { everyMs: params.everyMs, latencyMs: params.latencyMs },
      async poll(): Promise<readonly Proposal[]> {
        const { size, mtimeMs } = await stat(path).catch(unreadable(params.path));
        const state = `${size} ${mtimeMs}`;
        if (state === seen) return [];
        const proposals = parseProposals(params.path, await readFile(path, 'utf8').catch(unreadable(params.path)));
        seen = state;
        return proposals;
      },
    };
  },
});

function unreadable(file: string): (cause: unknown) => never {
  return (cause) => {
    const missing = (cause as { readonly code?: unknown }).code === 'ENOENT';
    throw missing
      ? new DataError('DATA_MISSING', `${file} does not exist, expected a file with proposals`, { hint: 'make it, also when it is empty; the path is relative to the account file', cause })
      : new DataError('DATA_FORMAT', `${file} cannot be read (${messageOf(cause)}), expected a readable file`, { hint: 'correct its permissions', cause });
  };
}
