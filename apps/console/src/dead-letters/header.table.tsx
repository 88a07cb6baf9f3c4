import type { DeadLetterDto } from '@wiber/contracts';

/** Key and headers of the record, as text where they are UTF-8. */
export function HeaderTable({ letter: { keyText, keyBase64, headers } }: { letter: DeadLetterDto }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Key and headers of the record">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Key of the record</th>
            <td className="wraps">{keyBase64 === undefined ? 'none' : <Bytes text={keyText} base64={keyBase64} />}</td>
          </tr>
          {headers.map(({ name, text, base64 }, at) => (
            // A record may have a header twice.
            <tr key={`${name} ${String(at)}`}>
              <th scope="row" className="wraps">
                <code>{name}</code>
              </th>
              <td className="wraps">
                <Bytes text={text} base64={base64} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const SHOWN_MAX = 2000;

function Bytes({ text, base64 }: { text: string | undefined; base64: string }) {
  const shown = text ?? base64;
  return (
    <>
      <code>{shown.slice(0, SHOWN_MAX)}</code>
      {shown.length > SHOWN_MAX && ' …'}
      {text === undefined && <span className="note"> (base64: it is not UTF-8)</span>}
    </>
  );
}
