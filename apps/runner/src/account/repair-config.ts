import { accountSchema, jsonSchemaOf, schemaFaults, valueAt, type AccountConfig, type JsonSchema } from '@keelson/core/config';

/** An account made whole for the sake of checking its other parts, and the paths that are not the user's. */
export type RepairedConfig = { readonly config: AccountConfig; readonly repaired: readonly string[] };

type Tree = Record<PropertyKey, unknown>;

const ROUNDS = 6;

/**
 * An account that the schema accepts, made from one that it does not: faulty values are taken out, required ones
 * get a stand-in. Only for finding more faults in the same pass; it is never run. Undefined when that fails.
 */
export function repairConfig(value: unknown): RepairedConfig | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const copy = structuredClone(value) as Tree;
  const repaired: string[] = [];
  const json = jsonSchemaOf(accountSchema);
  for (let round = 0; round < ROUNDS; round++) {
    const result = accountSchema.safeParse(copy);
    if (result.success) return { config: result.data, repaired };
    for (const fault of schemaFaults('CFG_TYPE', '', result.error.issues, copy, accountSchema)) {
      const path = String(fault.context['path']);
      if (path === '') return undefined;
      repaired.push(path);
      repair(copy, path.split('.'), json);
    }
  }
  return undefined;
}

function repair(root: Tree, keys: readonly string[], json: JsonSchema | undefined): void {
  const parent = valueAt(root, keys.slice(0, -1)) as Tree | undefined;
  const key = keys.at(-1) as string;
  if (typeof parent !== 'object' || parent === null) return;
  const had = Object.hasOwn(parent, key);
  const stand = json === undefined ? undefined : standIn(json, keys);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (had && parent[key] !== undefined) delete parent[key];
  else if (stand !== undefined) parent[key] = stand;
  else if (keys.length > 1) repair(root, keys.slice(0, -1), json); // such as a part that says by a key what it is
}

/** Something that the schema takes at a path. */
function standIn(json: JsonSchema, keys: readonly string[]): unknown {
  let node: JsonSchema | undefined = json;
  for (const key of keys) {
    const branch: JsonSchema | undefined = node?.anyOf?.at(-1) ?? node;
    node = branch?.properties?.[key] ?? branch?.items;
  }
  if (node === undefined) return undefined;
  if (keys.at(-1) === 'timeframe') return '1m';
  if (node.enum !== undefined) return node.enum[0];
  switch (node.type) {
    case 'number':
    case 'integer':
      return 1;
    case 'string':
      return keys.at(-1) === 'currency' ? 'USD' : 'x';
    case 'boolean':
      return false;
    case 'object':
      return {};
    default:
      return undefined;
  }
}
