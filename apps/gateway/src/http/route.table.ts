import type { OpenAPIObject } from '@nestjs/swagger';

let routes: { pattern: RegExp; methods: string[] }[] = [];

/** Reads the routes off the OpenAPI document, for 405: a router alone only knows that nothing matched. */
export const setRoutes = (document: OpenAPIObject): void => {
  routes = Object.entries(document.paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    methods: Object.keys(operations).map((method) => method.toUpperCase()),
  }));
};

/** The methods a path takes; none when there is no such path. */
export const allowedMethods = (path: string): string[] => [
  ...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
];
