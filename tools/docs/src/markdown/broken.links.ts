import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { anchorsIn, linksIn } from './markdown.links.ts';

const isExternal = (target: string): boolean => /^[a-z][a-z\d+.-]*:/i.test(target);

/** What is wrong with a link of a document; undefined when it leads somewhere. */
const faultOf = (target: string, file: string): string | undefined => {
  const [path = '', anchor] = target.split('#', 2);
  if (path.startsWith('/')) return 'is not relative';
  const at = path === '' ? file : join(dirname(file), decodeURIComponent(path));
  if (!existsSync(at)) return 'does not exist';
  if (anchor === undefined || !at.endsWith('.md')) return undefined;
  return anchorsIn(readFileSync(at, 'utf8')).has(anchor) ? undefined : 'has no such heading';
};

/** A line for each relative link of a document that leads nowhere. */
export const brokenLinks = (file: string, root: string): string[] =>
  linksIn(readFileSync(file, 'utf8')).flatMap(({ target, line }) => {
    const fault = isExternal(target) ? undefined : faultOf(target, file);
    return fault === undefined ? [] : [`${relative(root, file)}:${line} ${target} ${fault}`];
  });
