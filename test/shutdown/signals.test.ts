import { NODE } from '../helpers/runtimes.ts';
import { signalSuite } from './signal-suite.ts';
import { threadSuite } from './thread-suite.ts';

signalSuite(NODE);
threadSuite(NODE);
