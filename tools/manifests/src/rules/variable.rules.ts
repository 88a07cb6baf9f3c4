import { isApp, type AppSetting } from '../app.settings.ts';
import { nameOf, objectsAt, textAt, type Fields } from '../document.ts';
import { environmentOf, type Variable } from '../container.environment.ts';
import type { Finding } from './finding.ts';
import { podSources } from '../pod.sources.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

/** Of Node, not of Wiber. */
const OF_NODE = ['NODE_OPTIONS'];
/** Defaults that are right for one process on one machine. */
const LOCAL = /127\.0\.0\.1|localhost|^(?:gateway|ingest|metrics)-1$/;

/** What Node may be told: the sizes of its heap. Others open a port for a debugger, load code or weaken TLS. */
const NODE_OPTION = /^--max-(?:old-space|semi-space)-size=\d+$/;

const nodeFindings = (where: string, variables: readonly Variable[]): Finding[] =>
  variables
    .filter(({ name, value }) => OF_NODE.includes(name) && value !== undefined)
    .flatMap(({ value }) => value!.trim().split(/\s+/))
    .filter((option) => !NODE_OPTION.test(option))
    .map((option) =>
      finding('variable_value', where, `NODE_OPTIONS has ${option}; it takes the sizes of the heap only`),
    );

/** The last one of a name counts, and nobody sees which that is. */
const twiceFindings = (where: string, container: Fields): Finding[] => {
  const names = objectsAt(container, 'env').map((one) => textAt(one, 'name'));
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => finding('variable_value', where, `${name} is set twice`));
};

const refusal = ({ takes }: AppSetting, value: string): string | undefined => {
  const [, from, to] = /^a whole number from (\d+) to (\d+)/.exec(takes) ?? [];
  if (from !== undefined) {
    const isRight = /^\d+$/.test(value) && Number(value) >= Number(from) && Number(value) <= Number(to);
    return isRight ? undefined : takes;
  }
  const [, choices] = /^one of ([\w, -]+)$/.exec(takes) ?? [];
  return choices === undefined || choices.split(', ').includes(value) ? undefined : takes;
};

const findingsOf = (where: string, variables: readonly Variable[], settings: readonly AppSetting[]): Finding[] => {
  const unknown = variables
    .filter(({ name }) => !OF_NODE.includes(name) && !settings.some(({ variable }) => variable === name))
    .map(({ name }) =>
      finding('variable_unknown', where, `${name} is not read by this app; docs/reference.md lists what is`),
    );
  const missing = settings
    .filter((setting) => LOCAL.test(setting.default) && !variables.some(({ name }) => name === setting.variable))
    .map((setting) =>
      finding('variable_missing', where, `${setting.variable} has the default ${setting.default}; set it`),
    );
  const refused = variables.flatMap(({ name, value }) => {
    const setting = settings.find(({ variable }) => variable === name);
    const takes = setting && value !== undefined ? refusal(setting, value) : undefined;
    return takes === undefined ? [] : [finding('variable_value', where, `${name}=${value}: it takes ${takes}`)];
  });
  return [...unknown, ...missing, ...refused];
};

/** Each variable that an app reads is set or has a default that fits a cluster, and each that is set is read and accepted. */
export const variableRules: Rule = ({ documents, reference }: OverlayView) =>
  podSources(documents).flatMap(({ owner, containers }) =>
    containers.flatMap((container) => {
      const app = textAt(container, 'name');
      if (!isApp(app)) return [];
      const variables = environmentOf(container, documents);
      return [
        ...findingsOf(nameOf(owner), variables, reference.settings[app]),
        ...nodeFindings(nameOf(owner), variables),
        ...twiceFindings(nameOf(owner), container),
      ];
    }),
  );
