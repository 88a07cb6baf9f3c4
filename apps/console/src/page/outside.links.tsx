import { ROOT } from '../api/api.client.ts';

/** Pages of the gateway that are not of the console. */
export function Outside() {
  return (
    <p className="outside">
      <a href={`${ROOT}docs`}>API documentation</a>
    </p>
  );
}
