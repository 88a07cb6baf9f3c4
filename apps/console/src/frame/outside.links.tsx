/** Pages of the gateway that are not of the console. */
export function Outside() {
  const root = import.meta.env.BASE_URL.replace(/console\/$/, '');
  return (
    <p className="outside">
      <a href={`${root}docs`}>API documentation</a>
    </p>
  );
}
