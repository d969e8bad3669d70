import { describe } from 'vitest';
import { otherRuntimes } from '../helpers/runtimes.ts';
import { http2Suite } from '../shutdown/http2-suite.ts';
import { signalSuite } from '../shutdown/signal-suite.ts';
import { strangersSuite } from '../shutdown/strangers-suite.ts';
import { threadSuite } from '../shutdown/thread-suite.ts';
import { webSocketSuite } from '../shutdown/web-socket-suite.ts';

// Found, and downloaded the first time, while tests are collected: the suites take the runtime as it is.
describe.each(otherRuntimes())('$name', ({ find }) => {
  const runtime = find();
  signalSuite(runtime);
  strangersSuite(runtime);
  http2Suite(runtime);
  webSocketSuite(runtime);
  threadSuite(runtime);
});
