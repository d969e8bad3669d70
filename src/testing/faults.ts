import { setTimeout as sleep } from 'node:timers/promises';
import { CheckerFaultError } from './checker-fault-error.ts';
import { within } from './checker-subject.ts';
import type { CustomFault, Freezer } from './custom-fault.ts';
import type { FaultScene } from './fault-scene.ts';

/** How many runs in a row time out in one of the faults: more than the default size of any pool. */
const TIMEOUTS = 12;

/** How often the fault with aborted runs aborts one. */
const ABORTS = 5;

/** One fault that a checker is put through. It throws what the checker did wrong. */
export interface FaultCase {
  readonly name: string;
  play(scene: FaultScene): Promise<void>;
}

/** Lasting faults: every run that begins during one must be an error. */
async function lasting(
  scene: FaultScene,
  inject: () => unknown,
  heal: () => unknown,
  runs: number = 2,
): Promise<void> {
  await scene.expectHealthy();
  await inject();
  try {
    for (let run = 0; run < runs; run++) await scene.expect('error');
  } finally {
    await heal();
  }
  await scene.expectRecovery();
}

/** Every case, with the caller's own faults last. */
export function faultCases(freezer: Freezer | undefined, custom: readonly CustomFault[]): FaultCase[] {
  return [
    { name: 'healthy', play: healthy },
    { name: 'refused', play: refused },
    { name: 'black hole on old connections', play: blackHole },
    {
      name: 'frozen server',
      play: (scene) =>
        freezer === undefined
          ? lasting(
              scene,
              () => scene.proxy.silence(),
              () => scene.proxy.pass(),
            )
          : lasting(
              scene,
              () => freezer.freeze(),
              () => freezer.thaw(),
            ),
    },
    { name: 'slow server', play: slow },
    { name: 'aborted before', play: abortedBefore },
    { name: 'aborted during', play: abortedDuring },
    { name: 'aborted after', play: abortedAfter },
    { name: 'closed while running', play: closedWhileRunning },
    {
      name: `${TIMEOUTS} timeouts in a row`,
      play: (scene) =>
        lasting(
          scene,
          () => scene.proxy.silence(),
          () => scene.proxy.pass(),
          TIMEOUTS,
        ),
    },
    { name: 'reconnect', play: reconnect },
    ...custom.map(({ name, inject, heal }) => ({
      name,
      play: (scene: FaultScene) => lasting(scene, inject, heal),
    })),
  ];
}

async function healthy(scene: FaultScene): Promise<void> {
  await scene.expectHealthy();
  for (let run = 0; run < 10; run++) await scene.expect('ok');
  await scene.expectRecovery();
}

async function refused(scene: FaultScene): Promise<void> {
  const { proxy } = scene;
  const inject = () => {
    proxy.refuse();
    proxy.cut();
  };
  await lasting(scene, inject, () => proxy.accept());
}

/** The host of the old connections has vanished, as after a failover; new connections reach another one. */
async function blackHole(scene: FaultScene): Promise<void> {
  const { proxy } = scene;
  await scene.expectHealthy();
  proxy.forget();
  // Without a persistent connection there is nothing to test.
  await scene.probe();
  // The application's client is stuck until TCP gives up; the checker's own must not be.
  if (!scene.owns) proxy.bury();
  await scene.expectRecovery();
  proxy.bury();
  await scene.expectRecovery();
}

async function slow(scene: FaultScene): Promise<void> {
  const { proxy, timeoutMs } = scene;
  const delayMs = 2 * timeoutMs;
  const inject = () => {
    proxy.delayMs = delayMs;
  };
  const heal = async () => {
    proxy.pass();
    // Bytes in transit are still delayed, there and back.
    await sleep(2 * delayMs);
  };
  await lasting(scene, inject, heal);
}

async function abortedBefore(scene: FaultScene): Promise<void> {
  await scene.expectHealthy();
  const run = scene.runner.start(AbortSignal.abort(new Error('aborted before')));
  if ((await within(10 * scene.timeoutMs, run.settled)) === undefined)
    throw new CheckerFaultError('a run whose signal was aborted before it began never settles');
  await scene.expectRecovery();
}

async function abortedDuring(scene: FaultScene): Promise<void> {
  const { proxy, timeoutMs, runner } = scene;
  await scene.expectHealthy();
  proxy.silence();
  for (let n = 0; n < ABORTS && runner.outstanding < runner.maxOutstanding; n++) {
    const run = runner.start();
    await sleep(timeoutMs / 5);
    run.abort(new Error('aborted during'));
    if (scene.owns) await scene.expectSettled('its signal was aborted');
  }
  proxy.pass();
  await scene.expectRecovery();
}

async function abortedAfter(scene: FaultScene): Promise<void> {
  await scene.expectHealthy();
  for (let n = 0; n < ABORTS; n++) {
    const run = scene.runner.start();
    const result = await within(10 * scene.timeoutMs, run.settled);
    if (result?.status !== 'ok')
      throw new CheckerFaultError(`expected ok, got ${result?.status ?? 'no result'}`);
    run.abort(new Error('aborted after'));
    await sleep(5);
    // A connection that went back to its owner is no longer the run's to close.
    await scene.expect('ok');
  }
  await scene.expectRecovery();
}

async function closedWhileRunning(scene: FaultScene): Promise<void> {
  const { proxy, timeoutMs, runner } = scene;
  await scene.expectHealthy();
  proxy.silence();
  const run = runner.start();
  await sleep(timeoutMs / 5);
  run.abort(new Error('the check was unregistered'));
  const closing = Promise.resolve(runner.subject.checker.close?.());
  if (scene.owns) await scene.expectSettled('it was closed');
  const closed = await within(
    10 * timeoutMs + 1_000,
    closing.then(() => true),
  );
  if (closed === undefined)
    throw new CheckerFaultError('close() does not resolve while the server is silent');
  proxy.pass();
  await within(10 * timeoutMs, run.settled);
}

async function reconnect(scene: FaultScene): Promise<void> {
  await scene.expectHealthy();
  for (let n = 0; n < 3; n++) {
    scene.proxy.cut();
    await scene.expectRecovery();
  }
}
