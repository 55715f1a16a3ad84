/** The work, or an error once the time is up. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error("too slow")), ms);
    work.then(done, failed).finally(() => clearTimeout(timer));
  });
}
