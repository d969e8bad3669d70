import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readConfig } from '../../../examples/app/config.ts';
import { releaseCommand } from '../../../examples/app/migrations.ts';
import { LISTEN_DEFAULTS } from '../../../src/adapters/listen-options.ts';
import { DEFAULT_PROBE_TIMEOUT_MS } from '../../../src/cli/probe-arguments.ts';
import { DEFAULT_TIMEOUT_MS } from '../../../src/health/controller-options.ts';
import { HTTP_DEFAULTS } from '../../../src/http/options.ts';
import { SHUTDOWN_DEFAULTS } from '../../../src/shutdown/options.ts';
import {
  amount,
  deployFolder,
  leavingMs,
  type Parsed,
  readDeploy,
  root,
  yaml,
} from '../../helpers/deploy.ts';

const config = readConfig({ NODE_ENV: 'production', DATABASE_URL: 'postgres://db.example.com/app' });
const migrate = `${releaseCommand} migrate`;

async function kubernetes(): Promise<Record<string, Parsed>> {
  const documents = parseAllDocuments(await readDeploy('kubernetes.yaml'));
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  return Object.fromEntries(documents.map((document) => document.toJS()).map((each) => [each.kind, each]));
}

describe('fly.toml', () => {
  const read = async (): Promise<Parsed> => parseToml(await readDeploy('fly.toml'));

  test('checks the base path as Fly is asked to, with time for an answer', async () => {
    const { http_service: service } = await read();
    expect(service.checks).toEqual([
      { method: 'GET', path: HTTP_DEFAULTS.path, interval: '10s', timeout: '2s', grace_period: '30s' },
    ]);
    expect(2000).toBeGreaterThan(DEFAULT_TIMEOUT_MS);
    expect(service.internal_port).toBe(config.port);
    const { soft_limit: soft, hard_limit: hard } = service.concurrency;
    expect(soft).toBeLessThan(hard);
    expect(service.min_machines_running).toBeGreaterThan(1);
  });

  test('fetches metrics from the port that the service listens on for others', async () => {
    const { metrics, env } = await read();
    expect(metrics).toEqual({ port: config.adminPort, path: HTTP_DEFAULTS.metricsPath });
    expect(readConfig({ ...env })).toMatchObject({ adminPort: metrics.port, adminHost: '::' });
  });

  test('asks the thread whether the process lives, where the machine is reached from outside', async () => {
    const { checks, env } = await read();
    expect(Object.keys(checks)).toEqual(['live']);
    const { adminPort, adminHost } = readConfig({ ...env });
    expect(checks.live).toMatchObject({ type: 'http', port: adminPort, method: 'GET' });
    expect(LISTEN_DEFAULTS.paths[checks.live.path]).toBe('live');
    expect(1000 * amount(checks.live.timeout, 's')).toBeGreaterThan(DEFAULT_TIMEOUT_MS);
    expect(adminHost).toBe('::');
  });

  test('drains for longer than a check takes to fail, and is not killed before that is over', async () => {
    const { kill_signal: signal, kill_timeout: patience, env, http_service: service } = await read();
    const { drainDelayMs } = readConfig(env);
    const [{ interval, timeout }] = service.checks;
    expect(drainDelayMs).toBeGreaterThan(1000 * (amount(interval, 's') + amount(timeout, 's')));
    expect(1000 * amount(patience, 's')).toBeGreaterThan(leavingMs(drainDelayMs));
    expect(SHUTDOWN_DEFAULTS.signals).toContain(signal);
  });

  test('migrates before it rolls', async () => {
    const { deploy, vm } = await read();
    expect(deploy).toMatchObject({ release_command: migrate, strategy: 'rolling' });
    expect(amount(vm[0].memory, 'mb')).toBeGreaterThanOrEqual(256);
  });
});

describe('kubernetes.yaml', () => {
  test('asks the port that serves, and for liveness the thread, and waits longer than an answer may take', async () => {
    const { Deployment } = await kubernetes();
    const [container] = Deployment.spec.template.spec.containers;
    expect(container.ports).toEqual([
      { name: 'http', containerPort: config.port },
      { name: 'admin', containerPort: config.adminPort },
    ]);
    for (const [probe, path, port] of [
      ['startupProbe', `${HTTP_DEFAULTS.path}/startup`, 'http'],
      ['livenessProbe', '/livez', 'admin'],
      ['readinessProbe', `${HTTP_DEFAULTS.path}/ready`, 'http'],
    ] as const) {
      const { httpGet, timeoutSeconds, periodSeconds } = container[probe];
      expect(httpGet).toEqual({ path, port });
      expect(1000 * timeoutSeconds).toBeGreaterThan(DEFAULT_TIMEOUT_MS);
      expect(periodSeconds).toBeGreaterThan(timeoutSeconds);
    }
    const { periodSeconds, failureThreshold } = container.startupProbe;
    expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(600);
    expect(LISTEN_DEFAULTS.paths['/livez']).toBe('live');
  });

  test('rolls without a pod too few, and lets each leave in peace', async () => {
    const { Deployment } = await kubernetes();
    const { strategy, template, replicas, progressDeadlineSeconds, minReadySeconds } = Deployment.spec;
    expect(strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    expect(replicas).toBeGreaterThan(1);
    expect(progressDeadlineSeconds).toBeGreaterThan(minReadySeconds);
    const { terminationGracePeriodSeconds: patience, containers } = template.spec;
    expect(1000 * patience).toBeGreaterThan(leavingMs(config.drainDelayMs));
    // A readiness probe must be able to notice before the drain is over.
    const { periodSeconds, timeoutSeconds } = containers[0].readinessProbe;
    expect(config.drainDelayMs).toBeGreaterThanOrEqual(1000 * (periodSeconds + timeoutSeconds));
  });

  test('is scraped where the service listens for Prometheus', async () => {
    const { Deployment } = await kubernetes();
    const { annotations } = Deployment.spec.template.metadata;
    expect(annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(config.adminPort),
      'prometheus.io/path': HTTP_DEFAULTS.metricsPath,
    });
    expect(Deployment.spec.template.spec.containers[0].env).toEqual([
      { name: 'ADMIN_HOST', value: '0.0.0.0' },
    ]);
  });

  test('migrates by a job with the same image, and neither runs as root nor without a limit', async () => {
    const { Job, Deployment, Service, PodDisruptionBudget } = await kubernetes();
    const pods = [Job.spec.template.spec, Deployment.spec.template.spec];
    const [job, app] = pods.map(({ containers }) => containers[0]);
    expect(job.command.join(' ')).toBe(migrate);
    expect(job.image).toBe(app.image);
    for (const pod of pods) {
      const [{ securityContext, resources, envFrom }] = pod.containers;
      expect(pod.securityContext.runAsNonRoot).toBe(true);
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
      });
      expect(resources.limits.memory).toMatch(/^\d+Mi$/);
      expect(envFrom).toEqual([{ secretRef: { name: 'allswell-example' } }]);
    }
    const { labels } = Deployment.spec.template.metadata;
    for (const selector of [Deployment.spec.selector.matchLabels, Service.spec.selector])
      expect(selector).toEqual(labels);
    expect(PodDisruptionBudget.spec.selector.matchLabels).toEqual(labels);
    expect(Job.spec.template.metadata.labels.app).not.toBe(labels.app);
  });
});

describe('compose.yaml', () => {
  test('starts the service after the migrations, which wait for the database', async () => {
    const { services } = await yaml('compose.yaml');
    expect(services.migrate.command.join(' ')).toBe(migrate);
    expect(services.migrate.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(services.app.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
    expect(services.app.image).toBe(services.migrate.image);
    expect(services.app.ports).toEqual([`${config.port}:${config.port}`]);
  });

  test('asks the database over TCP, where it does not answer before it is ready', async () => {
    const { postgres } = (await yaml('compose.yaml')).services;
    expect(postgres.healthcheck.test.join(' ')).toContain('pg_isready --host 127.0.0.1 ');
  });

  test('gives the service time to shut down, and lets Prometheus in', async () => {
    const { app } = (await yaml('compose.yaml')).services;
    expect(1000 * amount(app.stop_grace_period, 's')).toBeGreaterThan(leavingMs(config.drainDelayMs));
    expect(readConfig({ NODE_ENV: 'production', ...app.environment }).adminHost).toBe('0.0.0.0');
  });

  test('mounts what there is', async () => {
    const { services } = await yaml('compose.yaml');
    const mounts: string[] = [...services.prometheus.volumes, ...services.grafana.volumes];
    const paths = mounts.map((mount) => mount.split(':')[0] ?? '');
    const entries = await readdir(deployFolder, { recursive: true });
    for (const path of paths) expect(entries).toContain(path.replace(/^\.\//, ''));
  });
});

describe('haproxy.cfg', () => {
  test('asks the ready group, and notices before the drain is over', async () => {
    const text = await readDeploy('haproxy.cfg');
    expect(/http-check send meth (\S+) uri (\S+)/.exec(text)?.slice(1)).toEqual([
      'GET',
      `${HTTP_DEFAULTS.path}/ready`,
    ]);
    const [, inter, fall, purge] = /inter (\d+)s fall (\d+) .*pool-purge-delay (\d+)s/.exec(text) ?? [];
    expect(config.drainDelayMs).toBeGreaterThan(1000 * Number(inter) * Number(fall));
    expect(1000 * Number(inter)).toBeGreaterThan(DEFAULT_TIMEOUT_MS);
    expect(1000 * Number(purge)).toBeLessThan(config.keepAliveTimeoutMs);
  });
});

describe('nginx.conf', () => {
  test('takes no instance out, and lets go of idle connections before the service does, drain or no drain', async () => {
    const text = (await readDeploy('nginx.conf')).replace(/#.*/g, '');
    const servers = text.match(/server \S+ .*;/g) ?? [];
    expect(servers.length).toBeGreaterThan(1);
    for (const server of servers) expect(server).toContain('max_fails=0');
    const [, idle] = /keepalive_timeout (\d+)s;/.exec(text) ?? [];
    expect(1000 * Number(idle)).toBeLessThan(Math.min(config.keepAliveTimeoutMs, config.drainDelayMs));
    expect(text).toMatch(/proxy_http_version 1\.1;\s+proxy_set_header Connection "";/);
  });
});

describe('the Dockerfile', () => {
  test('exposes the ports of the service and leaves its health check the time it needs', async () => {
    const dockerfile = DockerfileParser.parse(await readFile(join(root, 'Dockerfile'), 'utf8'));
    const [exposed] = dockerfile.getInstructions().filter((each) => each.getKeyword() === 'EXPOSE');
    expect(exposed?.getArguments().map(String)).toEqual([String(config.port), String(config.adminPort)]);
    const [healthcheck] = dockerfile.getHEALTHCHECKs();
    const flags = healthcheck?.getFlags().map((flag) => [flag.getName(), flag.getValue()]) ?? [];
    const { timeout = '', interval = '' } = Object.fromEntries(flags);
    expect(DEFAULT_PROBE_TIMEOUT_MS).toBeGreaterThan(DEFAULT_TIMEOUT_MS);
    expect(1000 * amount(timeout, 's')).toBeGreaterThan(DEFAULT_PROBE_TIMEOUT_MS);
    expect(amount(interval, 's')).toBeGreaterThan(amount(timeout, 's'));
    // Liveness, and on the port that the service listens on by default.
    expect(healthcheck?.getRawArgumentsContent()).toContain(
      `:\${PORT:-${config.port}}${HTTP_DEFAULTS.path}/live"`,
    );
  });
});

describe('docs', () => {
  const read = (name: string) => readFile(join(root, 'docs', name), 'utf8');

  test('say the defaults that the code has', async () => {
    const timings = await read('timings.md');
    const keepAlive = config.keepAliveTimeoutMs.toLocaleString('en').replace(',', ' ');
    expect(timings).toContain(`\`KEEP_ALIVE_TIMEOUT_MS\`, default ${keepAlive}`);
    expect(timings).toContain(`\`drainDelayMs: ${SHUTDOWN_DEFAULTS.drainDelayMs}\``);
    expect(await read('containers.md')).toContain(
      `It gives up by itself after ${DEFAULT_PROBE_TIMEOUT_MS / 1000} s`,
    );
  });

  test('lead only to files that are there', async () => {
    for (const page of ['deploy.md', 'timings.md', 'containers.md']) {
      const targets = [...(await read(page)).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path);
      expect(targets.length).toBeGreaterThan(0);
      for (const target of targets)
        await expect(access(join(root, 'docs', String(target)))).resolves.toBe(undefined);
    }
  });
});
