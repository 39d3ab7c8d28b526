/** Progress on stderr with elapsed times, so that a first run of minutes does not look dead. */
export type Log = (line: string) => void;

export function progress(): Log {
  const started = performance.now();
  return (line) =>
    process.stderr.write(
      `[${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s] ${line}\n`,
    );
}
