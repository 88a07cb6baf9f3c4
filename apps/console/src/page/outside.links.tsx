import { ROOT } from '../api/api.client.ts';

/** What the gateway has beside the console, and what the packages in the page ask to be shown. */
export function Outside() {
  return (
    <p className="outside">
      <a href={`${ROOT}docs`}>API documentation</a>
      <a href={`${ROOT}console/licenses.txt`}>Licenses</a>
    </p>
  );
}
