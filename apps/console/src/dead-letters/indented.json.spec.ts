import fc from 'fast-check';
import { indentJson } from './indented.json.ts';

describe('indented JSON', () => {
  it('has a line for each entry, and none for what is empty', () => {
    expect(indentJson('{"a":[1,{}],"b" : [ ]}')).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}');
  });

  it('changes no number, no key and no string', () => {
    const text = '{"n":12345678901234567890,"n":1e400,"2":0,"1":"a \\" , {b"}';
    expect(indentJson(text)).toBe('{\n  "n": 12345678901234567890,\n  "n": 1e400,\n  "2": 0,\n  "1": "a \\" , {b"\n}');
  });

  it('is what JSON.stringify writes, for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
        expect(indentJson(JSON.stringify(value, null, 3))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });
});
