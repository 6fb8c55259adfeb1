/*
 * Runs on the loader's thread (https://nodejs.org/api/module.html#customization-hooks): resolves `@keelson/...`
 * and `zod` from the command's own folder when the importing file has none. Files beside a module that is imported a
 * second time, under an address with the mark, get the mark as well: they may have failed with it.
 */
type Resolved = { readonly url: string };
type Context = { readonly parentURL?: string | undefined };
type NextResolve = (specifier: string, context: Context) => Resolved | Promise<Resolved>;

let ownParent = import.meta.url;
let mark = '';

export function initialize(data: { readonly parent: string; readonly mark: string }): void {
  ownParent = data.parent;
  mark = data.mark;
}

export async function resolve(specifier: string, context: Context, next: NextResolve): Promise<Resolved> {
  try {
    const resolved = await next(specifier, context);
    const isMarked = specifier.startsWith('.') && context.parentURL?.endsWith(mark) === true;
    return isMarked ? { ...resolved, url: `${resolved.url}${mark}` } : resolved;
  } catch (error) {
    if (!/^(@keelson\/|zod($|\/))/.test(specifier)) throw error;
    return next(specifier, { ...context, parentURL: ownParent });
  }
}
