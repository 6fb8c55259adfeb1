/*
 * Runs on the loader's thread (https://nodejs.org/api/module.html#customization-hooks): resolves `@keelson/...`
 * and `zod` from the command's own folder when the importing file has none.
 */
type Resolved = { readonly url: string };
type Context = { readonly parentURL?: string | undefined };
type NextResolve = (specifier: string, context: Context) => Resolved | Promise<Resolved>;

let ownParent = import.meta.url;

export function initialize(data: { readonly parent: string }): void {
  ownParent = data.parent;
}

export async function resolve(specifier: string, context: Context, next: NextResolve): Promise<Resolved> {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!/^(@keelson\/|zod($|\/))/.test(specifier)) throw error;
    return next(specifier, { ...context, parentURL: ownParent });
  }
}
