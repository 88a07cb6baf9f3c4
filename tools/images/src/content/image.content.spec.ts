import { packageFolderOf } from './app.files.ts';
import { billOfMaterials, type Bom } from './bill.of.materials.ts';
import { SYSTEM_TEXTS, distributionOf, librariesIn } from './system.files.ts';

test.each([
  ['node_modules/kafkajs/index.js', 'node_modules/kafkajs'],
  ['node_modules/@nestjs/core/index.js', 'node_modules/@nestjs/core'],
  ['node_modules/a/node_modules/@b/c/lib/d.js', 'node_modules/a/node_modules/@b/c'],
  ['node_modules/@wiber/host', 'node_modules/@wiber/host'],
  ['libs/host/dist/index.js', undefined],
])('%s belongs to the package in %s', (file, folder) => {
  expect(packageFolderOf(file)).toBe(folder);
});

test('the libraries of a program are those that ldd finds, and the loader', () => {
  const output = `
	linux-vdso.so.1 (0x00007faf95c97000)
	libdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007faf95c81000)
	/lib64/ld-linux-x86-64.so.2 (0x00007faf95c99000)
`;
  expect(librariesIn(output)).toEqual(['/lib/x86_64-linux-gnu/libdl.so.2', '/lib64/ld-linux-x86-64.so.2']);
});

test('the distribution is read with and without quotes', () => {
  expect(distributionOf('NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n')).toEqual({
    id: 'debian',
    version: '12',
  });
});

test('the user of an image is 1000, as the Dockerfile and the manifests say', () => {
  expect(SYSTEM_TEXTS['etc/passwd']).toContain('\nnode:x:1000:1000:');
});

const component = (name: string) => ({ 'bom-ref': `${name}@1.0.0`, type: 'library', name, version: '1.0.0' });
const installed = (...names: string[]): Bom => ({
  serialNumber: 'urn:uuid:1',
  metadata: { timestamp: '2026-01-01T00:00:00Z', component: component('wiber') },
  components: names.map(component),
  dependencies: names.map((name) => ({ ref: `${name}@1.0.0`, dependsOn: names.map((each) => `${each}@1.0.0`) })),
});
// A package whose name and version are known without the disk: that of this workspace's own images tool.
const parts = {
  app: 'gateway',
  root: `${import.meta.dirname}/../../..`,
  packages: ['images'],
  bundled: [],
  debian: [{ name: 'libc6', version: '2.36-9+deb12u14', status: '', licence: '' }],
  distribution: { id: 'debian', version: '12' },
  nodeVersion: '24.0.0',
};
const own = { ...component('images'), 'bom-ref': '@wiber/images@0.1.0' };
const withOwn = (...names: string[]): Bom => {
  const bom = installed(...names);
  return { ...bom, components: [...bom.components, own], dependencies: [...bom.dependencies, { ref: own['bom-ref'] }] };
};

test('the bill of materials names what is in the image, Node and the libraries of the system, and nothing else', () => {
  const bill = billOfMaterials(withOwn('eslint'), parts);
  expect(bill.components.map(({ name }) => name)).toEqual(['images', 'node', 'libc6']);
  expect(bill.components.at(-1)?.purl).toBe('pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?distro=debian-12');
  expect(bill.dependencies.map(({ ref }) => ref)).toEqual(['wiber@1.0.0', '@wiber/images@0.1.0']);
});

test('what is bundled in the page is named as such, under the console, and not as a package of development', () => {
  const development = [{ name: 'cdx:npm:package:development', value: 'true' }];
  const page = { ...component('@wiber/console'), 'bom-ref': '@wiber/console@0.1.0', version: '0.1.0' };
  const bom = withOwn('eslint', 'react');
  const bill = billOfMaterials(
    {
      ...bom,
      components: [...bom.components.map((each) => ({ ...each, properties: development })), page],
      dependencies: [...bom.dependencies, { ref: page['bom-ref'], dependsOn: ['@wiber/contracts@0.1.0'] }],
    },
    {
      ...parts,
      root: `${import.meta.dirname}/../../../..`,
      packages: ['tools/images'],
      bundled: [{ name: 'react', version: '1.0.0', license: 'MIT' }],
    },
  );
  expect(bill.components.map(({ name }) => name)).toEqual(['react', 'images', '@wiber/console', 'node', 'libc6']);
  const properties = new Map(bill.components.map((each) => [each.name, each.properties]));
  expect(properties.get('react')).toEqual([{ name: 'wiber:bundled', value: 'apps/console/dist' }]);
  expect(properties.get('images')).toEqual(development);
  const under = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  expect(under.get('wiber@1.0.0')).toEqual(['@wiber/console@0.1.0', '@wiber/images@0.1.0']);
  expect(under.get('@wiber/console@0.1.0')).toEqual(['react@1.0.0']);
});

test('the same content has the same bill of materials, at any time', () => {
  const bill = billOfMaterials(withOwn(), parts);
  expect(bill.serialNumber).toBeUndefined();
  expect(bill.metadata.timestamp).toBeUndefined();
});

test('a package that npm does not know stops the build', () => {
  expect(() => billOfMaterials(installed('eslint'), parts)).toThrow('npm sbom names no @wiber/images@0.1.0');
});
