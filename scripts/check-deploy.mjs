/**
 * Checks examples/deploy with the tools that will read it: promtool, on a scrape of the running example too, haproxy and nginx.
 * What cannot be run for lack of a tool is said; in CI that is a failure.
 */
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const deploy = join(root, 'examples/deploy');
const patienceMs = 60_000;
const tools = { promtool: 'prometheus', haproxy: 'haproxy', nginx: 'nginx-light' };
const failures = [];
const missing = new Set();

/** Debian keeps haproxy and nginx where only root looks. */
const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`;

/** Runs a tool to its end; undefined where it is not installed. */
function run(tool, args, options) {
  const result = spawnSync(tool, args, {
    encoding: 'utf8',
    timeout: patienceMs,
    env: { ...process.env, PATH },
    ...options,
  });
  if (result.error?.code !== 'ENOENT') return result;
  missing.add(tool);
  return undefined;
}

function check(what, tool, args, options = {}) {
  const result = run(tool, args, options);
  if (result === undefined) return console.log(`not run  ${what}`);
  report(what, result.status === 0, `${result.stdout}${result.stderr}`);
}

function report(what, isRight, output) {
  console.log(`${isRight ? 'ok      ' : 'FAILED  '} ${what}`);
  if (isRight) return;
  failures.push(what);
  console.log(output);
}

/** One scrape of the example, on a database of its own. */
async function scrape() {
  const { NODE_ENV, DATABASE_URL, ...inherited } = process.env;
  const env = { ...inherited, PORT: '0', ADMIN_PORT: '0', HOST: '127.0.0.1' };
  const app = spawn(process.execPath, ['build/examples/app/server.js'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => app.kill('SIGKILL'), patienceMs);
  try {
    const url = await new Promise((resolve, reject) => {
      let output = '';
      app.stdout.setEncoding('utf8').on('data', (text) => {
        output += text;
        const found = /metrics: (http:\S+)/.exec(output);
        if (found) resolve(found[1]);
      });
      app.on('close', () => reject(new Error(`The example did not start: ${output}`)));
    });
    const response = await fetch(url);
    return await response.text();
  } finally {
    app.kill('SIGTERM');
    await new Promise((resolve) =>
      app.exitCode === null && app.signalCode === null ? app.on('close', resolve) : resolve(),
    );
    clearTimeout(timer);
  }
}

/** What promtool says of Node's own metrics is prom-client's business; ours are held to it. */
async function checkMetrics() {
  const what = 'promtool check metrics, on a scrape of the running example';
  if (run('promtool', ['--version']) === undefined) return console.log(`not run  ${what}`);
  const text = await scrape();
  if (!text.includes('health_group_up')) return report(what, false, `Expected health_group_up in:\n${text}`);
  const { status, stdout, stderr } = run('promtool', ['check', 'metrics'], { input: text });
  const ours = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('health_'));
  // 1 is text that cannot be parsed, 3 is advice.
  report(what, ours.length === 0 && (status === 0 || status === 3), ours.join('\n') || stderr);
}

/** nginx.conf with a process file and a log that need not root, for which even a test opens them. */
async function nginxForAnybody() {
  const folder = await mkdtemp(join(tmpdir(), 'allswell-nginx-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const text = await readFile(join(deploy, 'nginx.conf'), 'utf8');
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    text.replace('/run/nginx.pid', join(folder, 'nginx.pid')).replace('http {', 'http { access_log off;'),
  );
  return file;
}

const prometheus = { cwd: join(deploy, 'prometheus') };
check('promtool check config', 'promtool', ['check', 'config', 'prometheus.yml'], prometheus);
check('promtool check rules', 'promtool', ['check', 'rules', 'alerts.yml'], prometheus);
check('promtool test rules', 'promtool', ['test', 'rules', 'alerts.test.yml'], prometheus);
await checkMetrics();
check('haproxy -c', 'haproxy', ['-c', '-f', 'haproxy.cfg'], { cwd: deploy });
check('nginx -t', 'nginx', ['-t', '-e', 'stderr', '-c', await nginxForAnybody(), '-g', 'error_log stderr;']);

for (const tool of missing)
  console.log(`${tool} is not installed: on Debian, apt-get install --no-install-recommends ${tools[tool]}`);
if (failures.length > 0 || (missing.size > 0 && process.env.CI)) process.exitCode = 1;
