import http from 'node:http';

/**
 * Asks once, over a connection of its own, and gives up after a while, as kubelet does.
 *
 * @returns {Promise<{ statusCode: number | undefined, ms: number }>} no code: there was no answer in time
 */
export function probe(url, patienceMs) {
  const start = performance.now();
  return new Promise((resolve) => {
    let statusCode;
    const request = http.get(url, { agent: false }, (response) => {
      ({ statusCode } = response);
      response.resume();
    });
    const timer = setTimeout(() => request.destroy(), patienceMs);
    request.on('error', () => {});
    request.on('close', () => {
      clearTimeout(timer);
      resolve({ statusCode, ms: performance.now() - start });
    });
  });
}

/** Probes that many times, a hundred of them side by side. */
export async function probeMany(url, count, patienceMs) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await probe(url, patienceMs);
  };
  await Promise.all(Array.from({ length: 100 }, worker));
}
