import type { OpenAPIObject } from '@nestjs/swagger';

/** The router knows only that no route matched. This table knows which methods a path has: 405 and OPTIONS need it. */
export class RouteTable {
  private readonly routes: { pattern: RegExp; methods: string[] }[];

  /** @param pages paths that take GET and are not in the document; one that ends with `*` stands for all that begin so */
  constructor({ paths }: Pick<OpenAPIObject, 'paths'>, pages: readonly string[]) {
    const described = Object.entries(paths).map(([path, operations]) => ({ path, methods: Object.keys(operations) }));
    this.routes = [...described, ...pages.map((path) => ({ path, methods: ['get'] }))].map(({ path, methods }) => ({
      pattern: new RegExp(
        `^${path
          .replaceAll('.', '\\.')
          .replace(/\{[^}]+\}/g, '[^/]+')
          .replace(/\*$/, '.*')}$`,
      ),
      methods: methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
    }));
  }

  /** The methods that a path has, as the Allow header lists them; empty when there is no such path. */
  allowedMethods(path: string): string[] {
    const methods = new Set(this.routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods));
    return methods.size === 0 ? [] : [...methods, 'OPTIONS'];
  }
}
