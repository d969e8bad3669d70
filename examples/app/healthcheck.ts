/**
 * The HEALTHCHECK of the image: asks the service in the same container, as curl would if there were one. Exits 0 where it
 * is healthy and 1 otherwise, within its own time limit: Docker's would leave no word of why.
 */
import { get } from 'node:http';

/** Under the `--timeout` of the image's HEALTHCHECK, with time for Node to start. */
const timeoutMs = 3000;

/** Docker keeps this much of what is printed. */
const keptBytes = 4096;

/** Where the service listens: this machine, unless it was told one address alone. */
function target(): string {
  const { HOST: host = '', PORT: port } = process.env;
  const name = host === '' || host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port || '4000'}/api/v1/health`;
}

function end(code: 0 | 1, text: string): never {
  process.stdout.write(`${text.slice(0, keptBytes)}\n`);
  process.exit(code);
}

const url = target();
setTimeout(() => end(1, `${url} did not answer within ${timeoutMs} ms`), timeoutMs);
get(url, { agent: false }, (response) => {
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    body = (body + chunk).slice(0, keptBytes);
  });
  response.on('end', () => end(response.statusCode === 200 ? 0 : 1, `${response.statusCode} ${body}`));
  response.on('error', (error) => end(1, `${url}: ${error.message}`));
}).on('error', (error: NodeJS.ErrnoException) => end(1, `${url}: ${error.message || error.code}`));
