import { describe } from 'vitest';
import { otherRuntimes } from '../helpers/runtimes.ts';
import { signalSuite } from '../shutdown/signal-suite.ts';

// Downloaded before the tests are collected: a hook would have to be undone for runtimes that are there.
describe.each(otherRuntimes())('$name', ({ find }) => signalSuite(find()));
