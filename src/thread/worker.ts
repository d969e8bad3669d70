import { createServer, type IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { closeWithin, LIMITS, listening } from '../adapters/listening.ts';
import { send, sendFailure } from '../adapters/node-reply.ts';
import { nodeRequests } from '../adapters/node-request.ts';
import { html } from '../formats/html.ts';
import type { Reply } from '../http/reply.ts';
import { failureMessage } from '../internal/error-text.ts';
import { LimitedLog } from '../internal/logger.ts';
import { systemClock } from '../internal/time.ts';
import { ConnectionLimits } from '../server/connection-limits.ts';
import { Connections } from '../server/connections.ts';
import { MainLink } from './main-link.ts';
import { BEAT_MS, SharedState } from './memory.ts';
import type { FromThread, ThreadData, ToThread } from './protocol.ts';
import { StackWatch } from './stack-watch.ts';
import { StallWatch } from './stall-watch.ts';
import { ThreadResponder } from './thread-responder.ts';

/** The listening thread. It contains every error, so that no request can end it. */
const data = workerData as ThreadData;
const port = parentPort as MessagePort;
const state = new SharedState(data.memory);
const post = (message: FromThread) => port.postMessage(message);
const log = new LimitedLog(() => performance.now());
const stacks = new StackWatch(state, data.stackAfterMs);
const UNANSWERED = 'A health request failed; answering 503';
let stallSinceMs = 0;

const watch = new StallWatch(() => state.beat, {
  onStall: (durationMs) => {
    // Not from the watch: reading it may end the stall.
    stallSinceMs = Date.now() - durationMs;
    stacks.onStall();
    responder.onStall();
  },
  onStalled: (durationMs) => stacks.onStalled(durationMs),
  onEnd: (durationMs) => {
    const { stack } = stacks;
    stacks.onEnd();
    const known = stack === undefined ? {} : { stack };
    post({ type: 'stall', stall: { durationMs, sinceMs: stallSinceMs, ...known } });
  },
});
const link = new MainLink(state, post);
const responder = new ThreadResponder<IncomingMessage>(nodeRequests, {
  data,
  state,
  watch,
  link,
  onFailure: (thrown) => fail(thrown, UNANSWERED),
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  try {
    closeWhileDraining();
    responder.answer(request.url ?? '', request, (reply) => sendSafely(reply, request, response));
  } catch (thrown) {
    fail(thrown, UNANSWERED);
    sendFailure(request, response);
  }
}

function sendSafely(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  try {
    send(reply, request, response, ServerResponse.prototype);
  } catch (thrown) {
    fail(thrown, 'A health reply could not be sent; answering 503');
    sendFailure(request, response);
  }
}

function fail(thrown: unknown, message: string): void {
  const reason = failureMessage(thrown);
  log.write((more) => post({ type: 'log', level: 'error', reason, message: `${message}${more}` }));
}

process.on('uncaughtException', (thrown) =>
  fail(thrown, 'Something failed in the health thread; it keeps running'),
);

// Loaded in advance: while the main thread is blocked, this one renders the page at once.
void html.load?.();

const server = createServer(LIMITS, answer);
const connections = new Connections(server, systemClock);
const limits = new ConnectionLimits(server, systemClock);
let removeFile: () => void = () => undefined;

/** The shared memory shows draining before any message can arrive. */
function closeWhileDraining(): void {
  if (state.isDraining) connections.closeReplies();
}

const ticking = setInterval(() => {
  closeWhileDraining();
  watch.tick();
}, BEAT_MS);

listening(server, data.place).then(
  (remove) => {
    removeFile = remove;
    server.on('error', (thrown) =>
      fail(thrown, 'The health listener cannot accept connections; check the limit on open files'),
    );
    const at = server.address() as AddressInfo | string | null;
    post({ type: 'listening', port: typeof at === 'object' && at !== null ? at.port : 0 });
  },
  (thrown: NodeJS.ErrnoException) => {
    post({ type: 'failed', code: thrown.code, message: failureMessage(thrown) });
    void close();
  },
);

let isClosing = false;
async function close(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  await closeWithin(connections, limits, data.timeoutMs).finally(removeFile);
  clearInterval(ticking);
  stacks.whenSettled(() => port.close());
}

port.on('message', (message: ToThread) => {
  if (message.type === 'report') link.onReport(message);
  else if (message.type === 'reply') link.onReply(message);
  else if (message.type === 'live') responder.reports.keep(message.kept);
  else void close();
});
