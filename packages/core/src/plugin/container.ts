import 'reflect-metadata';
import { container as root, type DependencyContainer, type InjectionToken } from 'tsyringe';
import type { Token } from './tokens.js';

/** Services of one account, typed by token. Backed by a child container of tsyringe; never the global one. */
export interface PluginContainer {
  provide<T>(token: Token<T>, value: T): void;
  /** Made at the first `get` and kept. */
  provideLazily<T>(token: Token<T>, create: (container: PluginContainer) => T): void;
  /** @throws when nothing was provided under the token */
  get<T>(token: Token<T>): T;
  has<T>(token: Token<T>): boolean;
  /** A class whose constructor names its services with `@inject(TOKEN.key)`. */
  construct<T>(type: new (...args: never[]) => T): T;
}

/** A container that shares nothing with any other account's. */
export function createContainer(): PluginContainer {
  const child: DependencyContainer = root.createChildContainer();
  const container: PluginContainer = {
    provide(token, value) {
      child.register(token.key, { useValue: value });
    },
    provideLazily(token, create) {
      let made: { readonly value: ReturnType<typeof create> } | undefined;
      child.register(token.key, { useFactory: () => (made ??= { value: create(container) }).value });
    },
    get<T>(token: Token<T>): T {
      return child.resolve<T>(token.key);
    },
    has: (token) => child.isRegistered(token.key),
    construct: <T>(type: new (...args: never[]) => T): T => child.resolve(type as InjectionToken<T>),
  };
  return container;
}
