import fc from 'fast-check';
import { SHOWN_MAX_BYTES, bytesOf, bytesText, hexLines, readableText } from './letter.bytes.ts';

describe('the bytes of a dead letter', () => {
  it('are those of the base64 text, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(bytesOf(btoa(String.fromCharCode(...bytes)))).toEqual(bytes);
      }),
    );
    expect(bytesOf('§')).toBeUndefined();
  });

  it('are shown as hexdump -C shows them', () => {
    const bytes = Uint8Array.from([0x7b, 0x22, 0, 0xff, ...new TextEncoder().encode('fromUser": 1}')]);
    expect(hexLines(bytes)).toEqual([
      '00000000  7b 22 00 ff 66 72 6f 6d  55 73 65 72 22 3a 20 31  |{"..fromUser": 1|',
      '00000010  7d                                                |}|',
    ]);
  });

  it('are shown up to a bound', () =>
    expect(hexLines(new Uint8Array(SHOWN_MAX_BYTES + 1)).length).toBe(SHOWN_MAX_BYTES / 16));

  it('are counted in words', () => expect([bytesText(1), bytesText(1024)]).toEqual(['1 byte', '1,024 bytes']));
});

describe('the text of a dead letter', () => {
  it('is indented when it is JSON, and shown as it is when it is not', () => {
    expect(readableText('{"a":1}')).toBe('{\n  "a": 1\n}');
    for (const text of ['{"a":', 'hello', '7', '']) expect(readableText(text)).toBe(text);
  });
});
