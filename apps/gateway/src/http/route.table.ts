import type { OpenAPIObject } from '@nestjs/swagger';

let routes: { pattern: RegExp; methods: string[] }[] = [];

const PAGES = ['/docs', '/docs-json'];

/** Reads the routes off the OpenAPI document, for 405 and OPTIONS: a router alone only knows that nothing matched. */
export const setRoutes = (document: OpenAPIObject): void => {
  const described = Object.entries(document.paths).map(([path, operations]) => ({
    path,
    methods: Object.keys(operations),
  }));
  const pages = PAGES.map((path) => ({ path, methods: ['get'] }));
  routes = [...described, ...pages].map(({ path, methods }) => ({
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    methods: methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
  }));
};

/** The methods a path takes; none when there is no such path. */
export const allowedMethods = (path: string): string[] => {
  const methods = new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods));
  return methods.size === 0 ? [] : [...methods, 'OPTIONS'];
};
