import { fieldsAt, objectsAt, ofKind, textAt, type Fields, type Manifest } from './document.ts';

/** A variable of a container: its value, or where its value comes from. */
export interface Variable {
  name: string;
  value: string | undefined;
  /** Present when the value comes from a Secret. */
  secret?: { name: string; key: string };
  /** A field of the pod, such as metadata.name. */
  field?: string;
}

const fromConfigMap = (documents: readonly Manifest[], name: string): Variable[] => {
  const map = ofKind(documents, 'ConfigMap').find(({ metadata }) => metadata.name === name);
  return Object.entries(fieldsAt(map, 'data')).map(([key, value]) => ({ name: key, value: String(value) }));
};

/** As the kubelet makes it: `env` replaces what `envFrom` has under the same name. */
export const environmentOf = (container: Fields, documents: readonly Manifest[]): Variable[] => {
  const found = new Map<string, Variable>();
  for (const source of objectsAt(container, 'envFrom'))
    for (const one of fromConfigMap(documents, textAt(source, 'configMapRef', 'name'))) found.set(one.name, one);
  for (const one of objectsAt(container, 'env')) {
    const name = textAt(one, 'name');
    const secret = fieldsAt(one, 'valueFrom', 'secretKeyRef');
    const map = fieldsAt(one, 'valueFrom', 'configMapKeyRef');
    if (secret['name'])
      found.set(name, { name, value: undefined, secret: { name: textAt(secret, 'name'), key: textAt(secret, 'key') } });
    else if (map['name']) {
      const value = fromConfigMap(documents, textAt(map, 'name')).find(
        (each) => each.name === textAt(map, 'key'),
      )?.value;
      found.set(name, { name, value });
    } else if (one['valueFrom'])
      found.set(name, { name, value: undefined, field: textAt(one, 'valueFrom', 'fieldRef', 'fieldPath') });
    else found.set(name, { name, value: textAt(one, 'value') });
  }
  return [...found.values()];
};
