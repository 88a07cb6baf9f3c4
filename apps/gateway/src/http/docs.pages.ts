import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FilePieces, PIECE_BYTES } from './file.pieces.ts';

/** The path of the OpenAPI document. */
const DOCUMENT_PATH = '/docs-json';
const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';
const SCRIPT_TYPE = 'text/javascript; charset=utf-8';
const INITIALIZER = 'swagger-initializer.js';
/** The files of swagger-ui-dist that its page loads, with their types. */
const FILES: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'index.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': SCRIPT_TYPE,
  'swagger-ui-standalone-preset.js': SCRIPT_TYPE,
  'favicon-16x16.png': 'image/png',
  'favicon-32x32.png': 'image/png',
};
/** What stands in the initializer of swagger-ui-dist for the document to show. */
const SAMPLE = /url: "https:\/\/[^"]*"/;

/** The paths of the document and of Swagger UI. They take GET and are not in the document. */
export const DOCS_PATHS: readonly string[] = [
  DOCUMENT_PATH,
  ...['/docs', '/docs/', '/docs/index.html'],
  ...[INITIALIZER, ...Object.keys(FILES)].map((name) => `/docs/${name}`),
];

interface Page {
  type: string;
  bytes: Buffer;
}

/**
 * Serves the OpenAPI document and Swagger UI. All of it is read and written once, at the start, so a request costs no file,
 * no copy and no JSON.stringify. SwaggerModule.setup writes the document anew for each request, also as YAML, and opens a
 * file for each asset, which stays open as long as a client does not read.
 */
export const serveDocs = (
  fastify: Pick<FastifyInstance, 'route'>,
  document: OpenAPIObject,
  pieces: Pick<FilePieces, 'streamOf'> = new FilePieces(),
): void => {
  for (const [path, { type, bytes }] of Object.entries(pagesOf(document))) {
    const isLarge = bytes.length > PIECE_BYTES;
    const handler = ({ method, raw }: FastifyRequest, reply: FastifyReply) => {
      void reply
        .header('Content-Type', type)
        .header('Cache-Control', 'no-cache')
        .header('Content-Length', bytes.length);
      if (method === 'HEAD') void reply.send();
      else void reply.send(isLarge ? pieces.streamOf(bytes, raw.socket) : bytes);
    };
    // Fastify's own answer to HEAD would make the stream of GET, answer, and then read the whole file for nobody.
    fastify.route({ method: ['GET', 'HEAD'], url: path, handler });
  }
};

const pagesOf = (document: OpenAPIObject): Record<string, Page> => {
  const json = JSON.stringify(document);
  const index = distFile('index.html').toString('utf8');
  // The links of the page are relative, so that it works under any path of a proxy.
  const page = (folder: string): Page => ({
    type: HTML_TYPE,
    bytes: Buffer.from(index.replace(/(href|src)="(?:\.\/)?/g, `$1="${folder}`)),
  });
  const files = Object.entries(FILES).map(
    ([name, type]) => [`/docs/${name}`, { type, bytes: distFile(name) }] as const,
  );
  return {
    [DOCUMENT_PATH]: { type: JSON_TYPE, bytes: Buffer.from(json) },
    '/docs': page('./docs/'),
    '/docs/': page('./'),
    '/docs/index.html': page('./'),
    [`/docs/${INITIALIZER}`]: { type: SCRIPT_TYPE, bytes: initializer(json) },
    ...Object.fromEntries(files),
  };
};

/** The document is in the script: a page that gave its address would send it to the validator of swagger.io. */
const initializer = (json: string): Buffer => {
  const script = distFile(INITIALIZER).toString('utf8');
  if (!SAMPLE.test(script)) throw new Error(`${INITIALIZER} of swagger-ui-dist has no address of a sample document`);
  return Buffer.from(script.replace(SAMPLE, () => `spec: ${json}`));
};

const { resolve } = createRequire(import.meta.url);
const distFile = (name: string): Buffer => readFileSync(resolve(`swagger-ui-dist/${name}`));
